"""Misspelled words, by codespell's list."""

from collections.abc import Iterator

from kb.article.problem import Problem
from kb.article.reading import Draft
from kb.article.spelling import Dictionary


def spelling_faults(draft: Draft, dictionary: Dictionary) -> Iterator[Problem]:
    """Words that are misspelled for certain; code blocks and raw HTML's tags are no prose."""
    for number, line in draft.prose():
        for column, word, suggestions in dictionary.misspellings(line):
            mend = f"did you mean {' or '.join(suggestions[:3])}?"
            yield Problem(draft.path, number, column, "misspelling", "warning", f"{word} is misspelled", mend)
