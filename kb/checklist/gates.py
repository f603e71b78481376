"""What holds a step back: open questions, missing roles, gates that are not proven (decision 9), and the order."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kb.article.side_file import Prerequisite
from kb.checklist.check import Outcome
from kb.checklist.checklist import Checklist, ChecklistStep
from kb.checklist.event import Event
from kb.checklist.marks import Marks, current_verdict
from kb.checklist.status import Block
from kb.words import words

Done = Callable[[str], bool]  # whether the step with this id is done


@dataclass(frozen=True, slots=True)
class Look:
    """Who looks, and when: `alias` is the account that is signed in now, "" if none; `viewer` the actor."""

    now: datetime
    alias: str
    viewer: str
    holds: tuple[Block, ...] = ()  # what keeps irreversible steps and actions waiting, beside the run's own rules


def blocks_of(
    step: ChecklistStep, checklist: Checklist, marks: Mapping[str, Marks], look: Look, done: Done
) -> Iterable[Block]:
    """What is missing before `step`, the gravest first."""
    if step.irreversible:
        yield from look.holds
        yield from _unanswered(checklist, marks)
        if look.alias:
            for prerequisite in checklist.prerequisites:
                yield from _prerequisite(prerequisite, marks.get(prerequisite.id, Marks()), look)
    yield from _gates(step, checklist, marks, look)
    yield from _order(step, checklist, done)


def _unanswered(checklist: Checklist, marks: Mapping[str, Marks]) -> Iterable[Block]:
    """The questions before the first step that have no answer yet."""
    answers = marks.get("", Marks()).answers
    for question in checklist.questions:
        if question.id not in answers:
            yield Block("unanswered", words("answer the question first: {ask}", ask=question.ask), question.id)


def _prerequisite(wanted: Prerequisite, marks: Marks, look: Look) -> Iterable[Block]:
    """What passed for one user of the account says nothing of another."""
    checked = marks.checked
    if checked is None or checked.verdict.account != look.alias or checked.actor != look.viewer:
        yield Block("unchecked", words("we have not checked yet: {label}", label=wanted.label), wanted.id)
    elif checked.verdict.outcome is not Outcome.PASSED:
        yield Block("prerequisite", checked.verdict.message, wanted.id)


def _gates(step: ChecklistStep, checklist: Checklist, marks: Mapping[str, Marks], look: Look) -> Iterable[Block]:
    """A word counts for the gates as they stood when it was given."""
    word = marks.get(step.id, Marks()).word
    for gate in checklist.gates_before(step):
        mine = marks.get(gate.id, Marks())
        block = _soft(gate, step, mine, look) if gate.soft else _gate(gate, step, mine, look)
        if block and not (block.word and word and _said_after(word, mine, look, gate.soft)):
            yield block


def _gate(gate: ChecklistStep, step: ChecklistStep, marks: Marks, look: Look) -> Block | None:
    """Decision 9: signed in, only a fresh verdict opens; signed out or out of reach, the reader's own word."""
    name = words("step {number}", number=gate.number)
    checked = current_verdict(marks)
    fresh = checked is not None and look.now - checked.at <= timedelta(seconds=step.fresh)
    if checked and fresh and checked.verdict.outcome is Outcome.PASSED and look.alias in ("", checked.verdict.account):
        return None
    if not look.alias:
        return Block(
            "word", words("{name} was not checked. Sign in, or tell us what you did", name=name), gate.id, word=True
        )
    if marks.tried and not marks.tried.verdict.reached:
        return Block(
            "unknown",
            words("we could not check {name}. {message}", name=name, message=marks.tried.verdict.message),
            gate.id,
            word=True,
        )
    if checked is None or checked.verdict.account != look.alias:
        return Block("unchecked", words("{name} has not been checked", name=name), gate.id)
    if checked.verdict.outcome is Outcome.FAILED:
        return Block(
            "failed", words("{name} is not done. {message}", name=name, message=checked.verdict.message), gate.id
        )
    if checked.verdict.outcome is Outcome.UNKNOWN:
        return Block(
            "unknown", words("{name} is not proven. {message}", name=name, message=checked.verdict.message), gate.id
        )
    return Block("stale", words("{name} was checked {when}; that is too long ago", name=name, when=checked.at), gate.id)


def _soft(gate: ChecklistStep, step: ChecklistStep, marks: Marks, look: Look) -> Block | None:
    """A soft gate warns like a hard one, but the reader's tick is enough for it unless a check says otherwise."""
    block = _gate(gate, step, marks, look)
    checked = current_verdict(marks)
    against = checked is not None and checked.verdict.outcome is Outcome.FAILED
    if block is None or (not against and (marks.ticked or marks.not_needed)):
        return None
    if against and checked and not look.alias:  # signed out, a hard gate does not tell what a check found
        block = replace(
            block,
            code="failed",
            text=words("step {number} is not done. {message}", number=gate.number, message=checked.verdict.message),
        )
    return replace(block, word=True, soft=True)


def _said_after(word: Event, gate: Marks, look: Look, soft: bool) -> bool:
    """Signed in, a word only counts for the failed attempt that it answers."""
    if gate.tried is None:
        return soft or not look.alias
    return not look.alias or word.version > gate.tried.version


def _order(step: ChecklistStep, checklist: Checklist, done: Done) -> Iterable[Block]:
    """The first of the steps that must come before it; gates say it more exactly."""
    gates = {gate.id for gate in checklist.gates_before(step)}
    for other in checklist.steps:
        if other.id in step.after and other.id not in gates and not done(other.id):
            yield Block("order", words("step {number} first", number=other.number), other.id)
            return
