"""The page of one run, and the same as data."""

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from flask import render_template

from kb.checklist.check import Asked, Prepared, Question, Shown
from kb.checklist.progress import Progress, StepProgress
from kb.checklist.store import StoredRun
from kb.web.checking import progress_of, questions_of
from kb.web.site import Site
from kb.web.theme import href
from kb.web.visitor import Visitor

PATIENCE = timedelta(minutes=10)  # so long the page asks by itself how far an action is; then only when told to


@dataclass(frozen=True, slots=True)
class StepView:
    """One step as the page shows it."""

    item: StepProgress
    questions: tuple[Question, ...]
    prepared: Prepared | None
    action: str  # the button's label, "" if nothing can be done for the reader
    moving: bool  # an action goes on by itself and the page should ask again


def run_url(run: str) -> str:
    """The path of a run's page."""
    return f"/runs/{run}/"


def run_page(site: Site, run: StoredRun, me: Visitor, refused: str, at: str, resume: str) -> str:
    """The page; `refused` says what could not be done `at` a step, `resume` is a new resume link."""
    progress = progress_for(site, run, me)
    foreign = bool(me.signed_in and progress.account and progress.account != me.signed_in.alias)
    return render_template(
        "run.html",
        run=run,
        progress=progress,
        views=[_view(site, progress, me, item) for item in progress.steps],
        shown=_shown(site, progress) if progress.finished else [],
        foreign=foreign,
        refused=refused,
        at=at,
        resume=resume,
        run_url=run_url(run.id),
        article_url=_article_url(site, run),
        event_id=lambda: secrets.token_hex(16),
        account_name=site.link.name,
        can_link=bool(site.link.bases) and any(step.check for step in run.checklist.steps),
        csrf=me.csrf,
        signed_in=me.signed_in,
        nav="runs",
    )


def run_json(site: Site, run: StoredRun, me: Visitor, refused: str) -> dict[str, Any]:
    """The run's progress for programs."""
    progress = progress_for(site, run, me)
    return {
        "run": run.id,
        "article": run.article,
        "edition": run.edition or None,
        "revision": run.revision,
        "account": progress.account or None,
        "version": progress.version,
        "done": progress.done,
        "total": len(progress.own),
        "finished": progress.finished,
        "refused": refused or None,
        "steps": [_step_json(item) for item in progress.steps],
    }


def progress_for(site: Site, run: StoredRun, me: Visitor) -> Progress:
    """Where the run stands for this visitor; somebody signed in to another account counts as signed out."""
    progress = progress_of(site, run, me.signed_in)
    if progress.account and progress.account != progress.alias:
        return progress_of(site, run, None)
    return progress


def _step_json(item: StepProgress) -> dict[str, Any]:
    return {
        "id": item.step.id,
        "number": item.step.number,
        "text": item.step.text,
        "status": item.status.code,
        "says": item.status.text,
        "ticked": item.ticked,
        "blocks": [block.text for block in item.blocks],
    }


def _view(site: Site, progress: Progress, me: Visitor, item: StepProgress) -> StepView:
    action = site.link.actions.get(item.step.action.name) if item.step.action else None
    return StepView(
        item=item,
        questions=questions_of(site, progress, item.step.id),
        prepared=_prepared(site, me, item),
        action=action.label if action and me.signed_in else "",
        moving=any(progress.now - target.since < PATIENCE for target in item.pending),
    )


def warns(site: Site, me: Visitor, item: StepProgress) -> bool:
    """Whether what is prepared for this step has a warning that the reader has not confirmed."""
    prepared = _prepared(site, me, item)
    return prepared is not None and bool(prepared.warning) and not item.marks.revealed


def _prepared(site: Site, me: Visitor, item: StepProgress) -> Prepared | None:
    use = item.step.prepares
    make = site.link.prepares.get(use.name) if use else None
    if use is None or make is None or (item.step.irreversible and item.blocks):
        return None
    asked = Asked(site.clock(), use.params, item.marks.answers)
    if me.signed_in is None:
        prepared = make(None, asked)
    else:
        with site.link.open(me.signed_in) as account:
            prepared = make(account, asked)
    hidden = prepared.warning and not item.marks.revealed
    return replace(prepared, address="", links=()) if hidden else prepared


def _shown(site: Site, progress: Progress) -> list[Shown]:
    known = site.link.shows
    uses = [item.shows for item in progress.checklist.afterwards if item.shows.name in known]
    return [known[use.name](progress.record, use.params) for use in uses]


def _article_url(site: Site, run: StoredRun) -> str:
    """The edition that the run follows; the library's home page if the article is gone."""
    article = site.library.article_at(run.article)
    if article is None:
        return "/"
    edition = next((item for item in article.editions if item.date and item.date.isoformat() == run.edition), None)
    return href(edition.address if edition and edition is not article.current else article.address)
