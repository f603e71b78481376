"""Lines of a body that remember their place in the author's file while repairs move them."""

import re
from typing import NamedTuple


class Line(NamedTuple):
    """Text without its line end, and the number of the body's line it came from, from 0."""

    text: str
    number: int


_OPENING = re.compile(r"( *)(?:(?:[*+-]|\d{1,9}\.) +)?(`{3,}|~{3,})[ .]*[^`\s]*[^`]*$")
_ITEM = re.compile(r" {0,3}(?:[*+-]|\d{1,9}\.) ")


def fences_of(lines: list[Line]) -> dict[int, int]:
    """Places of the lines that open a code block, and of those that close it, at whatever indentation."""
    fences: dict[int, int] = {}
    closers = _closers(lines)
    if not closers:
        return fences
    place, in_list = 0, False
    while place < len(lines):
        text = lines[place].text
        match = _OPENING.match(text) if "```" in text or "~~~" in text else None
        if match and (in_list or len(match[1]) < 4) and (closing := _next(closers, match[2], place)):
            fences[place] = closing
            place = closing + 1
            continue
        in_list = in_list or _ITEM.match(text) is not None
        place += 1
    return fences


def outside_fences(lines: list[Line]) -> list[bool]:
    """For each line whether it stands outside of fenced code."""
    flags = [True] * len(lines)
    for opening, closing in fences_of(lines).items():
        flags[opening : closing + 1] = [False] * (closing + 1 - opening)
    return flags


def _closers(lines: list[Line]) -> dict[str, list[int]]:
    """Places of lines that hold nothing but a fence, last first."""
    closers: dict[str, list[int]] = {}
    for place in range(len(lines) - 1, -1, -1):
        text = lines[place].text
        if ("```" in text or "~~~" in text) and not (bare := text.strip(" ")).strip(bare[0]):
            closers.setdefault(bare, []).append(place)
    return closers


def _next(closers: dict[str, list[int]], fence: str, place: int) -> int | None:
    places = closers.get(fence, [])
    while places and places[-1] <= place:
        places.pop()
    return places[-1] if places else None
