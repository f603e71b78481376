"""Runs as this process saw them last: who ticks one step will soon tick the next.

Other processes change runs too, so nothing that is remembered here may be shown, and what rests on it is only written
if the run's head is still the one that was seen.
"""

from dataclasses import dataclass, field

from kb.checklist.journal import Journal
from kb.checklist.secret import digest
from kb.checklist.shelf import Shelf
from kb.checklist.stored_run import StoredRun

MOST = 500  # runs
LONGEST = 200  # events; those with more are read each time


@dataclass(frozen=True, slots=True)
class Recent:
    """A run and its events, for a reader whom it had admitted: that is never taken back."""

    run: StoredRun
    journal: Journal


@dataclass(frozen=True, slots=True)
class Recents:
    """The runs that were admitted to readers (by digest) and the events that were read or added."""

    _runs: Shelf[tuple[str, str], StoredRun] = field(default_factory=lambda: Shelf(MOST))
    _journals: Shelf[str, Journal] = field(default_factory=lambda: Shelf(MOST))

    def find(self, run: str, reader: str) -> Recent | None:
        """The run with this id as this reader had it; None if it was not seen or has moved to other steps."""
        admitted, journal = self._runs.get((run, digest(reader))), self._journals.get(run)
        if admitted is None or journal is None or journal.snapshot != admitted.snapshot or journal.purged:
            return None
        return Recent(admitted, journal)

    def admitted(self, run: StoredRun, reader: str) -> StoredRun:
        """Remember that this reader may tick the run."""
        return self._runs.keep((run.id, digest(reader)), run)

    def read(self, journal: Journal) -> Journal:
        """Remember the events of a run."""
        return self._journals.keep(journal.run, journal) if journal.version <= LONGEST else journal

    def forget(self, run: str) -> None:
        """Something happened in it that is not known here."""
        self._journals.drop(run)
