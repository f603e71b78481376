"""Where a run stands: computed by folding its events over its checklist, never stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from kb.checklist.carried import carried
from kb.checklist.check import Outcome, Record
from kb.checklist.checklist import Checklist, ChecklistStep
from kb.checklist.event import Event
from kb.checklist.gates import Look, blocks_of
from kb.checklist.life import Life, State, live
from kb.checklist.marks import Marks, TargetProgress, current_verdict, mark
from kb.checklist.merging import taken_over
from kb.checklist.status import Block, Status, status_of
from kb.errors import Refused
from kb.words import words

_CLOSED: Mapping[str, State] = {"restarted": "restarted", "merged": "merged"}


@dataclass(frozen=True, slots=True)
class StepProgress:
    """Where one step stands, for whoever looks now."""

    step: ChecklistStep
    marks: Marks
    blocks: tuple[Block, ...]
    until: datetime | None = None  # so long the verdict counts for what it holds back; None: nothing waits for it
    stale: bool = False  # whether that is over

    @property
    def status(self) -> Status:
        """What its label says."""
        return status_of(self.step, self.marks, self.blocks, self.stale)

    @property
    def ticked(self) -> bool:
        """Whether the reader said that it is done."""
        return self.marks.ticked is not None or self.marks.requested is not None

    @property
    def pending(self) -> tuple[TargetProgress, ...]:
        """Confirmed targets that are not settled."""
        return tuple(target for target in self.marks.targets.values() if not target.settled)

    @property
    def may_say(self) -> bool:
        """Whether an explicit choice of the reader would open this step."""
        return bool(self.blocks) and all(block.word for block in self.blocks)

    @property
    def void(self) -> bool:
        """Whether an answer or an action since the last verdict made it worth nothing."""
        return self.marks.checked is not None and current_verdict(self.marks) is None

    @property
    def could_not_check(self) -> datetime | None:
        """When the last check failed to reach the account, if it did."""
        tried = self.marks.tried
        return tried.at if tried and not tried.verdict.reached else None


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands, for the `viewer` who is signed in to the account `alias` ("" if to none)."""

    checklist: Checklist
    now: datetime
    alias: str
    viewer: str
    life: Life
    steps: tuple[StepProgress, ...]
    marks: Mapping[str, Marks]
    blocks: tuple[Block, ...]  # what stops the whole: a question answered "yes"
    holds: tuple[Block, ...] = ()  # what keeps irreversible steps and actions waiting

    @property
    def version(self) -> int:
        """How many events it was computed from."""
        return self.life.version

    @property
    def account(self) -> str:
        """The alias that the run is linked to, "" if none."""
        return self.life.account

    @property
    def title(self) -> str:
        """The reader's own name for the run, else the article's title."""
        return self.life.name or self.checklist.title

    @property
    def closed(self) -> Event | None:
        """The event since which the run can only be read."""
        return self.life.closed

    @property
    def state(self) -> State:
        """Where the run as a whole stands."""
        if self.closed:
            return _CLOSED.get(self.closed.kind, "abandoned")
        return "finished" if self.finished else "in-progress"

    @property
    def own(self) -> tuple[StepProgress, ...]:
        """The steps that are the reader's to do."""
        return tuple(item for item in self.steps if not item.step.waits)

    @property
    def done(self) -> int:
        """How many of the reader's steps are done."""
        return sum(item.status.done for item in self.own)

    @property
    def next(self) -> StepProgress | None:
        """The first step that is not done."""
        return next((item for item in self.own if not item.status.done), None)

    @property
    def requested(self) -> Event | None:
        """The event that recorded the last irreversible step, if it was done."""
        return next((item.marks.requested for item in reversed(self.steps) if item.marks.requested), None)

    @property
    def finished(self) -> bool:
        """Whether the reader's part is over: the irreversible step is done, or all steps are where there is none."""
        if any(item.step.irreversible for item in self.steps):
            return all(item.marks.requested for item in self.steps if item.step.irreversible)
        return bool(self.own) and self.next is None

    @property
    def open_steps(self) -> tuple[StepProgress, ...]:
        """The reader's steps that are not done."""
        return tuple(item for item in self.own if not item.status.done)

    @property
    def with_code(self) -> Mapping[str, tuple[StepProgress, ...]]:
        """All steps by the code of their status."""
        codes = dict.fromkeys(item.status.code for item in self.steps)
        return {code: tuple(item for item in self.steps if item.status.code == code) for code in codes}

    def step(self, step_id: str) -> StepProgress | None:
        """Where the step with this id stands."""
        return next((item for item in self.steps if item.step.id == step_id), None)

    def again(self, events: Iterable[Event], now: datetime) -> "Progress":
        """The same look at a run whose events may have grown. Raises Refused if it moved to other steps meanwhile."""
        events = tuple(events)
        if events and events[-1] is self.life.last and now - self.now < timedelta(seconds=1):
            return self
        later = fold(self.checklist, events, now, self.alias, self.viewer, self.holds)
        if _version(later.life.moved) != _version(self.life.moved):
            raise Refused(words("This checklist moved to another edition just now. Look at it before you go on."))
        return later

    @property
    def record(self) -> Record:
        """What answers after the last step are computed from."""
        request = self.requested
        gates = [item for item in self.steps if item.step.gate]
        checked = [item.marks.checked for item in gates if item.marks.checked]
        return Record(
            now=self.now,
            requested=request.at if request else None,
            basis=request.body.get("basis", "none") if request else "none",
            basis_at=_time(request.body.get("basis_at")) if request else None,
            left=sum(len(item.verdict.left) for item in checked) if checked else None,
            cleared=_cleared(gates, request),
        )


def fold(
    checklist: Checklist,
    events: Iterable[Event],
    now: datetime,
    alias: str = "",
    viewer: str = "reader",
    holds: tuple[Block, ...] = (),
) -> Progress:
    """Fold the events, oldest first. `alias` is the account that is signed in now, "" if none; `viewer` the actor.

    `holds` say why irreversible steps and actions wait, beside the run's own rules.
    """
    events = tuple(events)
    marks: dict[str, Marks] = {}
    for event in events:
        marks = _marked(marks, event)
    whole = tuple(_stops(checklist, marks.get("", Marks())))
    steps = tuple(_stands(checklist, marks, whole, Look(now, alias, viewer, holds)))
    return Progress(checklist, now, alias, viewer, live(events), steps, marks, whole, holds)


def _marked(marks: dict[str, Marks], event: Event) -> dict[str, Marks]:
    """The marks after one more event."""
    if event.kind == "moved":
        return carried(marks, event)
    for one in taken_over(event) if event.kind == "merged" else (event,):
        mark(marks.setdefault(one.step, Marks()), one)
    return marks


def _stops(checklist: Checklist, answers: Marks) -> Iterable[Block]:
    for question in checklist.questions:
        if answers.answers.get(question.id) == "yes":
            yield Block("stopped", question.stop, question.id)


def _stands(
    checklist: Checklist, marks: Mapping[str, Marks], whole: tuple[Block, ...], look: Look
) -> Iterable[StepProgress]:
    """A step only comes after earlier ones, so those are known when it is its turn."""
    earlier: dict[str, StepProgress] = {}

    def done(step_id: str) -> bool:
        return step_id in earlier and earlier[step_id].status.done

    for step in checklist.steps:
        mine = marks.get(step.id) or Marks()
        free = not (step.irreversible or step.after) or _needs_no_leave(step, mine)
        blocks = whole if free else (*whole, *blocks_of(step, checklist, marks, look, done))
        until = _until(step, mine, checklist, marks) if step.guards else None
        stale = until is not None and look.now > until
        earlier[step.id] = item = StepProgress(step, mine, blocks, until, stale)
        yield item


def _needs_no_leave(step: ChecklistStep, marks: Marks) -> bool:
    """What is done needs none any more."""
    return bool(step.waits or marks.requested or (marks.ticked and not step.irreversible))


def _until(gate: ChecklistStep, mine: Marks, checklist: Checklist, marks: Mapping[str, Marks]) -> datetime | None:
    """How long the verdict counts: the least of what the steps allow that still wait for it."""
    checked = current_verdict(mine)
    if checked is None:
        return None
    said = {name for name, other in marks.items() if other.requested or other.ticked}
    fresh = [other.fresh for other in checklist.gated_by(gate) if other.id not in said]
    return checked.at + timedelta(seconds=min(fresh)) if fresh else None


def _cleared(gates: list[StepProgress], request: Event | None) -> datetime | None:
    if request is None or not gates:
        return None
    checked = [item.marks.checked for item in gates]
    after = [
        item.at
        for item in checked
        if item and item.version > request.version and item.verdict.outcome is Outcome.PASSED
    ]
    return max(after) if len(after) == len(gates) else None


def _version(event: Event | None) -> int:
    return event.version if event else 0


def _time(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
