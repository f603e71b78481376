"""Runs that do not go on: at which step, and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from kb.checklist.progress import Progress, StepProgress
from kb.checklist.stored_run import StoredRun
from kb.errors import NotFound
from kb.tables import runs
from kb.web.checking import progress_of
from kb.web.site import Site

IDLE = timedelta(days=1)
HELD_UP = ("problem", "blocked", "recheck")


@dataclass(frozen=True, slots=True)
class Stuck:
    """A run that does not go on. `why` is the status of the step, or "" if the reader just stopped `since`."""

    run: StoredRun
    account: str
    step: StepProgress
    why: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Looked:
    """The stuck ones among some runs; `before`: the start of the oldest of these, None if there are no others."""

    stuck: tuple[Stuck, ...]
    before: datetime | None


def stuck_runs(site: Site, before: datetime | None, most: int = 100) -> Looked:
    """The stuck ones among the `most` runs that were started last (before a moment), newest first."""
    query = select(runs.c.id, runs.c.started).order_by(runs.c.started.desc()).limit(most + 1)
    if before:
        query = query.where(runs.c.started < before)
    with site.runs.database.reading() as connection:
        rows = connection.execute(query).all()
    found = tuple(_stuck(site, [row.id for row in rows[:most]]))
    return Looked(found, rows[most - 1].started if len(rows) > most else None)


def _stuck(site: Site, ids: list[str]) -> Iterator[Stuck]:
    for run_id in ids:
        try:
            run = site.runs.run(run_id)
        except NotFound:  # erased a moment ago
            continue
        progress = progress_of(site, run, None)
        events = site.runs.events(run_id)
        step = progress.next
        if step is None or progress.state != "in-progress" or not events:
            continue
        why, since = _why(progress, step), events[-1].at
        if why or site.clock() - since > IDLE:
            yield Stuck(run, progress.account, step, why, since)


def _why(progress: Progress, step: StepProgress) -> str:
    if progress.blocks:
        return progress.blocks[0].text
    return step.status.text if step.status.code in HELD_UP else ""
