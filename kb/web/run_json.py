"""A run's progress as data: what the reader told us, what was checked, and what is in the way."""

from datetime import datetime
from typing import Any

from kb.checklist.event import Event
from kb.checklist.marks import Checked
from kb.checklist.progress import Progress, StepProgress
from kb.checklist.stored_run import StoredRun
from kb.web.own_progress import progress_for
from kb.web.site import Site
from kb.web.visitor import Visitor


def run_json(site: Site, run: StoredRun, me: Visitor, refused: str) -> dict[str, Any]:
    """The run's progress for programs; `refused` says what could not be done."""
    progress = progress_for(site, run, me)
    coming = progress.next
    return {
        "run": run.id,
        "name": progress.title,
        "article": run.article,
        "edition": run.edition or None,
        "revision": run.revision,
        "account": progress.account or None,
        "version": progress.version,
        "state": progress.state,
        "done": progress.done,
        "total": len(progress.own),
        "next": coming.step.id if coming else None,
        "finished": progress.finished,
        "closed": _closed(progress.closed),
        "move": _move(site, run),
        "refused": refused or None,
        "steps": [_step(item, progress) for item in progress.steps],
    }


def utc(at: datetime | None) -> str | None:
    """`2019-09-10T14:05:00Z`."""
    return at.isoformat().replace("+00:00", "Z") if at else None


def _closed(event: Event | None) -> dict[str, Any] | None:
    if event is None:
        return None
    return {
        "at": utc(event.at),
        "reason": event.body.get("reason"),
        "run": event.body.get("run") or event.body.get("into"),
    }


def _move(site: Site, run: StoredRun) -> dict[str, Any] | None:
    destination = site.outlooks.of(site.library, run).destination
    if destination is None:
        return None
    onto = destination.checklist
    return {
        "edition": onto.edition or None,
        "revision": onto.revision,
        "weight": destination.weight,
        "url": f"/runs/{run.id}/move",
    }


def _step(item: StepProgress, progress: Progress) -> dict[str, Any]:
    step, marks = item.step, item.marks
    said = marks.requested or marks.ticked
    return {
        "id": step.id,
        "number": step.number,
        "text": step.text,
        "status": item.status.code,
        "says": item.status.text,
        "ticked": item.ticked,
        "told": {"at": utc(said.at), "by": said.actor} if said else None,
        "notNeeded": _said(marks.not_needed, "reason"),
        "note": _said(marks.note, "text"),
        "checked": _checked(marks.checked, item, progress.now),
        "answers": [
            {"question": name, "answer": answer, "at": utc(marks.answered_at.get(name))}
            for name, answer in marks.answers.items()
        ],
        "couldNotCheck": utc(item.could_not_check),
        "gate": "must-pass" if step.gate else "should-pass" if step.soft else None,
        "after": list(step.after),
        "blocks": [block.text for block in item.blocks],
    }


def _said(event: Event | None, field: str) -> dict[str, Any] | None:
    return {field: event.body[field], "at": utc(event.at), "by": event.actor} if event else None


def _checked(checked: Checked | None, item: StepProgress, now: datetime) -> dict[str, Any] | None:
    """The last verdict that reached the account. `void`: an answer or an action since then made it worth nothing."""
    if checked is None:
        return None
    verdict = checked.verdict
    return {
        "at": utc(checked.at),
        "by": checked.actor,
        "age": int((now - checked.at).total_seconds()),
        "until": utc(item.until),
        "stale": item.stale,
        "void": item.void,
        "check": item.step.check.name if item.step.check else None,
        **verdict.as_json(),
    }
