"""Faults that one line of Markdown shows: a link that is none for one sign, cells that a table has no column for."""

import re
from collections.abc import Iterator

from kb.article.problem import Fix, Problem
from kb.article.reading import Draft
from kb.article.table_repair import cells

_ADDRESS = (
    r"(?:(?:https?:|mailto:|//|/|\.{1,2}/|#|www\.)[^()\s]*"
    r"|[^()\s]+\.(?:md|png|jpe?g|gif|svg|webp|pdf)(?:\#[^()\s]*)?)"
)
_TEXT = r"(?<![\\!\]])(?P<text>!?\[[^\[\]\n]{0,300}\])"
_WITH_BLANK = re.compile(rf"{_TEXT} +\((?P<address>{_ADDRESS})\)", re.IGNORECASE)
_UNOPENED = re.compile(rf"{_TEXT}(?P<address>(?:https?://|(?:\.{{1,2}}/)+)[^()\[\]\s]+)\)", re.IGNORECASE)
_CODE_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")


def line_faults(draft: Draft) -> Iterator[Problem]:
    """`[text] (address)` and `[text]address)`, which are no links; text of a row beyond the table's last column."""
    if draft.metadata.content_is_html:
        return
    if "]" in draft.body:
        for number, line in draft.prose():
            if "]" in line:
                yield from _no_links(draft, number, line)
    yield from _dropped_cells(draft)


def _no_links(draft: Draft, number: int, line: str) -> Iterator[Problem]:
    shown = _CODE_SPAN.sub(lambda code: "`" * len(code[0]), line) if "`" in line else line
    for pattern, code, message in (
        (_WITH_BLANK, "link-blank", "a blank between ] and ( makes this no link"),
        (_UNOPENED, "link-unopened", "without a ( before its address this is no link"),
    ):
        for match in pattern.finditer(shown):
            if code == "link-unopened" and _is_inside(shown, match.start()):  # the ) belongs to an earlier (
                continue
            written = line[match.start() : match.end()]  # as written: code is blanked in the match
            right = f"{line[match.start() : match.end('text')]}({match['address']})"
            place = (draft.path, number, match.start() + 1)
            yield Problem(*place, code, "error", message, f"write {right}", Fix(written, right))


def _is_inside(line: str, place: int) -> bool:
    """Whether a bracket is open there; looked for over a sentence's length only, as a line may have a megabyte."""
    before = line[max(place - 500, 0) : place]
    return before.count("(") > before.count(")")


def _dropped_cells(draft: Draft) -> Iterator[Problem]:
    """Rows with more cells than their table's own head has."""
    for table in draft.tree.tables:
        start = table.line - draft.body_line - 1
        lines = draft.lines[start:] if 0 <= start < len(draft.lines) else []
        if not lines or "|" not in lines[0]:
            continue
        width = len(cells(lines[0]))
        for place, line in enumerate(lines[2:], 2):
            if "|" not in line:
                break
            surplus = [cell for cell in cells(line)[width:] if cell]
            if surplus:
                number, column = table.line + place, line.rfind(surplus[0]) + 1
                message = f"the table has {width} columns; this is beyond the last: {surplus[0][:60]}"
                yield Problem(draft.path, number, column, "table-cell", "warning", message, "add a column to its head")
