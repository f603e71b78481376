"""markdown-it-py's parsers, asking only those rules that a line's or span's first character can begin.

The rules and their results are markdown-it's own (a test compares both on every article); what is saved is calling
eleven rules for each line and ten for each special character, most of which look at that character and give up.
"""

import re
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.parser_block import ParserBlock, RuleFuncBlockType
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore, text_join
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType

_BLOCKS = {
    "`": ("fence",),
    "~": ("fence",),
    ">": ("blockquote",),
    "-": ("hr", "list"),
    "*": ("hr", "list"),
    "_": ("hr",),
    "+": ("list",),
    **dict.fromkeys("0123456789", ("list",)),
    "[": ("reference",),
    "<": ("html_block",),
    "#": ("heading",),
}
_SPANS = {
    "\n": ("newline",),
    "\\": ("escape",),
    "`": ("backticks",),
    "~": ("strikethrough",),
    "*": ("emphasis",),
    "_": ("emphasis",),
    "[": ("link",),
    "!": ("image",),
    "<": ("autolink", "html_inline"),
    "&": ("entity",),
}
_SPECIAL = re.compile(r"[\n\\`~*_\[!<&]")
_SPECIAL_IN_LABEL = re.compile(r"[\n\\`~*_\[\]!<&]")


def quicken(markdown: MarkdownIt) -> MarkdownIt:
    """Give a configured parser the quick loops; its enabled rules must not change afterwards."""
    markdown.block = QuickBlocks(markdown.block)
    markdown.inline = QuickSpans(markdown.inline)
    markdown.core.ruler.at("text_join", _join_where_needed)
    return markdown


def _join_where_needed(state: StateCore) -> None:
    """markdown-it's `text_join`, which only escapes and entities give something to do."""
    tokens = state.tokens
    state.tokens = [token for token in tokens if "\\" in token.content or "&" in token.content]
    text_join(state)
    state.tokens = tokens


class QuickToken(Token):
    """A token that is made without attributes, so that there are none to convert."""

    __slots__ = ()

    def __post_init__(self) -> None:
        """Do without the conversion."""


class QuickState(StateBlock):
    """A StateBlock that finds lines and their indentation without looking at each character."""

    def __init__(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> None:
        """Find the lines of this text; their marks are those of StateBlock."""
        super().__init__("", md, env, tokens)
        self.src = src
        starts, ends, shifts, counts = [], [], [], []
        lines = src.split("\n")
        if not lines[-1].strip(" \t"):  # nothing follows: no line, or blanks without a line end
            lines.pop()
        start = 0
        for line in lines:
            blanks = len(line) - len(line.lstrip(" \t"))
            end = start + len(line)
            starts.append(start)
            ends.append(end)
            shifts.append(blanks)
            counts.append(blanks if not blanks or "\t" not in line else _width(line[:blanks]))
            start = end + 1
        self.lineMax = len(starts)
        self.bMarks, self.eMarks = [*starts, len(src)], [*ends, len(src)]
        self.tShift, self.sCount, self.bsCount = [*shifts, 0], [*counts, 0], [0] * (len(starts) + 1)

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        """Append a token and answer it, as that of StateBlock does."""
        token = QuickToken(ttype, tag, nesting)
        token.block = True
        if nesting < 0:
            self.level -= 1
        token.level = self.level
        if nesting > 0:
            self.level += 1
        self.tokens.append(token)
        return token


def _width(blanks: str) -> int:
    width = 0
    for sign in blanks:
        width += 4 - width % 4 if sign == "\t" else 1
    return width


class QuickBlocks(ParserBlock):
    """Splits text into blocks."""

    def __init__(self, slow: ParserBlock) -> None:
        """Take over the rules of a configured parser."""
        self.ruler = slow.ruler
        rules = {rule.name: rule.fn for rule in slow.ruler.__rules__ if rule.enabled}
        self._table = rules.get("table")
        self._code = rules["code"]
        self._begins = {sign: [rules[name] for name in names if name in rules] for sign, names in _BLOCKS.items()}
        self._ends, self._ends_list = self._that_end("paragraph"), self._that_end("list")
        for rule in slow.ruler.__rules__:
            rule.alt = [chain for chain in rule.alt if chain != "list"]
        self.ruler.push("list_end", self._is_list_end, {"alt": ["list"]})

    def _that_end(self, chain: str) -> dict[str, list[RuleFuncBlockType]]:
        """The rules that end a block of this kind, by their first character."""
        ending = {rule.name: rule.fn for rule in self.ruler.__rules__ if rule.enabled and chain in rule.alt}
        return {sign: [ending[name] for name in names if name in ending] for sign, names in _BLOCKS.items()}

    def _is_list_end(self, state: StateBlock, line: int, end: int, silent: bool) -> bool:
        """All rules that end a list, in one."""
        first = state.bMarks[line] + state.tShift[line]
        return _any(self._ends_list.get(state.src[first : first + 1], ()), state, line, end, silent)

    def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:  # noqa: N803 (its names)
        """Append the tokens of these lines; the loop is that of ParserBlock."""
        starts, shifts, counts = state.bMarks, state.tShift, state.sCount
        line, blank = startLine, False
        while line < endLine:
            state.line = line = state.skipEmptyLines(line)
            if line >= endLine or counts[line] < state.blkIndent:
                break
            if state.level >= state.md.options.maxNesting:
                state.line = endLine
                break
            sign = state.src[starts[line] + shifts[line]]
            if not (
                self._is_table(state, line, endLine, False)
                or (counts[line] - state.blkIndent >= 4 and self._code(state, line, endLine, False))
                or _any(self._begins.get(sign, ()), state, line, endLine, False)
            ):
                self._paragraph(state, line)
            state.tight = not blank
            line = state.line
            if line - 1 < endLine and state.isEmpty(line - 1):
                blank = True
            if line < endLine and state.isEmpty(line):
                blank = True
                line += 1
                state.line = line

    def parse(self, src: str, md: MarkdownIt, env: EnvType, outTokens: list[Token]) -> list[Token] | None:  # noqa: N803
        """Append the tokens of this text."""
        if not src:
            return None
        state = QuickState(src, md, env, outTokens)
        self.tokenize(state, state.line, state.lineMax)
        return state.tokens

    def _is_table(self, state: StateBlock, line: int, end: int, silent: bool) -> bool:
        if self._table is None or state.src.find("|", state.bMarks[line], state.eMarks[line]) < 0:
            return False
        return self._table(state, line, end, silent)

    def _paragraph(self, state: StateBlock, start: int) -> None:
        """markdown-it's `lheading` and `paragraph` in one walk over the lines."""
        src, starts, ends, shifts, counts = state.src, state.bMarks, state.eMarks, state.tShift, state.sCount
        parent, state.parentType = state.parentType, "paragraph"
        line, level, end = start + 1, 0, state.lineMax
        while line < end:
            first = starts[line] + shifts[line]
            if first >= ends[line]:
                break
            if counts[line] - state.blkIndent <= 3:
                sign = src[first]
                if sign in "-=" and counts[line] >= state.blkIndent and _is_underline(src[first : ends[line]], sign):
                    level = 1 if sign == "=" else 2
                    break
                if counts[line] >= 0 and (
                    self._is_table(state, line, end, True) or _any(self._ends.get(sign, ()), state, line, end, True)
                ):
                    break
            line += 1
        _push(state, start, line, level)
        state.parentType = parent


def _any(rules: "tuple[()] | list[RuleFuncBlockType]", state: StateBlock, line: int, end: int, silent: bool) -> bool:
    for rule in rules:
        if rule(state, line, end, silent):
            return True
    return False


def _is_underline(text: str, sign: str) -> bool:
    return not text.rstrip(" \t").strip(sign)


def _push(state: StateBlock, start: int, end: int, level: int) -> None:
    """The three tokens of a paragraph, or of a heading whose underline stands in line `end`."""
    if end == start + 1:
        content = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]].strip()
    else:
        content = state.getLines(start, end, state.blkIndent, False).strip()
    state.line = end + 1 if level else end
    kind, tag = ("heading", f"h{level}") if level else ("paragraph", "p")
    markup = {1: "=", 2: "-"}.get(level, "")
    opening = state.push(f"{kind}_open", tag, 1)
    opening.map, opening.markup = [start, state.line], markup
    inline = state.push("inline", "", 0)
    inline.content, inline.map, inline.children = content, [start, end], []
    state.push(f"{kind}_close", tag, -1).markup = markup


class QuickInline(StateInline):
    """A StateInline that makes quick tokens."""

    def pushPending(self) -> Token:  # noqa: N802 (its name)
        """Append the text that was met since the last token, as that of StateInline does."""
        token = QuickToken("text", "", 0, content=self.pending, level=self.pendingLevel)
        self.tokens.append(token)
        self.pending = ""
        return token


class QuickSpans(ParserInline):
    """Splits the text of a block into spans."""

    def __init__(self, slow: ParserInline) -> None:
        """Take over the rules of a configured parser."""
        self.ruler, self.ruler2 = slow.ruler, slow.ruler2
        self.terminator_re = slow.terminator_re
        rules = {rule.name: rule.fn for rule in slow.ruler.__rules__ if rule.enabled}
        self._begins = {sign: [rules[name] for name in names if name in rules] for sign, names in _SPANS.items()}
        self._pairing = slow.ruler2.getRules("")

    def tokenize(self, state: StateInline) -> None:
        """Append the tokens of this text; the loop is that of ParserInline with its rule `text`."""
        src, end, deepest = state.src, state.posMax, state.md.options.maxNesting
        while state.pos < end:
            match = _SPECIAL.search(src, state.pos, end)
            place = match.start() if match else end
            if place > state.pos:
                state.append_pending(src[state.pos : place])
                state.pos = place
            if match is None:
                break
            if state.level >= deepest or not self._try(match[0], state, silent=False):
                state.append_pending(match[0])
                state.pos += 1
        if state.pending:
            state.pushPending()

    def skipToken(self, state: StateInline) -> None:  # noqa: N802 (its name)
        """Go over one span of a link's text."""
        place, known = state.pos, state.cache.get(state.pos)
        if known is not None:
            state.pos = known
            return
        match = _SPECIAL_IN_LABEL.search(state.src, place, state.posMax)
        if match is None or match.start() > place:
            state.pos = match.start() if match else state.posMax
        elif state.level >= state.md.options.maxNesting:
            state.pos = state.posMax
        else:
            state.level += 1
            done = self._try(match[0], state, silent=True)
            state.level -= 1
            if not done:
                state.pos += 1
        state.cache[place] = state.pos

    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        """Append the tokens of this text; text without any markup is one token."""
        if not _SPECIAL.search(src):
            if src:
                tokens.append(QuickToken("text", "", 0, content=src))
            return tokens
        state = QuickInline(src, md, env, tokens)
        self.tokenize(state)
        if state.delimiters or any(meta and meta["delimiters"] for meta in state.tokens_meta):
            for rule in self._pairing:
                rule(state)
        return state.tokens

    def _try(self, sign: str, state: StateInline, *, silent: bool) -> bool:
        for rule in self._begins.get(sign, ()):
            if rule(state, silent):
                return True
        return False
