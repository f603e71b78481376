"""Headings: levels left out, and `###Title` without a blank, which is no heading."""

import re
from collections.abc import Iterator

from kb.article.node import HEADINGS, inline_text
from kb.article.problem import Fix, Problem
from kb.article.reading import Draft

_TIGHT = re.compile(r" {0,3}(#{2,6})(?=[A-Za-z])")


def heading_faults(draft: Draft) -> Iterator[Problem]:
    """A level that is skipped on the way down; hash signs that touch their word."""
    above, above_line = None, 0
    for heading in draft.tree.headings:
        level = HEADINGS[heading.tag]
        if above is not None and level > above + 1:
            message = f"a heading of level {level} follows one of level {above}: {inline_text(heading.children)[:60]}"
            mend = f"use level {above + 1}, or another one in line {above_line}"
            yield _fault(draft, heading.line, 1, "heading-jump", message, mend)
        above, above_line = level, heading.line
    if "##" in draft.body and not draft.metadata.content_is_html:
        for number, line in draft.prose():
            if match := _TIGHT.match(line):
                message = f"{match[1]} touches the word behind it"
                mend = f"write {match[1]} and a blank before the heading"
                fix = Fix(match[1], f"{match[1]} ")
                yield _fault(draft, number, match.start(1) + 1, "heading-blank", message, mend, fix)


def _fault(draft: Draft, line: int, column: int, code: str, message: str, mend: str, fix: Fix | None = None) -> Problem:
    return Problem(draft.path, line, column, code, "warning", message, mend, fix)
