"""The page of one run."""

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta

from flask import render_template, request

from kb.article.side_file import Told
from kb.checklist.check import Asked, Prepared, Question, Shown
from kb.checklist.progress import Progress, StepProgress
from kb.checklist.run import choices, never_needless
from kb.checklist.stored_run import StoredRun
from kb.web.checking import questions_of
from kb.web.own_progress import progress_for
from kb.web.past_moves import past_moves
from kb.web.share_links import Link, links_of
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
    choices: tuple[str, ...]  # what the reader may say to go on: done, left, anyway
    told: Told  # the words for these, "" for plain ones
    following: StepProgress | None  # the next open step, if steps that are done lie between
    essential: str  # why the step can never be left out as not needed, "" if it can


def run_url(run: str) -> str:
    """The path of a run's page."""
    return f"/runs/{run}/"


def run_page(site: Site, run: StoredRun, me: Visitor, refused: str, at: str, link: Link | None) -> str:
    """The page; `refused` says what could not be done `at` a step, `link` to the run was just made."""
    progress = progress_for(site, run, me)
    foreign = bool(me.signed_in and progress.account and progress.account != me.signed_in.alias)
    return render_template(
        "run.html",
        run=run,
        progress=progress,
        views=[view_of(site, progress, me, item) for item in progress.steps],
        shown=_shown(site, progress) if progress.finished else [],
        foreign=foreign,
        refused=refused,
        refused_at=at,
        links=links_of(site, run.id, link),
        outlook=site.outlooks.of(site.library, run),
        moves=past_moves(site, run, progress),
        joined=request.args.get("joined", ""),
        run_url=run_url(run.id),
        article_url=article_url(site, run),
        editable=not progress.closed,
        event_id=lambda: secrets.token_hex(16),
        account_name=site.link.name,
        can_link=bool(site.link.bases) and any(step.check for step in run.checklist.steps),
        csrf=me.csrf,
        signed_in=me.signed_in,
        nav="runs",
    )


def view_of(site: Site, progress: Progress, me: Visitor, item: StepProgress) -> StepView:
    """One step for this visitor."""
    action = site.link.actions.get(item.step.action.name) if item.step.action else None
    return StepView(
        item=item,
        questions=questions_of(site, progress, item.step.id),
        prepared=_prepared(site, me, item),
        action=action.label if action and me.signed_in and not progress.holds else "",
        choices=choices(item) if item.may_say else (),
        told=_told(progress, item),
        following=_following(progress, item),
        essential=never_needless(item),
        moving=any(progress.now - target.since < PATIENCE for target in item.pending),
    )


def _following(progress: Progress, item: StepProgress) -> StepProgress | None:
    later = [other for other in progress.own if other.step.number > item.step.number]
    found = next((other for other in later if not other.status.done), None)
    return found if later and found is not later[0] else None


def _told(progress: Progress, item: StepProgress) -> Told:
    """The words of the first gate that has some of its own."""
    gates = progress.checklist.gates_before(item.step)
    return next((gate.told for gate in gates if gate.told.done or gate.told.left), Told())


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


def article_url(site: Site, run: StoredRun) -> str:
    """The edition that the run follows; the library's home page if the article is gone."""
    article = site.library.article_at(run.article)
    if article is None:
        return "/"
    edition = next((item for item in article.editions if item.date and item.date.isoformat() == run.edition), None)
    return href(edition.address if edition and edition is not article.current else article.address)
