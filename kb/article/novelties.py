"""What is new or gone in an edition beside its steps: sections, prerequisites, questions, and notes inside steps."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz, process

from kb.article.compared_text import Part, Row
from kb.article.edition import Edition
from kb.article.text_blocks import plain_words

_KNOWN = 70  # of 100: a sentence as like as this to one of the older edition is not new
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


@dataclass(frozen=True, slots=True)
class Novelty:
    """One thing that only one of the editions has."""

    kind: Literal["section", "prerequisite", "question", "note"]
    state: Literal["new", "gone"]
    text: str
    step: int = 0  # number of the step that a note belongs to


def novelties(older: Edition, newer: Edition, text: Sequence[Part]) -> Iterator[Novelty]:
    """All of them, by kind. `text` is the compared text of the two."""
    yield from _of_side_files(older, newer)
    rows = [row for part in text if not part.match for row in part.rows if row.kind == "heading"]
    yield from (Novelty("section", "new", row.text) for row in rows if row.state == "added")
    yield from (Novelty("section", "gone", row.text) for row in rows if row.state == "removed")
    yield from _notes(older, text)


def _of_side_files(older: Edition, newer: Edition) -> Iterator[Novelty]:
    before, after = _prerequisites(older), _prerequisites(newer)
    yield from (Novelty("prerequisite", "new", label) for name, label in after.items() if name not in before)
    yield from (Novelty("prerequisite", "gone", label) for name, label in before.items() if name not in after)
    before, after = _questions(older), _questions(newer)
    yield from (Novelty("question", "new", ask) for name, ask in after.items() if name not in before)
    yield from (Novelty("question", "gone", ask) for name, ask in before.items() if name not in after)


def _prerequisites(edition: Edition) -> dict[str, str]:
    sides = [procedure.side for procedure in edition.procedures if procedure.side]
    return {one.id: one.label for side in sides for one in side.prerequisites}


def _questions(edition: Edition) -> dict[str, str]:
    sides = [procedure.side for procedure in edition.procedures if procedure.side]
    return {one.id: one.ask for side in sides for one in side.questions}


def _notes(older: Edition, text: Iterable[Part]) -> Iterator[Novelty]:
    """Notes added to a step that is not new itself, most of whose sentences stood nowhere in the older edition."""
    known = [plain_words(sentence) for sentence in _sentences(older.text)]
    for part in text:
        if part.match and part.older and part.newer:
            for row in part.rows:
                if _is_new_note(row, known):
                    yield Novelty("note", "new", row.text, part.newer[-1].number)


def _is_new_note(row: Row, known: Sequence[str]) -> bool:
    if row.state != "added" or row.kind not in ("item", "text", "row"):
        return False
    sentences = [plain_words(sentence) for sentence in _sentences(row.text)]
    fresh = [one for one in sentences if not process.extractOne(one, known, scorer=fuzz.ratio, score_cutoff=_KNOWN)]
    return 2 * len(fresh) > len(sentences)


def _sentences(text: str) -> Iterator[str]:
    return (sentence for line in text.split("\n") for sentence in _SENTENCE.split(line.strip()) if sentence)
