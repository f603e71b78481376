"""Whether what a side file says of changes fits the edition that it speaks of: no step of either may be left out."""

from collections.abc import Iterator
from itertools import chain

from kb.article.article import Article
from kb.article.edition import Edition
from kb.article.index import side_file_path
from kb.article.problem import Problem
from kb.article.side_file import Changes
from kb.article.side_file_rules import did_you_mean
from kb.article.step import Procedure
from kb.article.step_changes import changes_of


def changes_problems(article: Article) -> list[Problem]:
    """Errors in the `changes` of all side files of this article, in order."""
    return sorted(chain.from_iterable(_problems(article, edition) for edition in article.written))


def _problems(article: Article, edition: Edition) -> Iterator[Problem]:
    told: dict[str, tuple[Edition, list[tuple[Procedure, Changes]]]] = {}
    for procedure, changes in changes_of(edition):
        older = article.edition_of(changes.since)
        if older is None or not _is_before(older, edition):
            yield _no_such_edition(article, edition, procedure, changes)
        else:
            told.setdefault(older.path, (older, []))[1].append((procedure, changes))
    for older, said in told.values():
        yield from _unknown_steps(edition, older, said)
        yield from _unmapped_older_steps(edition, older, said)
    for procedure, changes in changes_of(edition):
        yield from _unmapped_steps(edition, procedure, changes)


def _is_before(older: Edition, edition: Edition) -> bool:
    return older is not edition and (edition.date is None or older.date is None or older.date < edition.date)


def _no_such_edition(article: Article, edition: Edition, procedure: Procedure, changes: Changes) -> Problem:
    days = [one.date for one in article.editions if one.date and _is_before(one, edition)]
    mend = f"Known: {', '.join(map(str, sorted(days)))}." if days else "Remove `changes`: there is no older edition."
    message = f"`since: {changes.since}` names no older edition of this article."
    return _problem(edition, procedure, "changes-since", message, mend)


def _unknown_steps(edition: Edition, older: Edition, said: list[tuple[Procedure, Changes]]) -> Iterator[Problem]:
    """Ids in `was` and `gone` that the older edition does not have."""
    known = [step.id for procedure in older.procedures for step in procedure.steps]
    for procedure, changes in said:
        named = [name for change in changes.steps.values() for name in change.was]
        for name in dict.fromkeys([*named, *changes.gone]):
            if name not in known:
                message = f"the edition of {older.date} has no step `{name}`."
                mend = f"{did_you_mean(name, known)}Known there: {', '.join(known) or 'none'}."
                yield _problem(edition, procedure, "changes-unknown-step", message, mend)


def _unmapped_older_steps(edition: Edition, older: Edition, said: list[tuple[Procedure, Changes]]) -> Iterator[Problem]:
    """Steps of the older edition of which nothing is said: a reader's tick on them would be lost."""
    told = {name for _, changes in said for change in changes.steps.values() for name in change.was}
    told |= {name for _, changes in said for name in changes.gone}
    headings = {procedure.heading for procedure, _ in said}
    for before in older.procedures:
        meant = (
            len(older.procedures) == 1 or before.heading in headings or any(step.id in told for step in before.steps)
        )
        for step in before.steps if meant else ():
            if step.id not in told:
                message = (
                    f"step {step.number} of the edition of {older.date}, `{step.id}`, is in no `was` and not in `gone`."
                )
                mend = f"Name it in the `was` of the step that it became, or in `gone`: {step.id}: {{how: dropped}}."
                yield _problem(edition, said[0][0], "changes-unmapped-step", message, mend)


def _unmapped_steps(edition: Edition, procedure: Procedure, changes: Changes) -> Iterator[Problem]:
    """Steps of this procedure that do not say where they came from."""
    named = {step.id for step in procedure.side.steps} if procedure.side else set()
    for step in procedure.steps:
        if step.id in changes.steps or not step.text:
            continue
        message = f"step {step.number}, `{step.id}`, is not in the `steps` of `changes`."
        mend = f"Add {step.id}: {{how: new}}, or how it came from an older step."
        if step.id not in named:
            message = f"step {step.number} has no id in this side file, so `changes` cannot say where it came from."
            mend = "Give it an id under `steps`, then name it in `changes`."
        yield _problem(edition, procedure, "changes-unmapped-step", message, mend)


def _problem(edition: Edition, procedure: Procedure, code: str, message: str, mend: str) -> Problem:
    line = procedure.side.line if procedure.side else 1
    return Problem(side_file_path(edition.path), line, 1, f"side-file-{code}", "error", message, mend)
