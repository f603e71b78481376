"""Counts the questions that had no answer, for authors: the question, how often, when last. Nothing about readers."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from kb.article.search.words import folded
from kb.database import Database
from kb.tables import unanswered

LONGEST = 100  # characters
MOST = 1_000  # questions; those asked longest ago make room
PERSONAL = re.compile(r"\S+@\S+|\d[\d .-]{5,}\d")  # an e-mail address, a number of at least seven digits


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question without an answer."""

    question: str
    count: int
    last: datetime


@dataclass(frozen=True, slots=True)
class SearchLog:
    """The table of questions. Every method raises StoreError if the database cannot do it."""

    database: Database
    clock: Callable[[], datetime]

    def count(self, question: str) -> None:
        """Count a question; one that may name a person is not kept."""
        asked = " ".join(folded(question).split())[:LONGEST]
        if not asked or PERSONAL.search(asked):
            return
        try:
            self._count(asked)
        except IntegrityError:  # another process has just added it
            self._count(asked)

    def unanswered(self, most: int = MOST) -> list[Unanswered]:
        """The questions, those asked most often first."""
        query = select(unanswered).order_by(unanswered.c.count.desc(), unanswered.c.last.desc()).limit(most)
        with self.database.reading() as connection:
            return [Unanswered(**row._mapping) for row in connection.execute(query)]

    def _count(self, asked: str) -> None:
        same = unanswered.c.question == asked
        more = update(unanswered).where(same).values(count=unanswered.c.count + 1, last=self.clock())
        with self.database.writing() as connection:
            if connection.execute(more).rowcount:
                return
            connection.execute(insert(unanswered).values(question=asked, count=1, last=self.clock()))
            kept = select(unanswered.c.question).order_by(unanswered.c.last.desc()).limit(MOST)
            connection.execute(delete(unanswered).where(unanswered.c.question.not_in(kept)))
