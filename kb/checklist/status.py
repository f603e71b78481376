"""The statuses that a reader sees: few, adjectives, sentence case."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from kb.checklist.check import Outcome
from kb.checklist.checklist import ChecklistStep
from kb.checklist.marks import Checked, Marks, current_verdict
from kb.words import commas, first_clause, words

Code = Literal[
    "todo", "doing", "unknown", "done-said", "done-seen", "blocked", "problem", "recheck", "not-needed", "waiting"
]
DONE: tuple[Code, ...] = ("done-said", "done-seen", "not-needed")


@dataclass(frozen=True, slots=True)
class Status:
    """What a step's label says is made when somebody reads it: deciding about a tick needs only the code."""

    code: Code
    say: Callable[[], str] = field(compare=False, repr=False)

    @property
    def text(self) -> str:
        """The whole label: "Completed, checked 10 September 2019, 14:05 UTC"."""
        return self.say()

    @property
    def done(self) -> bool:
        """Whether nothing is left for the reader to do."""
        return self.code in DONE


@dataclass(frozen=True, slots=True)
class Block:
    """Why a step cannot start. `word`: the reader may go on by an explicit choice; `soft`: it only warns."""

    code: Literal[
        "stopped", "outdated", "unanswered", "prerequisite", "unchecked", "stale", "failed", "unknown", "word", "order"
    ]
    text: str
    step: str = ""  # id of the step, question or prerequisite that it rests on
    word: bool = False
    soft: bool = False


def status_of(step: ChecklistStep, marks: Marks, blocks: tuple[Block, ...], stale: bool) -> Status:
    """What proof says comes first, then the reader's word, then what is in the way."""
    if step.waits:
        return Status("waiting", lambda: words("Waiting: {whom}", whom=step.waits))
    checked = current_verdict(marks)
    if checked and checked.verdict.outcome is not Outcome.UNKNOWN:
        return _seen(checked, stale)
    if marks.again:
        return Status("recheck", lambda: words("Check again: {why}", why=marks.again))
    needless, said = marks.not_needed, marks.requested or marks.ticked
    if needless:
        return Status("not-needed", lambda: words("Not needed: {reason}", reason=needless.body["reason"]))
    if said:
        return Status("done-said", lambda: words("Completed, you told us {when}", when=said.at))
    if blocks:
        return Status("blocked", lambda: words("Cannot start yet: {why}", why=first_clause(blocks[0].text)))
    if any(not target.settled for target in marks.targets.values()):
        return DOING
    if marks.checked and not checked:
        return Status("recheck", lambda: words("Check again: {why}", why=_why_again(marks)))
    if checked:
        what = checked.verdict.message
        return Status("unknown", lambda: words("In progress, not known yet: {what}", what=first_clause(what)))
    return DOING if marks.answers or marks.targets or marks.revealed else TODO


DOING = Status("doing", lambda: words("In progress"))
TODO = Status("todo", lambda: words("Not started"))


def _seen(checked: Checked, stale: bool) -> Status:
    """By a verdict that is not void and says yes or no."""
    verdict = checked.verdict
    if verdict.outcome is Outcome.FAILED:
        return Status("problem", lambda: words("There is a problem: {what}", what=first_clause(verdict.message)))
    return Status("done-seen", lambda: _passed(checked, stale))


def _passed(checked: Checked, stale: bool) -> str:
    told = words("; you told us: {what}", what=commas(checked.verdict.told)) if checked.verdict.told else ""
    old = words("; check again before you go on") if stale else ""
    return words("Completed, checked {when}{told}{old}", when=checked.at, told=told, old=old)


def _why_again(marks: Marks) -> str:
    return words("something was changed since") if marks.changed > marks.answered else words("you changed an answer")
