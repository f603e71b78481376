"""What became of each step between two editions of an article: the authors' word where there is one, else proposals."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from kb.article.article import Article
from kb.article.edition import Edition
from kb.article.proposals import proposed
from kb.article.side_file import Changes, How, Weight
from kb.article.step import Procedure, Step
from kb.article.step_match import StepMatch, composed, joined

_WEIGHTS: Sequence[Weight] = ("wording", "content", "danger")
_KEPT = frozenset(["same", "reworded", "moved"])


@dataclass(frozen=True, slots=True)
class StepChanges:
    """All matches, in the order of the newer steps; each step of both editions is in exactly one of them."""

    matches: tuple[StepMatch, ...]
    weight: Weight  # the gravest of all editions in between; where no author gave one, what the matches ask for
    summary: tuple[str, ...]  # the authors' sentences, oldest first

    @property
    def proposed(self) -> bool:
        """Whether any of it rests on the likeness of words."""
        return any(match.proposed for match in self.matches)


def step_changes(article: Article, older: Edition, newer: Edition) -> StepChanges:
    """What the editions after `older` up to `newer` did to the steps. Both are the article's, `older` comes first."""
    hops = list(_hops(article, older, newer))[::-1]
    changes = _hop(*hops[0]) if hops else StepChanges((), "wording", ())
    for before, after in hops[1:]:
        following = _hop(before, after)
        matches = composed(changes.matches, following.matches, _ids(older), _ids(after))
        weight = max(changes.weight, following.weight, key=_WEIGHTS.index)
        changes = StepChanges(matches, weight, (*changes.summary, *following.summary))
    return changes


def changes_of(edition: Edition) -> list[tuple[Procedure, Changes]]:
    """What the edition's side file says of changes, with the procedure that it says it of."""
    return [
        (procedure, procedure.side.changes)
        for procedure in edition.procedures
        if procedure.side and procedure.side.changes
    ]


def _hops(article: Article, older: Edition, newer: Edition) -> Iterator[tuple[Edition, Edition]]:
    """Pairs from `newer` back to `older`: each with the edition its side file speaks of, else the one before."""
    line = [edition for edition in sorted(article.editions, key=_day) if _day(older) <= _day(edition) <= _day(newer)]
    line = [older, *(edition for edition in line if edition is not older and edition is not newer), newer]
    while len(line) > 1:
        after = line.pop()
        told = {changes.since for _, changes in changes_of(after)}
        while len(line) > 1 and line[-1].date not in told and any(edition.date in told for edition in line):
            line.pop()
        yield line[-1], after


def _day(edition: Edition) -> date:
    return edition.date or date.min


def _hop(older: Edition, newer: Edition) -> StepChanges:
    """One edition's changes against the one before."""
    told = [changes for _, changes in changes_of(newer) if changes.since == older.date]
    matches = list(_told(told, _ids(older), _ids(newer)))
    matches += _named(older, newer, {name for match in matches for name in (*match.older, *match.newer)})
    before = _without(older.procedures, {name for match in matches for name in match.older})
    after = _without(newer.procedures, {name for match in matches for name in match.newer})
    matches += proposed(before, after)
    weight = max((changes.weight for changes in told), key=_WEIGHTS.index, default=_asked_for(matches))
    summary = tuple(line for changes in told for line in changes.summary)
    return StepChanges(joined(matches, _ids(older), _ids(newer)), weight, summary)


def _told(told: list[Changes], older: Sequence[str], newer: Sequence[str]) -> Iterator[StepMatch]:
    """The authors' word, as far as it names steps that exist."""
    for changes in told:
        for name, change in changes.steps.items():
            before = tuple(was for was in change.was if was in older)
            if name in newer and (before or change.how == "new"):
                yield StepMatch(change.how, before, (name,))
        for name, change in changes.gone.items():
            if name in older:
                yield StepMatch("dropped", (name,), (), change.now)


def _named(older: Edition, newer: Edition, told: set[str]) -> Iterator[StepMatch]:
    """Steps to which the authors of both side files gave one id: that says as much as a line in `changes`."""
    before, after = _given_names(older), _given_names(newer)
    for name in before.keys() & after.keys() - told:
        how: How = "same" if before[name] == after[name] else "reworded"
        yield StepMatch(how, (name,), (name,))


def _given_names(edition: Edition) -> dict[str, str]:
    """The ids that its side file gives, with the openings of their steps."""
    given = {step.id for procedure in edition.procedures if procedure.side for step in procedure.side.steps}
    return {step.id: step.text for procedure in edition.procedures for step in procedure.steps if step.id in given}


def _without(procedures: Sequence[Procedure], told: set[str]) -> list[Procedure]:
    """The procedures with the steps of which nothing was said."""
    return [_only(one, steps) for one in procedures if (steps := [step for step in one.steps if step.id not in told])]


def _only(procedure: Procedure, steps: list[Step]) -> Procedure:
    return Procedure(procedure.heading, procedure.line, procedure.why, tuple(steps))


def _asked_for(matches: list[StepMatch]) -> Weight:
    return "wording" if all(match.how in _KEPT for match in matches) else "content"


def _ids(edition: Edition) -> list[str]:
    return [step.id for procedure in edition.procedures for step in procedure.steps]
