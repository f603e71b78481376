"""The moves that a run has made from edition to edition, and what became of each step: nothing is ever lost."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from kb.checklist.carried import parts_of
from kb.checklist.carry_over import StepMove, step_moves
from kb.checklist.event import Event
from kb.checklist.progress import Progress, fold
from kb.checklist.stored_run import StoredRun
from kb.errors import NotFound
from kb.web.site import Site

ITSELF = "site"  # the actor where nobody asked for the move


@dataclass(frozen=True, slots=True)
class PastMove:
    """One move. The editions are ISO dates, "" for undated ones."""

    at: datetime
    actor: str  # who asked for it; `ITSELF`: nobody, for only words had changed
    was: str
    now: str
    steps: tuple[StepMove, ...]


def past_moves(site: Site, run: StoredRun, progress: Progress) -> tuple[PastMove, ...]:
    """The moves of this run, the last one first; none if it never moved."""
    if progress.life.moved is None:
        return ()
    events = site.runs.events(run.id)
    return tuple(_moves(site, progress, events))[::-1]


def _moves(site: Site, progress: Progress, events: tuple[Event, ...]) -> Iterator[PastMove]:
    for place, event in enumerate(events):
        if event.kind != "moved" or "from" not in event.body:
            continue
        try:
            was, onto = site.runs.snapshot(event.body["from"]["snapshot"]), site.runs.snapshot(event.body["snapshot"])
        except NotFound:  # it was erased
            continue
        before = fold(was, events[:place], event.at, progress.alias, progress.viewer)
        steps = step_moves(parts_of(event), before, onto)
        yield PastMove(event.at, event.actor, was.edition, onto.edition, steps)
