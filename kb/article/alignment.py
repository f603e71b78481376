"""Which block of one text stands where in another: equal ones first, then the most similar between them."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from rapidfuzz import fuzz

from kb.article.text_blocks import Block

Pair = tuple[int | None, int | None]  # places in the older and in the newer text
Keyed = tuple[str, str]  # a kind that is never another kind's new form, else ""; what makes two blocks the same

_SIMILAR = 45  # of 100: below it two blocks are not the same one in other words
_MOST = 40_000  # comparisons; more are not worth the waiting
_ALONE = frozenset(["heading", "code", "image"])  # kinds that are never another kind's new form


def aligned(older: Sequence[Block], newer: Sequence[Block]) -> Iterator[Pair]:
    """Pairs in the order of both texts; None stands where a block has no partner."""
    before = [(block.kind if block.kind in _ALONE else "", block.key) for block in older]
    after = [(block.kind if block.kind in _ALONE else "", block.key) for block in newer]
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        if tag == "equal":
            yield from zip(range(start, end), range(new_start, new_end), strict=True)
        else:
            pairs = _gap(before[start:end], after[new_start:new_end])
            yield from ((_moved(old, start), _moved(new, new_start)) for old, new in pairs)


def _moved(place: int | None, offset: int) -> int | None:
    return None if place is None else place + offset


def _gap(before: Sequence[Keyed], after: Sequence[Keyed]) -> Iterator[Pair]:
    """Blocks between two equal ones: the partners that are most alike in all, in order."""
    partners = dict(_best(before, after)) if len(before) * len(after) <= _MOST else {}
    at = 0
    for place in range(len(before)):
        partner = partners.get(place)
        if partner is None:
            yield place, None
            continue
        yield from ((None, new) for new in range(at, partner))
        yield place, partner
        at = partner + 1
    yield from ((None, new) for new in range(at, len(after)))


def _best(before: Sequence[Keyed], after: Sequence[Keyed]) -> Iterator[tuple[int, int]]:
    """The pairs, in order, with the largest sum of likeness; found row by row as for the longest common sequence."""
    likes = [[_likeness(old, new) for new in after] for old in before]
    sums = [[0.0] * (len(after) + 1) for _ in range(len(before) + 1)]
    for row in range(len(before) - 1, -1, -1):
        for column in range(len(after) - 1, -1, -1):
            paired = likes[row][column] + sums[row + 1][column + 1] if likes[row][column] else 0.0
            sums[row][column] = max(sums[row + 1][column], sums[row][column + 1], paired)
    row = column = 0
    while row < len(before) and column < len(after):
        like = likes[row][column]
        if like and sums[row][column] == like + sums[row + 1][column + 1]:
            yield row, column
            row, column = row + 1, column + 1
        elif sums[row][column] == sums[row + 1][column]:
            row += 1
        else:
            column += 1


def _likeness(one: Keyed, other: Keyed) -> float:
    """How like two blocks are, 0 to 100; 0 too if it is not enough to be the same block in other words."""
    if one[0] != other[0]:
        return 0
    like = fuzz.ratio(one[1], other[1], score_cutoff=_SIMILAR)
    return like or fuzz.token_sort_ratio(one[1], other[1], score_cutoff=_SIMILAR / 0.9) * 0.9
