"""Link destinations as the old preview read them: `[text](../Control Portal/page.md)`, with blanks and no brackets."""

import re
from types import SimpleNamespace

from markdown_it.helpers import parseLinkDestination, parseLinkLabel, parseLinkTitle

_SPACED = re.compile(
    r"[ \t]*(?P<address>[^\s()<>\"'][^\n()<>\"]*?(?:\([^\n()<>]*\)[^\n()<>\"]*?)*)"
    r"(?=[ \t]*\)|[ \t]+\"[^\n\"]*\"[ \t]*\)|[ \t]+'[^\n']*'[ \t]*\))"
)
_SIMPLE = re.compile(r"[^\x00-\x20\x7f\\()<&][^\x00-\x20\x7f\\()&]*+(?=\))")  # to its bracket, nothing to weigh
_AFTER = re.compile(r"\s*(?:\)|[\"'(])")


def with_blanks(text: str, start: int, end: int) -> object:
    """`parseLinkDestination` that goes on over blanks where CommonMark would see no link at all."""
    if match := _SIMPLE.match(text, start, end):
        return SimpleNamespace(ok=True, pos=match.end(), str=match[0])
    result = parseLinkDestination(text, start, end)
    if not text.endswith(("(", "( "), 0, start) or (result.ok and _AFTER.match(text, result.pos, end)):
        return result
    if match := _SPACED.match(text, start, end):
        result.ok = True
        result.pos = match.end("address")
        result.str = match["address"].strip()
    return result


HELPERS = SimpleNamespace(
    parseLinkDestination=with_blanks, parseLinkLabel=parseLinkLabel, parseLinkTitle=parseLinkTitle
)
