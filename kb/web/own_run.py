"""A run of the browser that asks, and the answers that show it."""

from flask import make_response, redirect
from werkzeug.wrappers import Response

from kb.checklist.stored_run import StoredRun
from kb.errors import NotAllowed, NotFound, SignedOut
from kb.web.checking import Checking
from kb.web.errors import wants_json
from kb.web.rights import TICK, Rights, rights_of
from kb.web.run_json import run_json
from kb.web.run_page import run_page, run_url
from kb.web.share_links import Link
from kb.web.site import Site
from kb.web.visitor import Visitor, visitor
from kb.words import words


def own_run(site: Site, run_id: str) -> StoredRun:
    """The run, if whoever asks may change it. Raises NotAllowed if they may only look; else as `seen_run`.

    Every address below a run's asks this, also those that only read: looking is what `seen_run` is for.
    """
    run, rights = seen_run(site, run_id)
    if not rights.tick:
        raise NotAllowed(words("You can look at this checklist, but you cannot change it."))
    return run


def seen_run(site: Site, run_id: str) -> tuple[StoredRun, Rights]:
    """The run, if whoever asks may look at it. Raises NotFound, which does not tell whether there is such a run."""
    own = site.runs.run_admitting(run_id, visitor(site).reader)
    if own:
        return own, TICK
    rights = rights_of(site, run_id, visitor(site))
    if not rights.see:
        raise NotFound(
            words(
                "This checklist is private to the browser that started it, or to its account. To open it "
                "here, sign in to that account, or make a resume link there."
            )
        )
    return site.runs.run(run_id), rights


def signed_in_visitor(site: Site) -> Visitor:
    """Whoever asks, who must be signed in. Raises SignedOut."""
    me = visitor(site)
    if me.signed_in is None:
        raise SignedOut(words("You are signed out. Sign in again; your ticks are kept."))
    return me


def checking_of(site: Site, run: StoredRun, me: Visitor) -> Checking:
    """This visitor's look at the account for the run. Raises SignedOut."""
    if me.signed_in is None:
        raise SignedOut(words("Sign in first, so that the account can be asked."))
    return Checking(site, run, me.signed_in)


def show_run(site: Site, run: StoredRun, refused: str = "", at: str = "", link: Link | None = None) -> Response:
    """Its page, or its progress as data; 409 if something was `refused` (`at` a step). `link` was just made."""
    if wants_json():
        response = make_response(run_json(site, run, visitor(site), refused))
    else:
        response = make_response(run_page(site, run, visitor(site), refused, at, link))
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
