"""A run as those see it who may not change it: support staff with a share link, users of the account who only look."""

from dataclasses import replace

from flask import make_response, render_template
from werkzeug.wrappers import Response

from kb.checklist.progress import Progress, fold
from kb.checklist.stored_run import StoredRun
from kb.web.errors import wants_json
from kb.web.own_run import private
from kb.web.past_moves import past_moves
from kb.web.run_json import run_json
from kb.web.run_page import article_url, run_url, view_of
from kb.web.site import Site
from kb.web.visitor import Visitor, visitor


def look_at(site: Site, run: StoredRun) -> Response:
    """The page without anything that could be changed, or the progress as data."""
    me = visitor(site)
    progress = _as_the_reader_sees_it(site, run)
    stranger = Visitor(me.reader, me.new, me.csrf, None)
    if wants_json():
        return private(make_response(run_json(site, run, me, "")))
    page = render_template(
        "seen.html",
        run=run,
        progress=progress,
        colleague=bool(me.signed_in and progress.account == me.signed_in.alias),
        views=[replace(view_of(site, progress, stranger, item), prepared=None) for item in progress.steps],
        moves=past_moves(site, run, progress),
        outlook=site.outlooks.of(site.library, run),
        article_url=article_url(site, run),
        run_url=run_url(run.id),
        editable=False,
        foreign=True,
        refused="",
        refused_at="",
        event_id=str,
        csrf=me.csrf,
        signed_in=me.signed_in,
        nav="runs",
    )
    response = private(make_response(page))
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _as_the_reader_sees_it(site: Site, run: StoredRun) -> Progress:
    """As the user of the account sees it who linked it last; who looks knows why a step cannot start."""
    events, now, holds = site.runs.events(run.id), site.clock(), site.outlooks.of(site.library, run).holds
    linked = next((event for event in reversed(events) if event.kind == "linked"), None)
    if linked is None:
        return fold(run.checklist, events, now, holds=holds)
    return fold(run.checklist, events, now, linked.body["account"], linked.actor, holds)
