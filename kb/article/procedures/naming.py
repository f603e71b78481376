"""What stands above a run: its heading, a line of bold text that serves as one, the sentence before it."""

from bisect import bisect_left
from collections.abc import Sequence

from kb.article.node import HEADINGS, Node, inline_text
from kb.article.procedures.found import Found, is_picture
from kb.article.procedures.marks import names

_FARTHEST = 20  # blocks looked at above a run
_FARTHEST_HEADING = 200  # headings looked at above numbered headings
_LONGEST_LEAD = 600  # characters
_GENERAL = frozenset("steps step solution procedure instructions note example details".split())
_LONGEST = 120  # characters of a sentence that may serve as a name


def headings_of(blocks: "Sequence[Node | str]") -> list[int]:
    """The places of all headings."""
    return [place for place, block in enumerate(blocks) if _level(block)]


def name_run(found: Found, blocks: "Sequence[Node | str]", floor: int, headings: list[int]) -> None:
    """Find what names a run. Blocks before `floor` belong to the run before it, apart from headings."""
    above = bisect_left(headings, found.start)
    _look_up(found, blocks, max(floor, headings[above - 1] + 1 if above else 0))
    if found.form == "headings":
        level = _level(blocks[found.start])
        higher = (
            place for place in headings[max(above - _FARTHEST_HEADING, 0) : above] if _level(blocks[place]) < level
        )
        place = max(higher, default=-1)
    else:
        place = headings[above - 1] if above else -1
    heading = blocks[place] if place >= 0 else ""
    found.section = "" if isinstance(heading, str) else inline_text(heading.children)
    says_more = found.label and found.label.casefold() not in _GENERAL
    found.heading = found.label if says_more or not found.section else found.section


def _look_up(found: Found, blocks: "Sequence[Node | str]", floor: int) -> None:
    """Find the line of bold text and the sentence above it."""
    looked = 0
    for place in range(found.start - 1, max(floor, found.start - _FARTHEST) - 1, -1):
        block = blocks[place]
        if isinstance(block, str) or is_picture(block):
            continue
        looked += 1
        if bold := names(block):
            found.label = found.label or bold.rstrip(": ")
        elif looked < 3 and not found.lead and block.tag in ("p", "div"):
            found.lead = inline_text(block.children)[-_LONGEST_LEAD:]


def tell_apart(runs: list[Found]) -> None:
    """Procedures under one heading take the sentence before them as their name."""
    count: dict[str, int] = {}
    for found in runs:
        count[found.heading] = count.get(found.heading, 0) + 1
    for found in runs:
        if count[found.heading] > 1 and 0 < len(found.lead) <= _LONGEST:
            found.heading = found.lead.rstrip(":. ")


def _level(block: "Node | str") -> int:
    return 0 if isinstance(block, str) else HEADINGS.get(block.tag, 0)
