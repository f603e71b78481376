"""Runs: start one, show it, and record what the reader does and what the account says."""

import secrets

from flask import Blueprint, jsonify, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from kb.checklist.event import Draft
from kb.checklist.run import decide, refuse_closed
from kb.checklist.stored_run import StoredRun
from kb.errors import Refused
from kb.web.checking import Checking, questions_of
from kb.web.errors import wants_json
from kb.web.form import text
from kb.web.joining import went_into
from kb.web.language import stay
from kb.web.looking import look_at
from kb.web.moving import settled
from kb.web.own_progress import progress_for
from kb.web.own_run import back_to, checking_of, own_run, private, seen_run, show_run, signed_in_visitor
from kb.web.reader_event import draft_of
from kb.web.run_list import grouped, name_for_another, rows_json, rows_of
from kb.web.run_page import run_url, warns
from kb.web.site import Site
from kb.web.starting import start_run
from kb.web.visitor import Visitor, forget, require_csrf, visitor
from kb.words import words


def running(site: Site) -> Blueprint:
    """The blueprint of the run pages."""
    pages = Blueprint("runs", __name__)

    @pages.get("/runs/")
    def mine() -> Response:
        me = visitor(site)
        rows = rows_of(site, me)
        if wants_json():
            return private(jsonify(rows_json(rows)))
        page = render_template(
            "runs.html", groups=grouped(rows), run_url=run_url, nav="runs", csrf=me.csrf, signed_in=me.signed_in
        )
        return private(make_response(page))

    @pages.post("/runs/")
    def start() -> Response:
        me = visitor(site)
        run = site.runs.run(start_run(site, me))
        _name_apart(site, run, me)
        if me.signed_in:
            checking_of(site, run, me).link()
        return stay(redirect(run_url(run.id), 303), text("language"))

    @pages.get("/runs/<run>/")
    def show(run: str) -> Response:
        found, rights = seen_run(site, run)
        into = went_into(site, found, visitor(site)) if rights.tick else ""
        if into:
            return redirect(f"{run_url(into)}?joined=taken-over", 303)
        return show_run(site, settled(site, found, visitor(site))) if rights.tick else look_at(site, found)

    @pages.post("/runs/<run>/events")
    def events(run: str) -> Response:
        require_csrf(site)
        mine = own_run(site, run)
        step = text("step")
        try:
            _record(site, mine, draft_of(visitor(site)))
        except Refused as error:
            return show_run(site, mine, str(error), step)
        return back_to(site, mine, step)

    @pages.post("/runs/<run>/answers")
    def answers(run: str) -> Response:
        """All answers of one step's questions at once; then the step is checked again, if somebody is signed in."""
        require_csrf(site)
        mine, step, me = own_run(site, run), text("step"), visitor(site)
        try:
            _answer_all(site, mine, step, me)
        except Refused as error:
            return show_run(site, mine, str(error), step)
        if me.signed_in:
            checking_of(site, mine, me).take([step])
        return back_to(site, mine, step)

    @pages.post("/runs/<run>/verdicts")
    def verdicts(run: str) -> Response:
        """Check one step, or all."""
        require_csrf(site)
        mine, step = own_run(site, run), text("step")
        try:
            checking = checking_of(site, mine, signed_in_visitor(site))
            refuse_closed(checking.progress())
            _check(checking, step)
        except Refused as error:
            return show_run(site, mine, str(error), step)
        return back_to(site, mine, step)

    @pages.get("/runs/<run>/<any(events, answers, verdicts):_what>")
    def shown_again(run: str, _what: str) -> Response:
        """Reloading the answer to a form, or going back to it."""
        return redirect(run_url(run), 303)

    @pages.post("/runs/forget")
    def forget_all() -> Response:
        """For computers that others use."""
        require_csrf(site)
        response = redirect("/runs/", 303)
        forget(response)
        return response

    return pages


def _check(checking: Checking, step: str) -> None:
    """One step and the prerequisites that were not checked lately, or everything, each once."""
    if step:
        checking.link()
        checking.take([step])
    else:
        checking.attach()
        checking.take_all()


def _answer_all(site: Site, run: StoredRun, step: str, me: Visitor) -> None:
    for question in questions_of(site, progress_for(site, run, me), step):
        answer = request.form.get(f"answer-{question.id}")
        if answer:
            body = {"question": question.id, "answer": answer}
            _record(site, run, Draft(secrets.token_hex(16), "answer", me.actor, step, body=body))


def _name_apart(site: Site, run: StoredRun, me: Visitor) -> None:
    """A second run of the same article gets a name that tells it from the first."""
    name = name_for_another(site, run, me)
    if name:
        draft = Draft(secrets.token_hex(16), "named", me.actor, body={"name": name})
        site.runs.record(run.id, draft.id, lambda _events: draft)


def _record(site: Site, run: StoredRun, draft: Draft) -> None:
    """Record what the reader did, if the run's rules allow it; an irreversible step looks at the account first."""
    me, known = visitor(site), site.runs.journal(run.id)
    progress = progress_for(site, run, me, known.events)
    item = progress.step(draft.step)
    if item and draft.kind == "request" and warns(site, me, item):
        raise Refused(words("Read the warning of this step and confirm it first."))
    if progress.alias and item and item.step.irreversible and draft.kind in ("request", "reveal"):
        checking_of(site, run, me).refresh(item.blocks)
        known = site.runs.journal(run.id)
    site.runs.record(
        run.id,
        draft.id,
        lambda events: decide(
            progress.again(events, site.clock()), draft, lambda step: questions_of(site, progress, step)
        ),
        draft,
        known,
    )
