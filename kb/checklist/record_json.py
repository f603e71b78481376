"""The record of a run as JSON data: complete, so that nothing else needs to be kept."""

from datetime import UTC, datetime
from typing import Any

from kb.checklist.checklist import Checklist
from kb.checklist.progress import StepProgress
from kb.checklist.record import Recorded, RunRecord


def record_json(record: RunRecord) -> dict[str, Any]:
    """Times are ISO 8601 in UTC, `steps` is null if the run was purged; `events` hold what was sent and found."""
    progress = record.progress
    return {
        "record": 1,
        "run": record.run,
        "name": record.title,
        "article": record.article,
        "edition": record.checklist.edition or None,
        "revision": record.checklist.revision,
        "account": (progress.account or None) if progress else None,
        "started": utc(record.started),
        "purged": utc(record.purged),
        "made": utc(record.made),
        "state": progress.state if progress else "purged" if record.purged else "unreadable",
        "done": progress.done if progress else None,
        "total": len(progress.own) if progress else None,
        "intact": record.intact,
        "chained": record.chained,
        "head": record.head or None,
        "findings": [{"code": one.code, "version": one.version, "text": one.text} for one in record.findings],
        "checklists": [_checklist(first, followed) for first, followed in record.checklists],
        "steps": [_step(item) for item in progress.steps] if progress else None,
        "events": [_event(one) for one in record.events],
    }


def utc(at: datetime | None) -> str | None:
    """`2019-09-10T14:05:00Z`."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None


def _checklist(first: Recorded, followed: Checklist) -> dict[str, Any]:
    return {
        "snapshot": first.snapshot,
        "since": first.event.version,
        "title": followed.title,
        "edition": followed.edition or None,
        "revision": followed.revision,
        "heading": followed.heading,
        "steps": [{"id": step.id, "number": step.number, "text": step.text} for step in followed.steps],
    }


def _step(item: StepProgress) -> dict[str, Any]:
    said, checked = item.marks.requested or item.marks.ticked, item.marks.checked
    return {
        "id": item.step.id,
        "number": item.step.number,
        "text": item.step.text,
        "status": item.status.code,
        "says": item.status.text,
        "told": {"at": utc(said.at), "by": said.actor} if said else None,
        "checked": {"at": utc(checked.at), "by": checked.actor, **checked.verdict.as_json()} if checked else None,
    }


def _event(one: Recorded) -> dict[str, Any]:
    told = {"says": one.says, "erased": one.erased, "snapshot": one.snapshot, "mac": one.mac}
    return {**one.event.as_json(), **told}
