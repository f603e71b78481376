"""The names that a side file may use."""

from collections.abc import Iterable
from dataclasses import dataclass

from kb.account.actions import ACTIONS
from kb.account.checks import CHECKS
from kb.account.invoices import SHOWS
from kb.account.kind import SIDE_NAMES
from kb.account.preparations import PREPARES
from kb.account.questions import TOPICS


@dataclass(frozen=True, slots=True)
class Names:
    """By what they are used for. `kinds` and `asks` are the values that the params of the same names may list."""

    checks: frozenset[str]
    actions: frozenset[str]
    prepares: frozenset[str]
    shows: frozenset[str]
    kinds: frozenset[str] = frozenset()
    asks: frozenset[str] = frozenset()


def known_names() -> Names:
    """All names that this package gives."""
    tables: tuple[Iterable[str], ...] = (CHECKS, ACTIONS, PREPARES, SHOWS, SIDE_NAMES, TOPICS)
    return Names(*(frozenset(table) for table in tables))
