"""Runs: start one, show it, and record what the reader does and what the account says."""

import re
import secrets
from datetime import date

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from kb.article.article import Article
from kb.article.edition import Edition
from kb.article.standing import standing_of
from kb.checklist.checklist import checklist_of
from kb.checklist.event import READERS_KINDS, Draft, Kind
from kb.checklist.run import decide
from kb.checklist.store import StoredRun
from kb.dates import iso_date
from kb.errors import AccountError, NotFound, Outdated, Refused, SignedOut, UsageError
from kb.web.acting import Acting
from kb.web.checking import Checking, progress_of, questions_of
from kb.web.errors import wants_json
from kb.web.run_page import progress_for, run_json, run_page, run_url, warns
from kb.web.site import Site
from kb.web.theme import href
from kb.web.visitor import Visitor, forget, require_csrf, visitor

LONGEST_WORD = 200
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
        return _private(make_response(page))

    @pages.post("/runs/")
    def start() -> Response:
        me = visitor(site)
        run = site.runs.run(_start(site, me))
        if me.signed_in:
            _checking(site, run, me).link()
        return redirect(run_url(run.id), 303)

    @pages.get("/runs/<run>/")
    def show(run: str) -> Response:
        return _show(site, _own(site, run))

    @pages.post("/runs/<run>/events")
    def events(run: str) -> Response:
        require_csrf(site)
        mine = _own(site, run)
        step = _text("step")
        try:
            _record(site, mine, _draft(visitor(site)))
        except Refused as error:
            return _show(site, mine, str(error), step)
        return _back(site, mine, step)

    @pages.post("/runs/<run>/answers")
    def answers(run: str) -> Response:
        """All answers of one step's questions at once; then the step is checked again, if somebody is signed in."""
        require_csrf(site)
        mine, step, me = _own(site, run), _text("step"), visitor(site)
        for question in questions_of(site, progress_for(site, mine, me), step):
            answer = request.form.get(f"answer-{question.id}")
            if answer:
                body = {"question": question.id, "answer": answer}
                _record(site, mine, Draft(secrets.token_hex(16), "answer", me.actor, step, body=body))
        if me.signed_in:
            _checking(site, mine, me).take([step])
        return _back(site, mine, step)

    @pages.post("/runs/<run>/verdicts")
    def verdicts(run: str) -> Response:
        """Check one step, or all."""
        require_csrf(site)
        mine, step = _own(site, run), _text("step")
        try:
            checking = _checking(site, mine, _signed_in(site))
            checking.link()
            checking.take([step]) if step else checking.take_all()
        except Refused as error:
            return _show(site, mine, str(error), step)
        return _back(site, mine, step)

    @pages.get("/runs/<run>/steps/<step>/action")
    def plan(run: str, step: str) -> Response:
        mine = _own(site, run)
        try:
            return _confirmation(site, mine, step, "")
        except (Refused, AccountError) as error:
            return _show(site, mine, str(error), step)

    @pages.post("/runs/<run>/steps/<step>/action")
    def confirm(run: str, step: str) -> Response:
        require_csrf(site)
        mine = _own(site, run)
        me = _signed_in(site)
        if _text("alias").upper() != _alias(me):
            return _confirmation(site, mine, step, f"Type {_alias(me)}, the alias of this account, to confirm.")
        try:
            acting = _acting(site, mine, step)
            acting.confirm(request.form.getlist("target"), _event_id())
            acting.follow()
        except (Refused, AccountError) as error:
            return _show(site, mine, str(error), step)
        return _back(site, mine, step)

    @pages.post("/runs/<run>/steps/<step>/follow")
    def follow(run: str, step: str) -> Response:
        require_csrf(site)
        mine = _own(site, run)
        _acting(site, mine, step).follow()
        return _back(site, mine, step)

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

    @pages.post("/runs/<run>/resume-codes")
    def resume_code(run: str) -> Response:
        require_csrf(site)
        mine = _own(site, run)
        address = f"{request.url_root.rstrip('/')}/resume/{site.runs.new_resume_code(mine.id)}"
        return _show(site, mine, resume=address)

    @pages.get("/resume/<code>")
    def resume(code: str) -> Response:
        _code(site, code)
        me = visitor(site)
        page = render_template("resume.html", code=code, csrf=me.csrf, signed_in=me.signed_in, nav="runs")
        return _private(make_response(page))

    @pages.post("/resume/<code>")
    def redeem(code: str) -> Response:
        require_csrf(site)
        run = _code(site, code)
        site.runs.admit(run, visitor(site).reader)
        return redirect(run_url(run), 303)

    return pages


def _start(site: Site, me: Visitor) -> str:
    article = site.library.article_at(_text("article"))
    if article is None:
        raise NotFound("There is no such article (any more). Look for it on the home page.")
    day = _text("edition")
    edition = article.edition_of(_day(day)) if day else article.current
    if edition is None:
        raise NotFound(f"The article has no edition of {day}.")
    number = _number("procedure")
    if number >= len(edition.procedures):
        raise NotFound("The article has no such steps (any more). Reload it and start again.")
    _refuse_barred(article, edition)
    return site.runs.start(checklist_of(article, edition, edition.procedures[number]), me.reader, me.actor)


def _refuse_barred(article: Article, edition: Edition) -> None:
    """Refuse what nobody should do any more."""
    bar, page = standing_of(article, edition).bar, href(article.address)
    if bar == "withdrawn":
        raise Outdated(f"“{article.title}” was withdrawn, so no checklist can be started. Read why at {page}", page)
    if bar == "danger":
        message = "It would be dangerous to follow this older edition today. Start from the current edition"
        raise Outdated(f"{message}, at {page}", page)


def _day(text: str) -> date:
    found = iso_date(text)
    if found is None:
        raise UsageError(f"“{text[:20]}” is not a date like 2019-09-10.")
    return found


def _draft(me: Visitor) -> Draft:
    """What the reader's form says. A tick box that is not ticked is not sent: that is an untick."""
    kind: Kind | None = next((kind for kind in READERS_KINDS if kind == _text("kind")), None)
    if kind is None:
        raise Refused(f"“{_text('kind')}” is nothing that a reader can do here.")
    if kind == "tick" and request.form.get("done") != "yes":
        kind = "untick"
    body = {name: _text(name)[:LONGEST_WORD] for name in FIELDS.get(kind, ())}
    if kind == "request":
        body = {"alias": body["alias"].upper()}
    return Draft(f"{_event_id()}-{kind}", kind, me.actor, _text("step")[:LONGEST_WORD], _number("seen"), body)


def _event_id() -> str:
    """The form's own, so that sending it again is harmless."""
    sent = _text("event")
    return sent if re.fullmatch(r"[\w-]{1,64}", sent) else secrets.token_hex(16)


def _number(name: str) -> int:
    """A small count; anything else is 0."""
    sent = _text(name)
    return int(sent) if re.fullmatch(r"[0-9]{1,9}", sent) else 0


def _record(site: Site, run: StoredRun, draft: Draft) -> None:
    """Record what the reader did, if the run's rules allow it; an irreversible step looks at the account first."""
    me = visitor(site)
    progress = progress_for(site, run, me)
    item = progress.step(draft.step)
    if item and draft.kind == "request" and warns(site, me, item):
        raise Refused("Read the warning of this step and confirm it first.")
    if progress.alias and item and item.step.irreversible and draft.kind in ("request", "reveal"):
        _checking(site, run, me).refresh(item.blocks)
    site.runs.record(
        run.id,
        draft.id,
        lambda events: decide(
            progress.again(events, site.clock()), draft, lambda step: questions_of(site, progress, step)
        ),
        draft,
    )


def _confirmation(site: Site, run: StoredRun, step_id: str, error: str) -> Response:
    me = _signed_in(site)
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
    return _private(make_response(page, 422 if error else 200))


def _acting(site: Site, run: StoredRun, step_id: str) -> Acting:
    me = _signed_in(site)
    step = run.checklist.step(step_id)
    if step is None:
        raise NotFound(f"This checklist has no step “{step_id}”.")
    progress = progress_of(site, run, me.signed_in)
    if progress.blocks:
        raise Refused(progress.blocks[0].text)
    checking = _checking(site, run, me)
    checking.link()
    return Acting(checking, step)


def _checking(site: Site, run: StoredRun, me: Visitor) -> Checking:
    if me.signed_in is None:
        raise SignedOut("Sign in first, so that the account can be asked.")
    return Checking(site, run, me.signed_in)


def _signed_in(site: Site) -> Visitor:
    me = visitor(site)
    if me.signed_in is None:
        raise SignedOut("You are signed out. Sign in again; your ticks are kept.")
    return me


def _own(site: Site, run_id: str) -> StoredRun:
    """The run, if this browser may see it; else the answer does not tell whether there is one."""
    if not site.runs.admits(run_id, visitor(site).reader):
        raise NotFound(
            "This checklist is private to the browser that started it. To open it here, make a resume link there."
        )
    return site.runs.run(run_id)


def _code(site: Site, code: str) -> str:
    run = site.runs.run_of_code(code)
    if run is None:
        raise NotFound(
            "This resume link does not work (any more). Make a new one in the browser that has the checklist."
        )
    return run


def _show(site: Site, run: StoredRun, refused: str = "", at: str = "", resume: str = "") -> Response:
    if wants_json():
        response = make_response(run_json(site, run, visitor(site), refused))
    else:
        response = make_response(run_page(site, run, visitor(site), refused, at, resume))
    response.status_code = 409 if refused else 200
    return _private(response)


def _back(site: Site, run: StoredRun, step: str) -> Response:
    if wants_json():
        return _show(site, run)
    known = step and run.checklist.step(step)
    return redirect(f"{run_url(run.id)}#{known.anchor}" if known else run_url(run.id), 303)


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def _alias(me: Visitor) -> str:
    return me.signed_in.alias if me.signed_in else ""


def _text(name: str) -> str:
    return request.form.get(name, "").strip()
