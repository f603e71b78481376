"""Builder of the tree from markdown-it's tokens, in one walk; raw HTML is put in place by `html_tree` afterwards."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from markdown_it.token import Token

from kb.article.autolink import split_bare_addresses
from kb.article.html_tree import RAW, graft_raw_html, listed
from kb.article.markdown import Parsed, inline_tokens
from kb.article.node import BLOCKS, HEADINGS, Node, Tree

_MARKDOWN = re.compile(r"\[[^\[\]\n]+\]\([^()\s]+\)|(?<!\*)\*\*[^*\s][^*\n]*\*\*(?!\*)")
_BREAKS = frozenset(["<br>", "<br/>", "<br />", "<BR>"])
InlineParser = Callable[[str], list[Token]]


def tree_of(parsed: Parsed, offset: int) -> Tree:
    """The tree of a parsed body. `offset` is the number of lines in the file before it."""
    builder = _Builder(offset, parsed.repairs, parsed.inside_html if parsed.repairs else None, parsed.numbers)
    builder.build(parsed.tokens)
    return graft_raw_html(builder.tree) if builder.has_html else builder.tree


def read_markdown_inside(tree: Tree) -> Tree:
    """An HTML article's tree with links, images and bold text that its author wrote as Markdown."""
    builder = _Builder(0, autolink=False, inside_html=None, numbers=None, tags_are_text=True)
    changed = False
    for node in tree.root.walk():
        if node.tag in ("pre", "code", "a") or not any(
            isinstance(child, str) and _MARKDOWN.search(child) for child in node.children
        ):
            continue
        changed = True
        old, builder.line = node.children, node.line
        node.children = []
        for child in old:
            if isinstance(child, str) and _MARKDOWN.search(child):
                builder.inline(inline_tokens(child), node)
            else:
                node.children.append(child)
    return listed(tree.root) if changed else tree


@dataclass(slots=True)
class _Builder:
    offset: int
    autolink: bool
    inside_html: InlineParser | None  # parses the text of raw HTML blocks for Markdown; None leaves it alone
    numbers: list[int] | None
    tree: Tree = field(default_factory=lambda: Tree(Node("body")))
    line: int = 1
    has_html: bool = False
    tags_are_text: bool = False

    def build(self, tokens: list[Token]) -> None:
        stack, numbers = [self.tree.root], self.numbers
        for token in tokens:
            if token.map:
                first = token.map[0]
                self.line = (numbers[first] if numbers else first) + self.offset + 1
            kind = token.type
            if kind == "inline":
                self.inline(token.children or [], stack[-1])
            elif token.nesting == 1:
                if not token.hidden:
                    self._open(token, stack)
            elif token.nesting == -1:
                if not token.hidden:
                    stack.pop()
            else:
                self._block_leaf(token, stack[-1])

    def _open(self, token: Token, stack: list[Node]) -> None:
        attrs = {name: str(value) for name, value in token.attrs.items()} if token.attrs else {}
        if "style" in attrs:  # the alignment of a table's cell; our pages allow no inline style
            attrs = {"class": attrs["style"].replace("text-align:", "align-")}
        node = Node(token.tag, self.line, attrs)
        children = stack[-1].children
        if children and (isinstance(last := children[-1], str) or last.tag not in BLOCKS):
            children.append("\n")
        children.append(node)
        stack.append(node)
        if token.tag in HEADINGS:
            self.tree.headings.append(node)
        elif token.tag == "table":
            self.tree.tables.append(node)

    def _block_leaf(self, token: Token, parent: Node) -> None:
        if token.type == "html_block":
            self._html_block(token, parent)
        elif token.type == "hr":
            parent.children.append(Node("hr", self.line))
        else:
            if token.map:
                last = token.map[1] - 1
                if self.numbers:
                    last = self.numbers[min(last, len(self.numbers) - 1)]
                self.tree.code.append((self.line, last + self.offset + 2))
            language = token.info.split(maxsplit=1)[0] if token.info.strip() else ""
            attrs = {"class": f"language-{language}"} if language else {}
            code = Node("code", self.line, attrs, [token.content])
            parent.children.append(Node("pre", self.line, {}, [code]))

    def _html_block(self, token: Token, parent: Node) -> None:
        if self.inside_html is None or token.content.lstrip()[:4].lower() in ("<pre", "<scr", "<sty"):
            self.has_html = True
            parent.children.append(Node(RAW, self.line, {}, [token.content]))
        else:
            self.inline(self.inside_html(token.content), parent)
        parent.children.append("\n")

    def inline(self, tokens: list[Token], parent: Node) -> None:
        """Put inline tokens into their block. Inside a raw `<a>` bare addresses stay text."""
        line, in_link, first = self.line, False, len(parent.children)
        if first and not isinstance(parent.children[-1], str) and parent.children[-1].tag in ("pre", "table"):
            parent.children.append("\n")
        stack = [parent]
        for token in tokens:
            kind, children = token.type, stack[-1].children
            if kind == "text":
                if not token.content:
                    continue
                if self.autolink and not in_link:
                    self._text(token.content, line, children)
                else:
                    children.append(token.content)
            elif kind == "softbreak":
                line += 1
                children.append("\n")
            elif token.nesting == 1:
                in_link = self._open_inline(token, line, stack) or in_link
            elif token.nesting == -1:
                stack.pop()
                in_link = in_link and token.type != "link_close"
            elif kind == "html_inline" and self.tags_are_text:
                children.append(token.content)
            elif kind == "html_inline" and token.content in _BREAKS:
                children.append(Node("br", line))
            elif kind == "html_inline":
                in_link = _in_link(token.content, in_link)
                self.has_html = True
                children.append(Node(RAW, line, {}, [token.content]))
                line += token.content.count("\n")
            else:
                line += self._inline_leaf(token, line, children)

    def _text(self, text: str, line: int, children: list[Node | str]) -> None:
        parts = split_bare_addresses(text, line)
        children.extend(parts)
        if len(parts) > 1 or not isinstance(parts[0], str):
            self.tree.links.extend(part for part in parts if not isinstance(part, str))

    def _open_inline(self, token: Token, line: int, stack: list[Node]) -> bool:
        """Open an inline element; answers whether it is a link."""
        node = Node(token.tag, line, {name: str(value) for name, value in token.attrs.items()} if token.attrs else {})
        stack[-1].children.append(node)
        stack.append(node)
        if token.tag != "a":
            return False
        self.tree.links.append(node)
        if token.meta and "label" in token.meta:
            self.tree.labels.add(token.meta["label"])
        return True

    def _inline_leaf(self, token: Token, line: int, children: list[Node | str]) -> int:
        """Append what has no content of its own; answers how many lines it ends."""
        if token.type == "code_inline":
            children.append(Node("code", line, {}, [token.content]))
        elif token.type == "image":
            node = Node("img", line, {name: str(value) for name, value in token.attrs.items()})
            node.attrs["alt"] = _alt(token.children or [])
            children.append(node)
            self.tree.links.append(node)
            if token.meta and "label" in token.meta:
                self.tree.labels.add(token.meta["label"])
        elif token.type == "hardbreak":
            children.append(Node("br", line))
            children.append("\n")
            return 1
        elif token.content:
            children.append(token.content)
        return 0


def _in_link(html: str, in_link: bool) -> bool:
    start = html[:3].lower()
    return True if start in ("<a ", "<a>") else False if html[:4].lower() == "</a>" else in_link


def _alt(tokens: list[Token]) -> str:
    parts: list[str] = []
    for token in tokens:
        if token.type in ("text", "code_inline", "text_special"):
            parts.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif token.children:
            parts.append(_alt(token.children))
    return "".join(parts)
