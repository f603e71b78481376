"""What changed between two wordings of one text, word by word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Mark = Literal["", "removed", "added"]
Op = tuple[Mark, list[str]]

_WORD = re.compile(r"(?:\w+(?:['’.@/:-]\w+)*|[^\w\s])\s*|^\s+")
_LITTLE_IN_COMMON = 0.25  # of the longer text; below it the whole is read more easily than its words
_LONGEST = 4000  # words; what is longer is shown whole
_ISLAND = 12  # characters; longer common runs carry meaning of their own


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that both texts have (""), that only the older has or that only the newer has."""

    text: str
    mark: Mark = ""


def changed_words(older: str, newer: str) -> tuple[Piece, ...]:
    """Both texts in one sequence: without the added pieces it is the older text, without the removed the newer."""
    if older == newer:
        return (Piece(newer),) if newer else ()
    before, after = _WORD.findall(older), _WORD.findall(newer)
    if max(len(before), len(after)) > _LONGEST:
        return _replaced(older, newer)
    operations = list(_folded(list(_operations(before, after))))
    common = sum(len(word) for mark, words in operations if mark == "" for word in words)
    if common < _LITTLE_IN_COMMON * max(len(older), len(newer)):
        return _replaced(older, newer)
    return tuple(Piece("".join(words), mark) for mark, words in operations)


def _replaced(older: str, newer: str) -> tuple[Piece, ...]:
    return tuple(piece for piece in (Piece(older, "removed"), Piece(newer, "added")) if piece.text)


def _operations(before: list[str], after: list[str]) -> Iterator[Op]:
    """Runs of words, in order; words that differ only by the blanks behind them are the same."""
    matcher = SequenceMatcher(None, [word.strip() for word in before], [word.strip() for word in after], autojunk=False)
    blanks = ("", "")  # behind the last common word, where the texts differ in that
    for tag, start, end, new_start, new_end in matcher.get_opcodes():
        removed, added = before[start:end], after[new_start:new_end]
        if tag == "equal":
            blanks = (_blanks(removed[-1]), _blanks(added[-1]))
            if blanks[0] != blanks[1]:
                added[-1] = added[-1].rstrip()
            yield "", added
            continue
        if removed:
            yield "removed", _led(removed, blanks[0]) if blanks[0] != blanks[1] else removed
        if added:
            yield "added", _led(added, blanks[1]) if blanks[0] != blanks[1] else added


def _blanks(word: str) -> str:
    return word[len(word.rstrip()) :]


def _led(words: list[str], blanks: str) -> list[str]:
    return [blanks + words[0], *words[1:]]


def _folded(operations: list[Op]) -> Iterator[Op]:
    """Take up lone words that stay between larger changes into these changes: islands are hard to read."""
    removed: list[str] = []
    added: list[str] = []
    for place, (mark, words) in enumerate(operations):
        if mark == "removed":
            removed += words
        elif mark == "added":
            added += words
        elif (removed or added) and _is_island(operations, place):
            removed += words
            added += words
        else:
            yield from _changes(removed, added)
            removed, added = [], []
            yield "", words
    yield from _changes(removed, added)


def _changes(removed: list[str], added: list[str]) -> Iterator[Op]:
    if removed:
        yield "removed", removed
    if added:
        yield "added", added


def _is_island(operations: list[Op], place: int) -> bool:
    """Whether this common run is shorter than the changes on both of its sides."""
    size = _size(operations[place][1])
    before = [_size(words) for _, words in _neighbours(operations, place, -1)]
    after = [_size(words) for _, words in _neighbours(operations, place, 1)]
    return bool(after) and size <= max(before) and size <= max(after) and size < _ISLAND


def _neighbours(operations: list[Op], place: int, step: int) -> Iterator[Op]:
    at = place + step
    while 0 <= at < len(operations) and operations[at][0]:
        yield operations[at]
        at += step


def _size(words: list[str]) -> int:
    return sum(len(word) for word in words)
