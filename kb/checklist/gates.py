"""What holds an irreversible step back: open questions, missing roles, and gates that are not proven (decision 9)."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from kb.article.side_file import Prerequisite
from kb.checklist.check import Outcome
from kb.checklist.checklist import Checklist, ChecklistStep
from kb.checklist.event import Event
from kb.checklist.marks import Marks, current_verdict
from kb.checklist.status import Block
from kb.dates import moment


def unanswered(checklist: Checklist, marks: Mapping[str, Marks]) -> Iterable[Block]:
    """The questions before the first step that have no answer yet."""
    answers = marks.get("", Marks()).answers
    for question in checklist.questions:
        if question.id not in answers:
            yield Block("unanswered", f"answer the question first: {question.ask}", question.id)


def gates(
    step: ChecklistStep, checklist: Checklist, marks: Mapping[str, Marks], now: datetime, alias: str, viewer: str
) -> Iterable[Block]:
    """What is missing before `step`, for the `viewer` who is signed in to the account `alias` ("" if to none)."""
    if alias:
        for prerequisite in checklist.prerequisites:
            yield from _prerequisite(prerequisite, marks.get(prerequisite.id, Marks()), alias, viewer)
    word = marks.get(step.id, Marks()).word
    for gate in checklist.gates_before(step):
        block = _gate(gate, step, marks.get(gate.id, Marks()), now, alias)
        if block and not (block.word and word and _said_after(word, marks.get(gate.id, Marks()), alias)):
            yield block


def _prerequisite(wanted: Prerequisite, marks: Marks, alias: str, viewer: str) -> Iterable[Block]:
    """What passed for one user of the account says nothing of another."""
    checked = marks.checked
    if checked is None or checked.verdict.account != alias or checked.actor != viewer:
        yield Block("unchecked", f"we have not checked yet: {wanted.label}", wanted.id)
    elif checked.verdict.outcome is not Outcome.PASSED:
        yield Block("prerequisite", checked.verdict.message, wanted.id)


def _gate(gate: ChecklistStep, step: ChecklistStep, marks: Marks, now: datetime, alias: str) -> Block | None:
    """Decision 9: signed in, only a fresh verdict opens; signed out or out of reach, the reader's own word."""
    name = f"step {gate.number}"
    checked = current_verdict(marks)
    fresh = checked is not None and now - checked.at <= timedelta(seconds=step.fresh)
    if checked and fresh and checked.verdict.outcome is Outcome.PASSED and alias in ("", checked.verdict.account):
        return None
    if not alias:
        return Block("word", f"{name} was not checked. Sign in, or tell us what you did", gate.id, word=True)
    if marks.tried and not marks.tried.verdict.reached:
        return Block("unknown", f"we could not check {name}. {marks.tried.verdict.message}", gate.id, word=True)
    if checked is None or checked.verdict.account != alias:
        return Block("unchecked", f"{name} has not been checked", gate.id)
    if checked.verdict.outcome is Outcome.FAILED:
        return Block("failed", f"{name} is not done. {checked.verdict.message}", gate.id)
    if checked.verdict.outcome is Outcome.UNKNOWN:
        return Block("unknown", f"{name} is not proven. {checked.verdict.message}", gate.id)
    return Block("stale", f"{name} was checked {moment(checked.at)}; that is too long ago", gate.id)


def _said_after(word: Event, gate: Marks, alias: str) -> bool:
    """Signed in, a word only counts for the failed attempt that it answers."""
    return not alias or (gate.tried is not None and word.version > gate.tried.version)
