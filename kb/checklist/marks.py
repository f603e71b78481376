"""What the events of a run say of one step, question or prerequisite."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from kb.checklist.check import Outcome, Target, TargetState, Verdict
from kb.checklist.event import Event
from kb.packed_words import unpacked

LEASE = timedelta(seconds=40)  # longer than the account's client waits for an answer


@dataclass(frozen=True, slots=True)
class Checked:
    """A verdict with its age."""

    verdict: Verdict
    at: datetime
    version: int
    actor: str = ""  # who had it taken: roles belong to a user, not to the account


@dataclass(frozen=True, slots=True)
class TargetProgress:
    """How far one confirmed target is. `sent` is False as long as no request was started for it."""

    target: Target
    confirmed: int  # version of the event that confirmed it
    since: datetime  # when that was
    sent_at: datetime | None = None  # when the one request for it was announced
    state: TargetState | None = None
    sent: bool = False
    message: str = ""
    operation: str = ""

    def in_flight(self, now: datetime) -> bool:
        """Whether its request may still be on its way: whoever sends it will tell what came of it."""
        return self.state == "unknown" and self.sent_at is not None and now - self.sent_at < LEASE

    @property
    def settled(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in ("done", "refused")


@dataclass(slots=True)
class Marks:
    """All that events said of one step, question or prerequisite."""

    ticked: Event | None = None
    requested: Event | None = None
    not_needed: Event | None = None
    note: Event | None = None
    again: str = ""  # why the step is to be checked again since a move to another edition
    word: Event | None = None
    revealed: bool = False
    checked: Checked | None = None  # the last verdict that reached the account
    tried: Checked | None = None  # the last verdict, reached or not
    answers: dict[str, str] = field(default_factory=dict)
    answered: int = 0  # version of the last answer
    answered_at: dict[str, datetime] = field(default_factory=dict)  # when each question was answered last
    changed: int = 0  # version of the last change by an action
    targets: dict[str, TargetProgress] = field(default_factory=dict)


_SETTLES = ("tick", "untick", "not-needed", "needed", "request")  # the reader looked again, and says so


def mark(marks: Marks, event: Event) -> None:
    """What one event says. An unknown kind (of a later kb) says nothing here."""
    body = unpacked(event.body)
    if event.kind in _SETTLES:
        marks.again = ""
    match event.kind:
        case "tick":
            marks.ticked, marks.not_needed = event, None
        case "untick":
            marks.ticked = marks.requested = None
        case "not-needed":
            marks.ticked, marks.not_needed = None, event
        case "needed":
            marks.not_needed = None
        case "note":
            marks.note = event if event.body["text"] else None
        case "answer":
            marks.answers[body["question"]] = body["answer"]
            marks.answered = event.version
            marks.answered_at[body["question"]] = event.at
        case "word":
            marks.word = event
        case "reveal":
            marks.revealed = True
        case "request":
            marks.requested = event
        case "verdict":
            marks.tried = Checked(Verdict.from_json(body), event.at, event.version, event.actor)
            marks.checked = marks.tried if marks.tried.verdict.reached else marks.checked
            marks.again = "" if marks.tried.verdict.outcome is Outcome.PASSED else marks.again
        case "confirmed":
            for item in body["targets"]:
                known = marks.targets.get(item["id"])
                if known is None or known.settled:
                    marks.targets[item["id"]] = TargetProgress(Target(**item), event.version, event.at)
        case "sending" | "outcome":
            _mark_target(marks, event, body)


def _mark_target(marks: Marks, event: Event, body: Mapping[str, Any]) -> None:
    marks.changed = event.version
    known = marks.targets.get(body["target"])
    if known is None or known.confirmed != body.get("confirmed", known.confirmed):
        return  # an answer to an earlier confirmation says nothing of a later one
    if event.kind == "sending":
        marks.targets[known.target.id] = replace(known, state="unknown", sent=True, sent_at=event.at)
        return
    told = {name: body[name] for name in ("state", "message", "operation")}
    marks.targets[known.target.id] = replace(known, sent=True, sent_at=None, **told)


def current_verdict(marks: Marks) -> Checked | None:
    """The last verdict that reached the account, unless an answer or an action since then made it void."""
    checked = marks.checked
    if checked is None or checked.version < max(marks.answered, marks.changed):
        return None
    return checked
