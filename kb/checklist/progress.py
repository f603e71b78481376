"""Where a run stands: computed by folding its events over its checklist, never stored."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kb.checklist.check import Outcome, Record
from kb.checklist.checklist import Checklist, ChecklistStep
from kb.checklist.event import Event
from kb.checklist.gates import gates, unanswered
from kb.checklist.marks import Marks, TargetProgress, current_verdict, mark
from kb.checklist.status import Block, Status
from kb.dates import moment


@dataclass(frozen=True, slots=True)
class StepProgress:
    """Where one step stands, for whoever looks now."""

    step: ChecklistStep
    status: Status
    marks: Marks
    blocks: tuple[Block, ...]

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
    def could_not_check(self) -> datetime | None:
        """When the last check failed to reach the account, if it did."""
        tried = self.marks.tried
        return tried.at if tried and not tried.verdict.reached else None


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands. `account` is the alias that it is linked to, "" if none; `alias` the one signed in now."""

    checklist: Checklist
    version: int
    now: datetime
    alias: str
    viewer: str
    account: str
    steps: tuple[StepProgress, ...]
    marks: Mapping[str, Marks]
    blocks: tuple[Block, ...]  # what stops the whole: a question answered "yes"

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

    def step(self, step_id: str) -> StepProgress | None:
        """Where the step with this id stands."""
        return next((item for item in self.steps if item.step.id == step_id), None)

    def again(self, events: Iterable[Event], now: datetime) -> "Progress":
        """The same look at a run whose events may have grown."""
        return fold(self.checklist, events, now, self.alias, self.viewer)

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
    checklist: Checklist, events: Iterable[Event], now: datetime, alias: str = "", viewer: str = "reader"
) -> Progress:
    """Fold the events, oldest first. `alias` is the account that is signed in now, "" if none; `viewer` the actor."""
    marks: dict[str, Marks] = {}
    account, version = "", 0
    for event in events:
        version = event.version
        if event.kind == "linked":
            account = event.body["account"]
        mark(marks.setdefault(event.step, Marks()), event)
    whole = tuple(_stops(checklist, marks.get("", Marks())))
    steps = tuple(_stand(step, checklist, marks, whole, (now, alias, viewer)) for step in checklist.steps)
    return Progress(checklist, version, now, alias, viewer, account, steps, marks, whole)


def _stops(checklist: Checklist, answers: Marks) -> Iterable[Block]:
    for question in checklist.questions:
        if answers.answers.get(question.id) == "yes":
            yield Block("stopped", question.stop, question.id)


def _stand(
    step: ChecklistStep,
    checklist: Checklist,
    marks: Mapping[str, Marks],
    whole: tuple[Block, ...],
    look: tuple[datetime, str, str],
) -> StepProgress:
    mine = marks.get(step.id, Marks())
    blocks = whole
    if step.irreversible and not mine.requested:
        blocks = (*whole, *unanswered(checklist, marks), *gates(step, checklist, marks, *look))
    return StepProgress(step, _status(step, mine, blocks), mine, blocks)


def _status(step: ChecklistStep, marks: Marks, blocks: tuple[Block, ...]) -> Status:
    if step.waits:
        return Status("waiting", f"Waiting: {step.waits}")
    checked = current_verdict(marks)
    if checked and checked.verdict.outcome is Outcome.FAILED:
        return Status("problem", f"There is a problem: {first_clause(checked.verdict.message)}")
    if checked and checked.verdict.outcome is Outcome.PASSED:
        told = f"; you told us: {', '.join(checked.verdict.told)}" if checked.verdict.told else ""
        return Status("done-seen", f"Completed, checked {moment(checked.at)}{told}")
    said = marks.requested or marks.ticked
    if said:
        return Status("done-said", f"Completed, you told us {moment(said.at)}")
    if blocks:
        return Status("blocked", f"Cannot start yet: {first_clause(blocks[0].text)}")
    if any(not target.settled for target in marks.targets.values()):
        return Status("doing", "In progress")
    if marks.checked and not checked:
        return Status("recheck", f"Check again: {_why_again(marks)}")
    if marks.answers or marks.targets or marks.revealed or (checked and checked.verdict.reached):
        return Status("doing", "In progress")
    return Status("todo", "Not started")


def _why_again(marks: Marks) -> str:
    return "something was changed since" if marks.changed > marks.answered else "you changed an answer"


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


def _time(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def first_clause(text: str) -> str:
    """The first sentence, as it stands after a colon: a status is short, the page says the rest beside it."""
    return text.strip().partition(". ")[0].removesuffix(".")
