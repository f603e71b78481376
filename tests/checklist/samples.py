"""A made-up checklist with every kind of step, and short ways to say what happened in a run."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from kb.article.side_file import Finished, Prerequisite, StopQuestion, Use
from kb.checklist.check import Evidence, Outcome, Question, Verdict
from kb.checklist.checklist import Checklist, ChecklistStep
from kb.checklist.event import Draft, Event, Kind
from kb.checklist.progress import Progress, fold

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
QUESTIONS = (Question("attic", "Is anything left in the attic?"),)


class Clock:
    """A clock that goes on by one second with every look."""

    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


def step(number: int, name: str, **more: Any) -> ChecklistStep:
    return ChecklistStep(id=name, number=number, text=name, html=f"<b>{name}</b>", body="", **more)


CHECKLIST = Checklist(
    article="house/moving-out",
    title="Moving out",
    edition="2026-02-01",
    revision="0" * 64,
    heading="Steps",
    steps=(
        step(1, "pack"),
        step(2, "empty", check=Use("house.empty", {"rooms": ["attic"]}), gate=True),
        step(3, "hand-in", irreversible=True, fresh=900),
        step(4, "deposit", waits="for the landlord"),
    ),
    prerequisites=(Prerequisite("tenant", Use("house.has_role"), "You are the tenant"),),
    questions=(StopQuestion("lease", "Is the lease still running?", "Talk to the landlord first."),),
    finished=Finished("You have moved out", "The deposit is not back yet."),
)
MANUAL = Checklist("a/b", "B", "", "1" * 64, "", (step(1, "one"), step(2, "two")))


def verdict(outcome: Outcome, **more: Any) -> Verdict:
    words = {Outcome.PASSED: "All rooms are empty.", Outcome.FAILED: "1 sofa is left.", Outcome.UNKNOWN: "Look."}
    return Verdict(outcome, "Code", words[outcome], **{"account": "ABCD", **more})


PASSED = verdict(Outcome.PASSED, told=("attic",))
FAILED = verdict(Outcome.FAILED, evidence=(Evidence("sofa", "sofa:1", "Sofa", "Attic", "left", removable=True),))
UNKNOWN = verdict(Outcome.UNKNOWN, asks=("attic",))
OUT_OF_REACH = Verdict(Outcome.UNKNOWN, "Unreachable", "The house cannot be reached.", reached=False)


def draft(kind: Kind, name: str = "", **body: Any) -> Draft:
    return Draft(id=f"{kind}-{name}-{sorted(body.items())}", kind=kind, actor="reader", step=name, body=body)


def happened(*drafts: Draft, apart: timedelta = timedelta(seconds=1)) -> tuple[Event, ...]:
    """These events, one after the other."""
    return tuple(
        Event(
            "r",
            version,
            f"{item.id}#{version}",
            START + apart * version,
            item.actor,
            item.kind,
            item.step,
            0,
            item.body,
        )
        for version, item in zip(count(1), drafts, strict=False)
    )


def checked(name: str, found: Verdict) -> Draft:
    return draft("verdict", name, **found.as_json())


def after(*drafts: Draft, alias: str = "", minutes: float = 1, checklist: Checklist = CHECKLIST) -> Progress:
    """Progress some minutes after the start, when this has happened."""
    events: Iterable[Event] = happened(*drafts)
    return fold(checklist, events, START + timedelta(minutes=minutes), alias)
