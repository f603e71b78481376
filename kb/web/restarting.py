"""Starting a run again: a new run on the current edition; the old one is kept and can only be read."""

from collections.abc import Sequence

from flask import Blueprint, redirect
from werkzeug.wrappers import Response

from kb.article.edition import Edition
from kb.article.step import Procedure
from kb.checklist.checklist import Checklist, checklist_of
from kb.checklist.event import Draft, Event
from kb.checklist.life import live
from kb.checklist.stored_run import StoredRun
from kb.errors import Refused
from kb.web.form import event_id
from kb.web.own_run import checking_of, own_run, show_run
from kb.web.run_page import run_url
from kb.web.site import Site
from kb.web.starting import refuse_barred
from kb.web.visitor import Visitor, require_csrf, visitor
from kb.words import words


def restarting(site: Site) -> Blueprint:
    """The blueprint of starting again."""
    pages = Blueprint("restarting", __name__)

    @pages.post("/runs/<run>/restart")
    def restart(run: str) -> Response:
        require_csrf(site)
        mine = own_run(site, run)
        try:
            return redirect(run_url(_restarted(site, mine, visitor(site), event_id())), 303)
        except Refused as error:
            return show_run(site, mine, str(error))

    @pages.get("/runs/<run>/restart")
    def shown_again(run: str) -> Response:
        """Reloading the answer to the form, or going back to it."""
        return redirect(run_url(run), 303)

    return pages


def _restarted(site: Site, run: StoredRun, me: Visitor, event: str) -> str:
    """The id of the run that took this one's place, whether now or before."""
    known = _successor(site.runs.events(run.id))
    if known:
        return known
    new = site.runs.start(checklist_today(site, run), me.reader, me.actor)
    draft = Draft(f"{event}-restarted", "restarted", me.actor, body={"run": new})
    taken = site.runs.record(run.id, draft.id, lambda events: None if _successor(events) else draft)
    winner = str(taken.body["run"]) if taken else _successor(site.runs.events(run.id))
    if winner != new:  # another tab was quicker
        _give_up(site, new, me)
        return winner
    _take_over(site, run, new, me)
    return new


def _successor(events: Sequence[Event]) -> str:
    return next((str(event.body["run"]) for event in events if event.kind == "restarted"), "")


def _take_over(site: Site, old: StoredRun, new: str, me: Visitor) -> None:
    """The new run has the old one's name, and is linked to the account of whoever is signed in."""
    name = live(site.runs.events(old.id)).name
    if name:
        draft = Draft(f"{new}-named", "named", me.actor, body={"name": name})
        site.runs.record(new, draft.id, lambda _events: draft)
    if me.signed_in:
        checking_of(site, site.runs.run(new), me).link()


def _give_up(site: Site, run: str, me: Visitor) -> None:
    draft = Draft(
        f"{run}-twice", "abandoned", me.actor, body={"reason": words("It was started twice at the same moment.")}
    )
    site.runs.record(run, draft.id, lambda _events: draft)


def checklist_today(site: Site, run: StoredRun) -> Checklist:
    """The same procedure in the article's current edition. Raises Refused, Outdated."""
    article = site.library.article_at(run.article)
    if article is None:
        raise Refused(words("The article of this checklist is not here any more, so it cannot be started again."))
    refuse_barred(article, article.current)
    return checklist_of(article, article.current, _same_procedure(article.current, run.checklist))


def _same_procedure(edition: Edition, checklist: Checklist) -> Procedure:
    """The one with this heading, else the one that shares most steps, else the only one."""
    ids = {step.id for step in checklist.steps}
    shared = [(len(ids & {step.id for step in one.steps}), one) for one in edition.procedures]
    named = next((one for one in edition.procedures if one.heading == checklist.heading), None)
    best = max(shared, key=lambda pair: pair[0], default=None)
    if named:
        return named
    if best and (best[0] or len(shared) == 1):
        return best[1]
    raise Refused(words("The article's current edition has no such steps. Read it, and start from there."))
