"""Changing the account for the reader: the confirmation, the request, and how far it is."""

import secrets

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from kb.checklist.run import refuse_closed
from kb.checklist.stored_run import StoredRun
from kb.errors import AccountError, NotFound, Refused
from kb.web.acting import Acting
from kb.web.checking import progress_of
from kb.web.form import event_id, text
from kb.web.own_run import back_to, checking_of, own_run, private, show_run, signed_in_visitor
from kb.web.run_page import run_url
from kb.web.site import Site
from kb.web.visitor import Visitor, require_csrf
from kb.words import words


def acting_for_readers(site: Site) -> Blueprint:
    """The blueprint of actions."""
    pages = Blueprint("actions", __name__)

    @pages.get("/runs/<run>/steps/<step>/action")
    def plan(run: str, step: str) -> Response:
        mine = own_run(site, run)
        try:
            return _confirmation(site, mine, step, "")
        except (Refused, AccountError) as error:
            return show_run(site, mine, str(error), step)

    @pages.post("/runs/<run>/steps/<step>/action")
    def confirm(run: str, step: str) -> Response:
        require_csrf(site)
        mine = own_run(site, run)
        me = signed_in_visitor(site)
        if text("alias").upper() != _alias(me):
            return _confirmation(
                site, mine, step, words("Type {alias}, the alias of this account, to confirm.", alias=_alias(me))
            )
        try:
            acting = _acting(site, mine, step)
            acting.confirm(request.form.getlist("target"), event_id())
            acting.follow()
        except (Refused, AccountError) as error:
            return show_run(site, mine, str(error), step)
        return back_to(site, mine, step)

    @pages.post("/runs/<run>/steps/<step>/follow")
    def follow(run: str, step: str) -> Response:
        require_csrf(site)
        mine = own_run(site, run)
        try:
            _acting(site, mine, step, going=True).follow()
        except Refused as error:
            return show_run(site, mine, str(error), step)
        return back_to(site, mine, step)

    return pages


def _confirmation(site: Site, run: StoredRun, step_id: str, error: str) -> Response:
    me = signed_in_visitor(site)
    acting = _acting(site, run, step_id)
    progress = progress_of(site, run, me.signed_in)
    page = render_template(
        "run_action.html",
        run=run,
        run_url=run_url(run.id),
        step=acting.step,
        progress=progress,
        targets=acting.plan(),
        chosen=request.values.getlist("target") if "chosen" in request.values else None,
        label=site.link.actions[acting.step.action.name].label if acting.step.action else "",
        alias=_alias(me),
        error=error,
        event_id=secrets.token_hex(16),
        csrf=me.csrf,
        signed_in=me.signed_in,
        nav="runs",
    )
    return private(make_response(page, 422 if error else 200))


def _acting(site: Site, run: StoredRun, step_id: str, *, going: bool = False) -> Acting:
    """`going`: only what was confirmed before goes on. Raises Refused, NotFound, SignedOut."""
    me = signed_in_visitor(site)
    step = run.checklist.step(step_id)
    if step is None:
        raise NotFound(words("This checklist has no step “{step_id}”.", step_id=step_id))
    progress = progress_of(site, run, me.signed_in)
    refuse_closed(progress)
    if progress.blocks or (not going and progress.holds):
        raise Refused((*progress.blocks, *progress.holds)[0].text)
    checking = checking_of(site, run, me)
    checking.link()
    return Acting(checking, step)


def _alias(me: Visitor) -> str:
    return me.signed_in.alias if me.signed_in else ""
