"""Old Markdown habits that the old preview understood and CommonMark does not: one named rule for each.

Each rule mends the text before it is parsed; those that need the parser's own eyes are in `span_repairs`, `destination`
and `autolink`. Every line remembers the author's. `tests/article/data/repairs.toml` holds an example of each.
"""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

from kb.article.lines import Line, fences_of, outside_fences
from kb.article.list_repair import has_list, indent_lists
from kb.article.table_repair import even_tables, has_table


@dataclass(frozen=True, slots=True)
class Repair:
    """One rule: `needed` looks quickly whether a body may want it, `mend` mends its lines."""

    name: str
    needed: Callable[[str], object]
    mend: Callable[[list[Line]], list[Line]]


def repair(body: str) -> tuple[str, list[int] | None]:
    """The body as CommonMark understands it, and the original number of each of its lines (None: unchanged)."""
    rules = [rule for rule in REPAIRS if rule.needed(body)]
    if not rules:
        return body, None
    lines = [Line("" if text.isspace() else text, number) for number, text in enumerate(body.split("\n"))]
    for rule in rules:
        lines = rule.mend(lines)
    return "\n".join([line.text for line in lines]), [line.number for line in lines]


Change = Callable[[str], str]


def _each(sign: str, instead: str) -> Callable[[list[Line]], list[Line]]:
    """A rule that replaces a sign wherever it stands."""
    return lambda lines: [
        Line(line.text.replace(sign, instead), line.number) if sign in line.text else line for line in lines
    ]


def _prose(wanted: Callable[[str], object], change: Change) -> Callable[[list[Line]], list[Line]]:
    """A rule that looks at those lines outside of fenced code which it wants."""

    def mend(lines: list[Line]) -> list[Line]:
        outside = outside_fences(lines)
        return [
            Line(change(line.text), line.number) if outside[place] and wanted(line.text) else line
            for place, line in enumerate(lines)
        ]

    return mend


def _fences_in_line(lines: list[Line]) -> list[Line]:
    """A code block whose end or text is indented otherwise than its beginning."""
    out = list(lines)
    for opening, closing in fences_of(lines).items():
        text = lines[opening].text
        pad = " " * (len(text) - len(text.lstrip(" ")))
        if pad.strip() or not pad:
            pad = ""
        for place in range(opening + 1, closing):
            inner = lines[place].text
            if pad and inner and not inner.startswith(pad):
                out[place] = Line(pad + inner.lstrip(" "), lines[place].number)
        closer = pad + lines[closing].text.strip(" ")
        if closer != lines[closing].text.rstrip(" "):
            out[closing] = Line(closer, lines[closing].number)
    return out


_HEADING_WITHOUT_BLANK = re.compile(r"^ {0,3}#{1,6}(?=[^\s#])")
_ANY_HEADING_WITHOUT_BLANK = re.compile(r" {0,3}#{2,6}(?=[A-Za-z])")
_TIGHT_HEADING = re.compile(r"##[A-Za-z]")


def _spaced_heading(text: str) -> str:
    return _HEADING_WITHOUT_BLANK.sub(lambda match: f"{match[0]} ", text)


_WINDOWS_ENTITY = re.compile(r"&#1(?:2[89]|[345]\d);")
_JUNK_RULE = re.compile(r"<(hr|br)\s[^<>=\"']*[^<>=\"'\s\w/][^<>=\"']*>", re.IGNORECASE)


def _windows_entities(text: str) -> str:
    return _WINDOWS_ENTITY.sub(lambda match: html.unescape(match[0]), text)


_HTML_BLOCK = re.compile(r"<(?:table|ul|ol|dl)\b", re.IGNORECASE)
_HTML_OPEN = re.compile(r"\s*<(table|ul|ol|dl)\b", re.IGNORECASE)


def _closed_up_html(lines: list[Line]) -> list[Line]:
    """Blank lines inside a raw table or list would end the HTML there."""
    out: list[Line] = []
    outside = outside_fences(lines)
    closing = None
    for place, line in enumerate(lines):
        if closing is None and outside[place] and (match := _HTML_OPEN.match(line.text)):
            closing = re.compile(rf"</{match[1]}\s*>", re.IGNORECASE)
        if closing is None or line.text:
            out.append(line)
        if closing is not None and closing.search(line.text):
            closing = None
    return lines if closing is not None else out


def _drop_junk(text: str) -> str:
    return _JUNK_RULE.sub(r"<\1>", text)


REPAIRS = (
    Repair("no-break-space", lambda body: "\u00a0" in body, _each("\u00a0", " ")),
    Repair("tab", lambda body: "\t" in body, _each("\t", "    ")),
    Repair("fence-indentation", lambda body: "```" in body or "~~~" in body, _fences_in_line),
    Repair("blank-line-in-html", _HTML_BLOCK.search, _closed_up_html),
    Repair("heading-without-blank", _TIGHT_HEADING.search, _prose(_ANY_HEADING_WITHOUT_BLANK.match, _spaced_heading)),
    Repair("table-width", has_table, even_tables),
    Repair("windows-entity", _WINDOWS_ENTITY.search, _prose(_WINDOWS_ENTITY.search, _windows_entities)),
    Repair("junk-in-rule", _JUNK_RULE.search, _prose(_JUNK_RULE.search, _drop_junk)),
    Repair("list-continuation", has_list, indent_lists),
)
