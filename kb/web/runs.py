"""Runs: start one, show it, and record what the reader does and what the account says."""

import secrets

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from kb.checklist.event import READERS_KINDS, Draft, Kind
from kb.checklist.run import decide
from kb.checklist.store import StoredRun
from kb.errors import Refused
from kb.web.checking import progress_of, questions_of
from kb.web.form import LONGEST_WORD, event_id, number, text
from kb.web.own_run import back_to, checking_of, own_run, private, show_run, signed_in_visitor
from kb.web.run_page import progress_for, run_url, warns
from kb.web.site import Site
from kb.web.starting import start_run
from kb.web.visitor import Visitor, forget, require_csrf, visitor

FIELDS = {"answer": ("question", "answer"), "word": ("said",), "request": ("alias",)}  # what an event of a kind keeps


def running(site: Site) -> Blueprint:
    """The blueprint of the run pages."""
    pages = Blueprint("runs", __name__)

    @pages.get("/runs/")
    def mine() -> Response:
        me = visitor(site)
        runs = [(run, progress_of(site, run, me.signed_in)) for run in site.runs.runs_of(me.reader)]
        page = render_template(
            "runs.html", runs=runs, run_url=run_url, nav="runs", csrf=me.csrf, signed_in=me.signed_in
        )
        return private(make_response(page))

    @pages.post("/runs/")
    def start() -> Response:
        me = visitor(site)
        run = site.runs.run(start_run(site, me))
        if me.signed_in:
            checking_of(site, run, me).link()
        return redirect(run_url(run.id), 303)

    @pages.get("/runs/<run>/")
    def show(run: str) -> Response:
        return show_run(site, own_run(site, run))

    @pages.post("/runs/<run>/events")
    def events(run: str) -> Response:
        require_csrf(site)
        mine = own_run(site, run)
        step = text("step")
        try:
            _record(site, mine, _draft(visitor(site)))
        except Refused as error:
            return show_run(site, mine, str(error), step)
        return back_to(site, mine, step)

    @pages.post("/runs/<run>/answers")
    def answers(run: str) -> Response:
        """All answers of one step's questions at once; then the step is checked again, if somebody is signed in."""
        require_csrf(site)
        mine, step, me = own_run(site, run), text("step"), visitor(site)
        for question in questions_of(site, progress_for(site, mine, me), step):
            answer = request.form.get(f"answer-{question.id}")
            if answer:
                body = {"question": question.id, "answer": answer}
                _record(site, mine, Draft(secrets.token_hex(16), "answer", me.actor, step, body=body))
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
            checking.link()
            checking.take([step]) if step else checking.take_all()
        except Refused as error:
            return show_run(site, mine, str(error), step)
        return back_to(site, mine, step)

    @pages.get("/runs/<run>/<any(events, answers, verdicts, 'resume-codes'):_what>")
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


def _draft(me: Visitor) -> Draft:
    """What the reader's form says. A tick box that is not ticked is not sent: that is an untick."""
    kind: Kind | None = next((kind for kind in READERS_KINDS if kind == text("kind")), None)
    if kind is None:
        raise Refused(f"“{text('kind')}” is nothing that a reader can do here.")
    if kind == "tick" and request.form.get("done") != "yes":
        kind = "untick"
    body = {name: text(name)[:LONGEST_WORD] for name in FIELDS.get(kind, ())}
    if kind == "request":
        body = {"alias": body["alias"].upper()}
    return Draft(f"{event_id()}-{kind}", kind, me.actor, text("step")[:LONGEST_WORD], number("seen"), body)


def _record(site: Site, run: StoredRun, draft: Draft) -> None:
    """Record what the reader did, if the run's rules allow it; an irreversible step looks at the account first."""
    me = visitor(site)
    progress = progress_for(site, run, me)
    item = progress.step(draft.step)
    if item and draft.kind == "request" and warns(site, me, item):
        raise Refused("Read the warning of this step and confirm it first.")
    if progress.alias and item and item.step.irreversible and draft.kind in ("request", "reveal"):
        checking_of(site, run, me).refresh(item.blocks)
    site.runs.record(
        run.id,
        draft.id,
        lambda events: decide(
            progress.again(events, site.clock()), draft, lambda step: questions_of(site, progress, step)
        ),
        draft,
    )
