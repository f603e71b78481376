"""Long lists in parts by first letters. What many titles begin with ("Getting started with") is passed over."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from kb.article.search.words import folded

LONG = 30  # items: a longer list is parted
SHARED_BY = 8  # titles at least, and
SHARED_PART = 0.1  # of all titles begin with the words that are passed over
FEWEST = 6  # items of a part: letters with fewer share one, "D–F"
DIGITS, OTHERS = "0–9", "#"

T = TypeVar("T")
Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry(Generic[T]):
    """One item; its title is `start` and `rest`, which it is sorted by."""

    item: T
    start: str  # "Getting started with ", or ""
    rest: str


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """The items that begin with one letter or a few; `anchor` is the part's on the page."""

    letter: str
    anchor: str
    entries: tuple[Entry[T], ...]


def by_initial(items: Iterable[T], title: Callable[[T], str]) -> tuple[Part[T], ...]:
    """The items in parts, sorted by the rest of their titles. Digits come first, what is no letter comes last."""
    known = [(item, title(item).split(" ")) for item in items]
    starts = _shared_starts([_folded(words) for _, words in known])
    parts: dict[str, list[Entry[T]]] = {}
    for item, words in known:
        entry = _entry(item, words, starts)
        parts.setdefault(_letter(entry.rest), []).append(entry)
    letters = sorted(parts, key=lambda letter: (letter == OTHERS, letter != DIGITS, letter))
    return tuple(_part(group, parts) for group in _groups(letters, parts))


def _groups(letters: Sequence[str], parts: Mapping[str, Sequence[object]]) -> list[list[str]]:
    """Neighbouring letters together until each group has enough; the last one may have fewer."""
    groups: list[list[str]] = []
    for letter in letters:
        alone = letter in (DIGITS, OTHERS)
        if alone or not groups or groups[-1] == [DIGITS] or sum(len(parts[one]) for one in groups[-1]) >= FEWEST:
            groups.append([letter])
        else:
            groups[-1].append(letter)
    return groups


def _part(letters: Sequence[str], parts: Mapping[str, Sequence[Entry[T]]]) -> Part[T]:
    entries = tuple(
        entry for letter in letters for entry in sorted(parts[letter], key=lambda entry: _order(entry.rest))
    )
    name = letters[0] if len(letters) == 1 else f"{letters[0]}–{letters[-1]}"
    return Part(name, f"begins-{_anchor(letters[0])}", entries)


def _shared_starts(titles: Sequence[Words]) -> frozenset[Words]:
    """Beginnings that many titles have; the last word of a title is never part of one."""
    counts = Counter(title[:length] for title in titles for length in range(1, len(title)))
    least = max(SHARED_BY, len(titles) * SHARED_PART)
    return frozenset(start for start, count in counts.items() if count >= least)


def _entry(item: T, words: Sequence[str], starts: frozenset[Words]) -> Entry[T]:
    """The item, parted behind the longest beginning that many titles have."""
    folds = _folded(words)
    length = next((length for length in range(len(words) - 1, 0, -1) if folds[:length] in starts), 0)
    return Entry(item, "".join(f"{word} " for word in words[:length]), " ".join(words[length:]))


def _folded(words: Sequence[str]) -> Words:
    return tuple(folded(word) for word in words)


def _letter(text: str) -> str:
    first = next((sign for sign in folded(text) if sign.isalnum()), "")
    return (DIGITS if first.isdigit() else first.upper()[:1]) if first else OTHERS


def _anchor(letter: str) -> str:
    return {DIGITS: "digit", OTHERS: "sign"}.get(letter, letter.lower())


def _order(text: str) -> tuple[str, str]:
    return "".join(sign for sign in folded(text) if sign.isalnum() or sign == " ").strip(), text
