"""The statuses that a reader sees: few, adjectives, sentence case."""

from dataclasses import dataclass
from typing import Literal

from kb.checklist.check import Outcome
from kb.checklist.checklist import ChecklistStep
from kb.checklist.marks import Marks, current_verdict
from kb.words import commas, first_clause, words

Code = Literal[
    "todo", "doing", "unknown", "done-said", "done-seen", "blocked", "problem", "recheck", "not-needed", "waiting"
]
DONE: tuple[Code, ...] = ("done-said", "done-seen", "not-needed")


@dataclass(frozen=True, slots=True)
class Status:
    """`text` is the whole label: "Completed, checked 10 September 2019, 14:05 UTC"."""

    code: Code
    text: str

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
        return Status("waiting", words("Waiting: {whom}", whom=step.waits))
    checked = current_verdict(marks)
    if checked and checked.verdict.outcome is Outcome.FAILED:
        return Status("problem", words("There is a problem: {what}", what=first_clause(checked.verdict.message)))
    if checked and checked.verdict.outcome is Outcome.PASSED:
        told = words("; you told us: {what}", what=commas(checked.verdict.told)) if checked.verdict.told else ""
        old = words("; check again before you go on") if stale else ""
        return Status("done-seen", words("Completed, checked {when}{told}{old}", when=checked.at, told=told, old=old))
    if marks.again:
        return Status("recheck", words("Check again: {why}", why=marks.again))
    if marks.not_needed:
        return Status("not-needed", words("Not needed: {reason}", reason=marks.not_needed.body["reason"]))
    said = marks.requested or marks.ticked
    if said:
        return Status("done-said", words("Completed, you told us {when}", when=said.at))
    if blocks:
        return Status("blocked", words("Cannot start yet: {why}", why=first_clause(blocks[0].text)))
    if any(not target.settled for target in marks.targets.values()):
        return Status("doing", words("In progress"))
    if marks.checked and not checked:
        return Status("recheck", words("Check again: {why}", why=_why_again(marks)))
    if checked:
        return Status(
            "unknown", words("In progress, not known yet: {what}", what=first_clause(checked.verdict.message))
        )
    if marks.answers or marks.targets or marks.revealed:
        return Status("doing", words("In progress"))
    return Status("todo", words("Not started"))


def _why_again(marks: Marks) -> str:
    return words("something was changed since") if marks.changed > marks.answered else words("you changed an answer")
