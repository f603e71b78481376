"""What a move would mean for one run: for each step, what happens to all that was said of it (decision 6)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from kb.article.side_file import StopQuestion
from kb.article.step_match import StepMatch
from kb.checklist.carried import Keep, Part
from kb.checklist.checklist import Checklist, ChecklistStep
from kb.checklist.destination import Destination
from kb.checklist.event import Draft
from kb.checklist.progress import Progress, StepProgress
from kb.errors import Refused

Effect = Literal[
    "kept",  # it is done and stays so
    "open",  # it was open and stays so
    "look",  # it was done by a check that is another one now
    "again",  # all parts were done: the tick stays, but it is to be checked again
    "parts",  # only some parts were done
    "receipt",  # it was done in the earlier way, which counts
    "method",  # it is open, and done in another way now
    "split",  # it became several steps, which are open
    "new",
    "record",  # it is no step any more; what was done stays in the record
    "gone",  # it is no step any more, and nothing was done
]


@dataclass(frozen=True, slots=True)
class StepMove:
    """What the move does to one step, or to some that belong together, in the order of the new checklist."""

    part: Part
    effect: Effect
    older: tuple[StepProgress, ...]  # as they stand
    newer: tuple[ChecklistStep, ...]

    @property
    def done(self) -> tuple[StepProgress, ...]:
        """The older steps that are done."""
        return tuple(item for item in self.older if _done(item))


@dataclass(frozen=True, slots=True)
class CarryOver:
    """One run's move to one destination."""

    destination: Destination
    was: Checklist
    steps: tuple[StepMove, ...]
    questions: tuple[StopQuestion, ...]  # that are asked, new ones or in other words
    kept: tuple[str, ...]  # ids of the questions whose answers stay
    prerequisites: tuple[str, ...]  # ids of those whose verdicts stay
    refused: str = ""  # why the run cannot move now

    def draft(self, event_id: str, actor: str) -> Draft:
        """The event. Raises Refused."""
        if self.refused:
            raise Refused(self.refused)
        was = {"edition": self.was.edition, "revision": self.was.revision, "snapshot": self.was.hash}
        body: dict[str, Any] = {
            "from": was,
            "weight": self.destination.weight,
            "steps": [move.part.as_json() for move in self.steps],
            "questions": list(self.kept),
            "prerequisites": list(self.prerequisites),
        }
        return Draft(event_id, "moved", actor, body=body)


def carry_over(progress: Progress, destination: Destination) -> CarryOver:
    """What the move would do to this run as it stands."""
    was, onto = progress.checklist, destination.checklist
    answerable = {(question.id, question.ask) for question in was.questions}
    asked = tuple(question for question in onto.questions if (question.id, question.ask) not in answerable)
    moves = tuple(_move(match, progress, destination) for match in destination.matches)
    return CarryOver(
        destination=destination,
        was=was,
        steps=moves,
        questions=asked,
        kept=tuple(question.id for question in onto.questions if question not in asked),
        prerequisites=tuple(one.id for one in onto.prerequisites if (one.id, one.check) in _checks(was)),
        refused=next(_refusals(moves), ""),
    )


def _checks(checklist: Checklist) -> list[tuple[str, object]]:
    return [(one.id, one.check) for one in checklist.prerequisites]


def _refusals(moves: Sequence[StepMove]) -> Iterator[str]:
    """What was confirmed and is under way must have a step in which it goes on."""
    for move in moves:
        for item in move.older:
            if item.pending and not move.part.actor:
                yield (
                    f"What you asked for in step {item.step.number} is still under way. "
                    "See how far it is; when it has ended you can move."
                )


def _move(match: StepMatch, progress: Progress, destination: Destination) -> StepMove:
    older = tuple(item for name in match.older if (item := progress.step(name)))
    newer = tuple(step for name in match.newer if (step := destination.checklist.step(name)))
    mine = [item for item in older if not item.step.waits]
    done = bool(mine) and len(older) == len(match.older) and all(_done(item) for item in mine)
    keep = _keep(match, done)
    same_check = len(older) == 1 and len(newer) == 1 and older[0].step.check == newer[0].check
    part = Part(
        how=match.how,
        older=tuple(item.step.id for item in older),
        newer=tuple(step.id for step in newer),
        keep=keep,
        proof=same_check and keep in ("all", "receipt"),
        word=destination.weight == "wording",
        actor=_actor(older, newer),
        proposed=match.proposed,
        now=match.now,
    )
    return StepMove(part, _effect(part, older), older, newer)


def step_moves(parts: Iterable[Part], before: Progress, onto: Checklist) -> tuple[StepMove, ...]:
    """The same of a move that was made: its parts, how the run stood before it, and the checklist that it led to."""
    return tuple(_made(part, before, onto) for part in parts)


def _made(part: Part, before: Progress, onto: Checklist) -> StepMove:
    older = tuple(item for name in part.older if (item := before.step(name)))
    newer = tuple(step for name in part.newer if (step := onto.step(name)))
    return StepMove(part, _effect(part, older), older, newer)


def _keep(match: StepMatch, done: bool) -> Keep:
    """The table of decision 6."""
    match match.how:
        case "same" | "reworded" | "moved":
            return "all"
        case "merged" if done:
            return "again"
        case "method-changed" if done:
            return "receipt"
        case "dropped":
            return "nothing"
    return "note" if match.older else "nothing"


def _effect(part: Part, older: Sequence[StepProgress]) -> Effect:
    some = any(_done(item) for item in older)
    lost = not part.proof and not any(_said(item) for item in older)
    match part.how:
        case "merged":
            return "again" if part.keep == "again" else "parts" if some else "open"
        case "method-changed":
            return "method" if part.keep != "receipt" else "look" if lost else "receipt"
        case "split":
            return "split"
        case "new":
            return "new"
        case "dropped":
            return "record" if some else "gone"
    return "open" if not some else "look" if lost else "kept"


def _actor(older: Sequence[StepProgress], newer: Sequence[ChecklistStep]) -> str:
    """The first new step whose action is the one that was confirmed in an older one."""
    names = {item.step.action.name for item in older if item.step.action and item.marks.targets}
    able = [step.id for step in newer if step.action and names == {step.action.name}]
    return able[0] if able else ""


def _done(item: StepProgress) -> bool:
    """Done, or done before an earlier move that asks to check it again."""
    return item.status.done or bool(item.marks.again and (item.ticked or item.marks.not_needed))


def _said(item: StepProgress) -> bool:
    return item.ticked or item.marks.not_needed is not None
