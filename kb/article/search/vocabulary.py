"""All words of the library, and which of them a reader may have meant by one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nlargest

from rapidfuzz import process
from rapidfuzz.distance import OSA

from kb.article.search.words import stems

FORGIVEN_FROM = 4  # letters: a shorter word with another letter is another word
TWICE_FORGIVEN_FROM = 8
SHORTEST_BEGINNING = 2
MOST_BEGINNINGS = 6
MOST_MISSPELT = 4
EXACT, SAME_STEM, BEGINNING, MISSPELT = 1.0, 0.6, 0.5, 0.4  # how much a form counts

Forms = Mapping[str, float]  # a word of the library -> how much it counts


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words, with the number of editions that each stands in."""

    counts: Mapping[str, int]
    language: str
    _by_stem: Mapping[str, list[str]] = field(init=False, repr=False)
    _stem_of: Mapping[str, str] = field(init=False, repr=False)
    _by_length: Mapping[int, list[str]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        words = list(self.counts)
        stem_of = dict(zip(words, stems(words, self.language), strict=True))
        by_stem, by_length = defaultdict(list), defaultdict(list)
        for word, stem in stem_of.items():
            by_stem[stem].append(word)
            by_length[len(word)].append(word)
        for name, value in (("_by_stem", by_stem), ("_stem_of", stem_of), ("_by_length", by_length)):
            object.__setattr__(self, name, value)

    def forms(self, word: str, beginnings: Iterable[str] = ()) -> Forms:
        """What to look for: the word, its other forms, words that begin with it, else words spelt much like it."""
        known = word in self.counts
        stem = self._stem_of[word] if known else stems([word], self.language)[0]
        found = dict.fromkeys(self._commonest(beginnings), BEGINNING)
        found |= dict.fromkeys(self._by_stem.get(stem, ()), SAME_STEM)
        if known:
            found[word] = EXACT
        return found or dict.fromkeys(self.nearest(word), MISSPELT)

    def nearest(self, word: str) -> Sequence[str]:
        """Known words spelt much like this one, the likeliest first."""
        if len(word) < FORGIVEN_FROM:
            return ()
        most = 2 if len(word) >= TWICE_FORGIVEN_FROM else 1
        lengths = range(len(word) - most, len(word) + most + 1)
        choices = [other for length in lengths for other in self._by_length.get(length, ())]
        near = process.extract(word, choices, scorer=OSA.distance, score_cutoff=most, limit=None)
        ranked = sorted(near, key=lambda one: (one[1], one[0][0] != word[0], -self.counts[one[0]]))
        return [other for other, _, _ in ranked[:MOST_MISSPELT]]

    def _commonest(self, words: Iterable[str]) -> list[str]:
        return nlargest(MOST_BEGINNINGS, words, key=lambda word: self.counts.get(word, 0))
