"""What a reader did before signing in becomes the account's: the run is linked, or taken over by the account's own."""

from collections.abc import Sequence

from flask import Blueprint, redirect
from werkzeug.wrappers import Response

from kb.account.role import may_change
from kb.checklist.event import Draft, Event
from kb.checklist.life import live
from kb.checklist.merging import merge_id, merged
from kb.checklist.stored_run import StoredRun
from kb.errors import NotFound, Refused
from kb.web.checking import progress_of
from kb.web.own_run import checking_of, own_run, show_run, signed_in_visitor
from kb.web.run_page import run_url
from kb.web.site import Site
from kb.web.visitor import Visitor, require_csrf
from kb.words import words


def joining(site: Site) -> Blueprint:
    """The blueprint of giving runs to the account."""
    pages = Blueprint("joining", __name__)

    @pages.post("/runs/<run>/account")
    def give(run: str) -> Response:
        require_csrf(site)
        mine = own_run(site, run)
        try:
            return redirect(joined(site, mine, signed_in_visitor(site)), 303)
        except Refused as error:
            return show_run(site, mine, str(error))

    @pages.get("/runs/<run>/account")
    def shown_again(run: str) -> Response:
        """Reloading the answer to the form, or going back to it."""
        return redirect(run_url(run), 303)

    return pages


def joined(site: Site, run: StoredRun, me: Visitor) -> str:
    """Give the run to the account that is signed in; gives the path to go on at. Raises Refused, AccountError.

    If the account has one run of this very checklist in progress, that takes over what was done in this one. On other
    steps nothing is taken over: both runs are kept.
    """
    others = [] if live(site.runs.events(run.id)).account else _account_runs(site, run, me)
    same = [other for other in others if other.snapshot == run.snapshot]
    if len(same) == 1 and _merge(site, run, same[0], me):
        return f"{run_url(same[0].id)}?joined=taken-over"
    checking_of(site, run, me).link()
    return f"{run_url(run.id)}?joined=both" if others else run_url(run.id)


def went_into(site: Site, run: StoredRun, me: Visitor) -> str:
    """The run that took this one over, "" if none did or whoever asks cannot go there."""
    if me.signed_in is None or site.ownership.account_of(run.id):
        return ""
    closed = live(site.runs.events(run.id)).closed
    if closed is None or closed.kind != "merged":
        return ""
    into = str(closed.body["into"])
    if site.ownership.account_of(into) != me.signed_in.alias:
        return ""
    _take_over(site, run, into, me)  # the machine may have been switched off between the two halves
    return into


def _account_runs(site: Site, run: StoredRun, me: Visitor) -> list[StoredRun]:
    """The account's other runs of this article that are in progress and that this user may change."""
    if me.signed_in is None or not may_change(me.signed_in.roles):
        return []
    ids = [other for other in site.ownership.runs_of(me.signed_in.alias) if other != run.id]
    found = [other for other in map(site.runs.run, ids) if other.article == run.article]
    return [other for other in found if progress_of(site, other, me.signed_in).state == "in-progress"]


def _merge(site: Site, run: StoredRun, into: StoredRun, me: Visitor) -> bool:
    """Close this run for good, then let the other take it over; False if that moved to other steps meanwhile."""
    closing = Draft(f"into-{into.id}", "merged", me.actor, body={"into": into.id})
    if site.runs.record(run.id, closing.id, lambda events: None if _refused(events, me) else closing) is None:
        return False
    try:
        _take_over(site, run, into.id, me)
    except Refused:
        again = Draft(f"not-into-{into.id}", "reopened", me.actor)
        site.runs.record(run.id, again.id, lambda _events: again)
        return False
    return True


def _refused(events: Sequence[Event], me: Visitor) -> bool:
    """Whether it is closed already, or was confirmed for another account: then it is that account's."""
    alias = me.signed_in.alias if me.signed_in else ""
    confirmed = {event.body.get("alias") for event in events if event.kind == "request"}
    return live(events).closed is not None or bool(confirmed - {alias})


def _take_over(site: Site, run: StoredRun, into: str, me: Visitor) -> None:
    """Raises Refused if the other run does not follow the same steps any more."""
    theirs = site.runs.events(run.id)
    closed = live(theirs).closed
    if closed is None or closed.body.get("into") != into:
        raise Refused(words("This checklist cannot be taken over."))

    def decide(mine: Sequence[Event]) -> Draft:
        followed = [event.body.get("snapshot") for event in mine if event.kind in ("started", "moved")]
        if followed and followed[-1] not in (None, run.snapshot):
            raise Refused(words("The account's checklist moved to another edition."))
        return merged(mine, theirs, run.id, me.actor)

    try:
        site.runs.record(into, merge_id(run.id), decide)
    except NotFound as error:
        raise Refused(words("The account's checklist is not there any more.")) from error
