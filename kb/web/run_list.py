"""The checklists of one reader: each with its name, where it stands and what comes next."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kb.checklist.life import State, live
from kb.checklist.progress import Progress
from kb.checklist.stored_run import StoredRun
from kb.web.checking import progress_of
from kb.web.run_json import utc
from kb.web.run_page import article_url, run_url
from kb.web.site import Site
from kb.web.visitor import Visitor
from kb.words import words

GROUPS: tuple[State, ...] = ("in-progress", "finished", "abandoned", "restarted")


@dataclass(frozen=True, slots=True)
class RunRow:
    """One checklist in the list. `name` tells it apart from the reader's other ones."""

    run: StoredRun
    progress: Progress
    name: str
    article: str  # path of the edition that it follows
    changed: datetime


def rows_of(site: Site, me: Visitor) -> list[RunRow]:
    """All checklists of this reader, the last changed first."""
    found = [(run, progress_of(site, run, me.signed_in)) for run in _all_runs(site, me)]
    found = [(run, progress) for run, progress in found if progress.state != "merged"]
    names = _apart(found)
    rows = [
        RunRow(run, progress, names[run.id], article_url(site, run), _changed(run, progress)) for run, progress in found
    ]
    return sorted(rows, key=lambda row: row.changed, reverse=True)


def _all_runs(site: Site, me: Visitor) -> list[StoredRun]:
    """Those of this browser, and of the account that is signed in."""
    own = list(site.runs.runs_of(me.reader))
    known = {run.id for run in own}
    others = site.ownership.runs_of(me.signed_in.alias) if me.signed_in else ()
    return [*own, *(site.runs.run(other) for other in others if other not in known)]


def grouped(rows: Iterable[RunRow]) -> list[tuple[State, list[RunRow]]]:
    """The rows by how the checklists stand; no group is empty."""
    kept = list(rows)
    groups = [(state, [row for row in kept if row.progress.state == state]) for state in GROUPS]
    return [(state, members) for state, members in groups if members]


def rows_json(rows: Iterable[RunRow]) -> dict[str, Any]:
    """The list for programs."""
    return {"runs": [_row_json(row) for row in rows]}


def name_for_another(site: Site, run: StoredRun, me: Visitor) -> str:
    """A name for a run that was just started, "" if its title alone tells it apart from the reader's other ones."""
    others = [other for other in site.runs.runs_of(me.reader) if other.id != run.id]
    lives = [(other, live(site.runs.events(other.id))) for other in others if other.article == run.article]
    taken = {life.name or other.checklist.title for other, life in lives if not _replaced(life.closed)}
    title = run.checklist.title
    if title not in taken:
        return ""
    return next(name for number in range(2, len(taken) + 3) if (name := f"{title} ({number})") not in taken)


def _replaced(closed: Any) -> bool:
    return closed is not None and closed.kind == "restarted"


def _apart(found: Sequence[tuple[StoredRun, Progress]]) -> dict[str, str]:
    """Names by run; where two are the same (after signing in, say), each gets the moment of its start.

    What was started again leaves its name to the new one.
    """
    all_titles = Counter(progress.title for _, progress in found)
    alive = Counter(progress.title for _, progress in found if progress.state != "restarted")
    return {
        run.id: progress.title
        if (all_titles if progress.state == "restarted" else alive)[progress.title] == 1
        else words("{title}, {when}", title=progress.title, when=run.started)
        for run, progress in found
    }


def _changed(run: StoredRun, progress: Progress) -> datetime:
    return progress.life.last.at if progress.life.last else run.started


def _row_json(row: RunRow) -> dict[str, Any]:
    progress, coming = row.progress, row.progress.next
    return {
        "run": row.run.id,
        "url": run_url(row.run.id),
        "name": row.name,
        "title": progress.checklist.title,
        "heading": progress.checklist.heading or None,
        "article": row.run.article,
        "edition": row.run.edition or None,
        "account": progress.account or None,
        "state": progress.state,
        "done": progress.done,
        "total": len(progress.own),
        "checked": len(progress.with_code.get("done-seen", ())),
        "told": len(progress.with_code.get("done-said", ())),
        "notNeeded": len(progress.with_code.get("not-needed", ())),
        "next": coming.step.number if coming else None,
        "started": utc(row.run.started),
        "changed": utc(row.changed),
    }
