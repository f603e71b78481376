"""Faults that one line of Markdown shows: a blank inside a link, cells that a table has no column for."""

import re
from collections.abc import Iterator

from kb.article.problem import Fix, Problem
from kb.article.reading import Draft
from kb.article.table_repair import cells

_LINK_WITH_BLANK = re.compile(
    r"(?<![\\!\]])\[([^\[\]\n]{1,300})\] +\(((?:https?:|mailto:|//|/|\.{1,2}/|#|www\.)[^()\s]*)\)", re.IGNORECASE
)
_CODE_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")


def line_faults(draft: Draft) -> Iterator[Problem]:
    """`[text] (address)`, which is no link; text of a row beyond the table's last column."""
    if draft.metadata.content_is_html:
        return
    if "] " in draft.body:
        for number, line in draft.prose():
            for match in _LINK_WITH_BLANK.finditer(_CODE_SPAN.sub(lambda code: "`" * len(code[0]), line)):
                message, mend = "a blank between ] and ( makes this no link", f"write [{match[1]}]({match[2]})"
                text = line[match.start() : match.end(1) + 1]  # as written: code is blanked in the match
                fix = Fix(line[match.start() : match.end()], f"{text}({match[2]})")
                yield Problem(draft.path, number, match.start() + 1, "link-blank", "error", message, mend, fix)
    yield from _dropped_cells(draft)


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
