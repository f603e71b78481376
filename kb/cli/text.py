"""Texts of authors on their way to a terminal or file."""

import re

_HALVES = re.compile("[\ud800-\udfff]")


def printable(text: str) -> str:
    """The text with what no encoding can hold (half of a surrogate pair, from a JSON escape) as U+FFFD."""
    return _HALVES.sub("\ufffd", text)
