"""A run of the browser that asks, and the answers that show it."""

from flask import make_response, redirect
from werkzeug.wrappers import Response

from kb.checklist.store import StoredRun
from kb.errors import NotFound, SignedOut
from kb.web.checking import Checking
from kb.web.errors import wants_json
from kb.web.run_page import run_json, run_page, run_url
from kb.web.site import Site
from kb.web.visitor import Visitor, visitor


def own_run(site: Site, run_id: str) -> StoredRun:
    """The run, if this browser may see it; else the answer does not tell whether there is one."""
    if not site.runs.admits(run_id, visitor(site).reader):
        raise NotFound(
            "This checklist is private to the browser that started it. To open it here, make a resume link there."
        )
    return site.runs.run(run_id)


def signed_in_visitor(site: Site) -> Visitor:
    """Whoever asks, who must be signed in. Raises SignedOut."""
    me = visitor(site)
    if me.signed_in is None:
        raise SignedOut("You are signed out. Sign in again; your ticks are kept.")
    return me


def checking_of(site: Site, run: StoredRun, me: Visitor) -> Checking:
    """This visitor's look at the account for the run. Raises SignedOut."""
    if me.signed_in is None:
        raise SignedOut("Sign in first, so that the account can be asked.")
    return Checking(site, run, me.signed_in)


def show_run(site: Site, run: StoredRun, refused: str = "", at: str = "", resume: str = "") -> Response:
    """Its page, or its progress as data; 409 if something was `refused` (`at` a step)."""
    if wants_json():
        response = make_response(run_json(site, run, visitor(site), refused))
    else:
        response = make_response(run_page(site, run, visitor(site), refused, at, resume))
    response.status_code = 409 if refused else 200
    return private(response)


def back_to(site: Site, run: StoredRun, step: str) -> Response:
    """After a change: to the step on the run's page, or its progress as data."""
    if wants_json():
        return show_run(site, run)
    known = step and run.checklist.step(step)
    return redirect(f"{run_url(run.id)}#{known.anchor}" if known else run_url(run.id), 303)


def private(response: Response) -> Response:
    """For nobody's cache."""
    response.headers["Cache-Control"] = "no-store"
    return response
