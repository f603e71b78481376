"""Where a run could move: to the same procedure as the article has it now."""

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kb.article.article import Article
from kb.article.edition import Edition
from kb.article.side_file import SideProcedure, SideStep, Weight
from kb.article.step import Procedure, Step
from kb.article.step_changes import changes_of, step_changes
from kb.article.step_match import StepMatch
from kb.checklist.checklist import Checklist, ChecklistStep, checklist_of

_KEPT = frozenset(["same", "reworded", "moved"])
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Destination:
    """The checklist to move to, what became of each step on the way, and how much that matters."""

    checklist: Checklist
    matches: tuple[StepMatch, ...]  # an older step may be one of another procedure, which the run does not have
    weight: Weight
    summary: tuple[str, ...]  # the authors' sentences, oldest first

    @property
    def proposed(self) -> bool:
        """Whether any of it rests on the likeness of words."""
        return any(match.proposed for match in self.matches)


def destination_of(article: Article, checklist: Checklist) -> Destination | None:
    """Where a run on `checklist` could move; None if it does already, or there are no such steps.

    The weight is `wording` only if nothing is asked of the reader and nothing rests on mere likeness.
    """
    current = article.current
    if any(checklist_of(article, current, one).hash == checklist.hash for one in current.procedures):
        return None
    changes = step_changes(article, _was(article, checklist), current)
    procedure = _procedure(current, changes.matches, checklist)
    if procedure is None:
        return None
    onto = checklist_of(article, current, procedure)
    matches = tuple(_own(changes.matches, checklist, onto, current))
    weight: Weight = changes.weight
    told = _told(current, checklist, onto)
    if weight == "wording" and not all(_harmless(match, checklist, onto, told) for match in matches):
        weight = "content"
    return Destination(onto, matches, weight, changes.summary)


def _harmless(match: StepMatch, checklist: Checklist, onto: Checklist, told: Container[str]) -> bool:
    """Whether the step goes on as it was: its author says so, or its words are the very same."""
    if match.how not in _KEPT:
        return False
    one, other = checklist.step(match.older[0]), onto.step(match.newer[0])
    return match.newer[0] in told or (one is not None and other is not None and _words(one) == _words(other))


def _told(current: Edition, checklist: Checklist, onto: Checklist) -> Container[str]:
    """The steps of which the current edition's side file says what they were: in another edition, not in a revision."""
    if checklist.edition == onto.edition:
        return ()
    return {name for _, changes in changes_of(current) for name in changes.steps}


def _words(step: ChecklistStep) -> list[str]:
    return f"{step.text} {_TAG.sub(' ', step.body)}".split()


def _was(article: Article, checklist: Checklist) -> Edition:
    """The edition as it was when the run began: its procedure from the snapshot, the others as they are now."""
    day = date.fromisoformat(checklist.edition) if checklist.edition else None
    same_day = next((edition for edition in article.editions if edition.date == day), None)
    others = _others(same_day.procedures, checklist) if same_day else ()
    return replace(article.current, date=day, procedures=(_pinned(checklist), *others))


def _others(procedures: Sequence[Procedure], checklist: Checklist) -> Sequence[Procedure]:
    """Those that are not the run's own; none if nobody can tell."""
    ids = {step.id for step in checklist.steps}
    shared = [len(ids & {step.id for step in one.steps}) for one in procedures]
    named = [place for place, one in enumerate(procedures) if one.heading == checklist.heading]
    own = shared.index(max(shared)) if any(shared) else named[0] if named else None
    return [one for place, one in enumerate(procedures) if place != own] if own is not None else ()


def _pinned(checklist: Checklist) -> Procedure:
    """The snapshot as a procedure. Its ids count as given: ids belong to the article."""
    steps = tuple(Step(one.id, one.number, one.text, 1, one.html, one.body) for one in checklist.steps)
    given = tuple(SideStep(one.number, one.text, one.id) for one in checklist.steps)
    return Procedure(checklist.heading, 1, "pinned", steps, SideProcedure(checklist.heading, given))


def _procedure(current: Edition, matches: Sequence[StepMatch], checklist: Checklist) -> Procedure | None:
    """The procedure that took up most of the run's steps."""
    ids = {step.id for step in checklist.steps}
    taken = {name for match in matches if ids & set(match.older) for name in match.newer}
    counts = [sum(step.id in taken for step in one.steps) for one in current.procedures]
    return current.procedures[counts.index(max(counts))] if any(counts) else None


def _own(matches: Sequence[StepMatch], checklist: Checklist, onto: Checklist, current: Edition) -> Iterator[StepMatch]:
    """What it means for this run, whose steps are those of one procedure."""
    for match in matches:
        older = [name for name in match.older if checklist.step(name)]
        newer = tuple(name for name in match.newer if onto.step(name))
        if older and newer:
            yield replace(match, newer=newer)
        elif older:
            yield StepMatch("dropped", tuple(older), (), match.now or _heading(current, match), match.proposed)
        elif newer:
            yield StepMatch("new", (), newer, proposed=match.proposed)


def _heading(current: Edition, match: StepMatch) -> str:
    """Where the step stands now, if it stands in another procedure."""
    places = (one.heading for one in current.procedures for step in one.steps if step.id in match.newer)
    return next(places, "")
