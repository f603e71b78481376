"""What probably became of each step, by the likeness of the words: where no author has said it."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from math import log

from rapidfuzz import fuzz

from kb.article.side_file import How
from kb.article.step import Procedure, Step
from kb.article.step_match import StepMatch, joined
from kb.article.text_blocks import blocks_of, plain_words

# Likenesses of 0 to 100, measured on edited articles of an old knowledge base (see the tests).
_IN_PLACE = 58  # the same step in other words, between the same neighbours
_ELSEWHERE = 82  # … at another place in the order
_TOGETHER = 80  # steps put together or taken apart
_PART = 70  # … and each part is found in the whole
_REWRITTEN = 30  # the share of rare words in common that makes two steps the same, done in another way
_LARGEST_GROUP = 4  # steps that become one
_SHORT = 12  # characters; what is shorter says too little to be known at another place
_COMPARED = 3000  # characters of each step


@dataclass(frozen=True, slots=True)
class _Words:
    """A step's words: of its opening, and of all of it."""

    id: str
    opening: str
    all: str


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Steps that may belong together, by their places."""

    score: float
    older: range
    newer: range


def proposed(older: Sequence[Procedure], newer: Sequence[Procedure]) -> tuple[StepMatch, ...]:
    """A match for every step of both; all of them are marked as proposals."""
    matches: list[StepMatch] = []
    partners = _partners(older, newer)
    for before, after in partners:
        matches += _Proposing(_words(before.steps), _words(after.steps)).matches()
    for procedure in older:
        if not any(procedure is before for before, _ in partners):
            matches += [StepMatch("dropped", (step.id,), (), proposed=True) for step in procedure.steps]
    for procedure in newer:
        if not any(procedure is after for _, after in partners):
            matches += [StepMatch("new", (), (step.id,), proposed=True) for step in procedure.steps]
    return joined(_rejoined(matches, older, newer), _ids(older), _ids(newer))


def _partners(older: Sequence[Procedure], newer: Sequence[Procedure]) -> list[tuple[Procedure, Procedure]]:
    """Which procedures are each other's editions: equal steps and headings tell, the order of the text decides ties."""
    if len(older) == len(newer) == 1:
        return [(older[0], newer[0])]
    scores = [
        (score, -abs(place - new_place), place, new_place)
        for place, before in enumerate(older)
        for new_place, after in enumerate(newer)
        if (score := _procedure_likeness(before, after)) > 0
    ]
    taken: set[int] = set()
    new_taken: set[int] = set()
    found = []
    for _, _, place, new_place in sorted(scores, reverse=True):
        if place not in taken and new_place not in new_taken:
            taken.add(place)
            new_taken.add(new_place)
            found.append((older[place], newer[new_place]))
    return found


def _procedure_likeness(before: Procedure, after: Procedure) -> float:
    openings = [plain_words(step.text) for step in before.steps]
    best = [
        max((fuzz.ratio(plain_words(step.text), opening, score_cutoff=_IN_PLACE) for opening in openings), default=0)
        for step in after.steps
    ]
    shared = sum(best) / max(len(best), len(openings), 1)
    heading = fuzz.ratio(plain_words(before.heading), plain_words(after.heading), score_cutoff=_IN_PLACE)
    return shared + heading / 2 if shared else 0


def _rejoined(matches: list[StepMatch], older: Sequence[Procedure], newer: Sequence[Procedure]) -> Iterator[StepMatch]:
    """A step that is dropped from one procedure and new in another, word for word, has moved there."""
    before = {step.id: words.all for one in older for step, words in zip(one.steps, _words(one.steps), strict=True)}
    after = {step.id: words.all for one in newer for step, words in zip(one.steps, _words(one.steps), strict=True)}
    dropped = {before[match.older[0]]: match for match in matches if match.how == "dropped"}
    for match in matches:
        source = dropped.pop(after[match.newer[0]], None) if match.how == "new" else None
        if source and len(after[match.newer[0]]) >= _SHORT:
            yield StepMatch("moved", source.older, match.newer, proposed=True)
        else:
            yield match


def _words(steps: Sequence[Step]) -> list[_Words]:
    found = []
    for step in steps:
        opening = plain_words(step.text)
        body = " ".join(block.key for block in blocks_of(step.body)) if step.body else ""
        found.append(_Words(step.id, opening[:_COMPARED], f"{opening} {body}".strip()[:_COMPARED]))
    return found


def _ids(procedures: Sequence[Procedure]) -> list[str]:
    return [step.id for procedure in procedures for step in procedure.steps]


class _Proposing:
    """Matches the steps of one procedure with those of its other edition."""

    def __init__(self, older: list[_Words], newer: list[_Words]) -> None:
        self._older, self._newer = older, newer
        self._partner: dict[int, int] = {}  # place of an older step -> place of the newer one
        self._groups: list[_Candidate] = []
        self._hows: dict[int, How] = {}  # by place of the newer step

    def matches(self) -> Iterator[StepMatch]:
        """One match for each step of both."""
        self._match_equal_in_order()
        self._match_equal_elsewhere()
        self._match_similar()
        self._match_rewritten()
        moved = self._moved()
        for place, new_place in self._partner.items():
            how = "moved" if place in moved else self._hows.get(new_place, "reworded")
            yield self._match(how, range(place, place + 1), range(new_place, new_place + 1))
        for group in self._groups:
            yield self._match("merged" if len(group.older) > 1 else "split", group.older, group.newer)
        yield from (self._match("dropped", range(place, place + 1), range(0)) for place in self._left())
        yield from (self._match("new", range(0), range(place, place + 1)) for place in self._new_left())

    def _match(self, how: How, older: range, newer: range) -> StepMatch:
        before = tuple(self._older[place].id for place in older)
        return StepMatch(how, before, tuple(self._newer[place].id for place in newer), proposed=True)

    def _match_equal_in_order(self) -> None:
        texts = [[words.all for words in side] for side in (self._older, self._newer)]
        for block in SequenceMatcher(None, texts[0], texts[1], autojunk=False).get_matching_blocks():
            for offset in range(block.size):
                self._pair(block.a + offset, block.b + offset, "same")

    def _match_equal_elsewhere(self) -> None:
        for new_place in self._new_left():
            text = self._newer[new_place].all
            same = [place for place in self._left() if self._older[place].all == text]
            if same and len(text) >= _SHORT:
                self._pair(same[0], new_place, "same")

    def _match_similar(self) -> None:
        candidates = [*self._singles(), *self._unions()]
        for found in sorted(candidates, key=lambda one: (-one.score, one.older.start, one.newer.start)):
            free = set(found.older) <= set(self._left()) and set(found.newer) <= set(self._new_left())
            if free and len(found.older) == len(found.newer) == 1:
                self._pair(found.older.start, found.newer.start, "reworded")
            elif free:
                self._groups.append(found)

    def _match_rewritten(self) -> None:
        """Steps in quite other words, between the same neighbours, that share the words which few other steps have."""
        weigh = _Rarity([words.all for words in (*self._older, *self._newer)])
        found = [
            (score, place, new_place)
            for place in self._left()
            for new_place in self._new_left()
            if self._in_one_gap(place, new_place)
            and (score := weigh.shared(self._older[place].all, self._newer[new_place].all)) >= _REWRITTEN
        ]
        for _, place, new_place in sorted(found, key=lambda one: (-one[0], one[1])):
            free = place in self._left() and new_place in self._new_left()
            if free and self._in_one_gap(place, new_place):
                self._pair(place, new_place, "method-changed")

    def _pair(self, place: int, new_place: int, how: How) -> None:
        self._partner[place] = new_place
        self._hows[new_place] = how

    def _left(self) -> list[int]:
        taken = {*self._partner, *(place for group in self._groups for place in group.older)}
        return [place for place in range(len(self._older)) if place not in taken]

    def _new_left(self) -> list[int]:
        taken = {*self._partner.values(), *(place for group in self._groups for place in group.newer)}
        return [place for place in range(len(self._newer)) if place not in taken]

    def _singles(self) -> Iterator[_Candidate]:
        for place in self._left():
            for new_place in self._new_left():
                score = self._likeness(place, new_place)
                long = len(self._older[place].all) >= _SHORT
                if score >= (_IN_PLACE if self._in_one_gap(place, new_place) else _ELSEWHERE if long else 101):
                    yield _Candidate(score, range(place, place + 1), range(new_place, new_place + 1))

    def _likeness(self, place: int, new_place: int) -> float:
        before, after = self._older[place], self._newer[new_place]
        whole = fuzz.ratio(before.all, after.all)
        return max(whole, (whole + fuzz.ratio(before.opening, after.opening)) / 2)

    def _unions(self) -> Iterator[_Candidate]:
        """Neighbouring steps that together read like one of the other edition."""
        for new_place in self._new_left():
            for run in _runs(self._left()):
                parts = [self._older[place].all for place in run]
                if score := _union_likeness(parts, self._newer[new_place].all):
                    yield _Candidate(score, run, range(new_place, new_place + 1))
        for place in self._left():
            for run in _runs(self._new_left()):
                parts = [self._newer[new_place].all for new_place in run]
                if score := _union_likeness(parts, self._older[place].all):
                    yield _Candidate(score, range(place, place + 1), run)

    def _in_one_gap(self, place: int, new_place: int) -> bool:
        """Whether no matched pair stands before the one step and behind the other."""
        return all((old < place) == (new < new_place) for old, new in self._partner.items())

    def _moved(self) -> set[int]:
        """Older places whose partners are out of the order of the others: the fewest that explain it."""
        places = sorted(self._partner)
        kept = _longest_rise([self._partner[place] for place in places])
        return {place for at, place in enumerate(places) if at not in kept}


class _Rarity:
    """Weighs words: one that many steps have says little of which step it is."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts = Counter(word for text in texts for word in set(text.split()))
        self._weight = {word: log((len(texts) + 1) / count) for word, count in counts.items()}

    def shared(self, one: str, other: str) -> float:
        """How much of the weight of both texts' words both have, 0 to 100."""
        words, others = set(one.split()), set(other.split())
        return 200 * self._sum(words & others) / ((self._sum(words) + self._sum(others)) or 1)

    def _sum(self, words: set[str]) -> float:
        return sum(self._weight[word] for word in words)


def _runs(places: list[int]) -> Iterator[range]:
    """Neighbouring places, two to `_LARGEST_GROUP` of them."""
    for start, first in enumerate(places):
        for size in range(2, _LARGEST_GROUP + 1):
            part = places[start : start + size]
            if len(part) < size or any(after != before + 1 for before, after in pairwise(part)):
                break
            yield range(first, first + size)


def _union_likeness(parts: Sequence[str], whole: str) -> float:
    """How like the parts together are to the whole, 0 if one of them is not found in it."""
    together = " ".join(parts)
    score = max(fuzz.ratio(together, whole), fuzz.token_sort_ratio(together, whole))
    if score < _TOGETHER or any(fuzz.token_set_ratio(part, whole) < _PART for part in parts):
        return 0
    return score


def _longest_rise(values: list[int]) -> set[int]:
    """Indices of a longest rising sequence among these distinct values."""
    ends: list[int] = []
    at_end: list[int] = []
    before: list[int] = []
    for index, value in enumerate(values):
        place = bisect_left(ends, value)
        ends[place:] = [value, *ends[place + 1 :]]
        at_end[place:] = [index, *at_end[place + 1 :]]
        before.append(at_end[place - 1] if place else -1)
    kept: set[int] = set()
    index = at_end[-1] if at_end else -1
    while index >= 0:
        kept.add(index)
        index = before[index]
    return kept
