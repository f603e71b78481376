"""Links to a run: one to go on with it in another browser, one only to look at it.

The code stands behind the `#` of the address, which browsers send to nobody: no log and no referrer ever has it. A
script puts it into the form; without one the reader pastes the link.
"""

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from kb.checklist.sharing import Allows
from kb.errors import NotFound, Refused
from kb.web.form import text
from kb.web.own_run import own_run, private, show_run
from kb.web.run_page import run_url
from kb.web.share_links import Link
from kb.web.site import Site
from kb.web.visitor import require_csrf, visitor

LONGEST = 300  # characters of what is pasted


def resuming(site: Site) -> Blueprint:
    """The blueprint of both kinds of links."""
    pages = Blueprint("resuming", __name__)

    @pages.post("/runs/<run>/resume-codes")
    def resume_code(run: str) -> Response:
        return _made(site, run, "tick", "resume")

    @pages.post("/runs/<run>/share-codes")
    def share_code(run: str) -> Response:
        return _made(site, run, "see", "share")

    @pages.post("/runs/<run>/codes/<name>/end")
    def end(run: str, name: str) -> Response:
        require_csrf(site)
        mine = own_run(site, run)
        site.codes.revoke(mine.id, name)
        return redirect(f"{run_url(mine.id)}#links", 303)

    @pages.get("/runs/<run>/<any('share-codes', 'resume-codes'):_what>")
    @pages.get("/runs/<run>/codes/<_what>/end")
    def shown_again(run: str, _what: str) -> Response:
        """Reloading the answer to a form, or going back to it."""
        return redirect(run_url(run), 303)

    @pages.get("/resume")
    def resume() -> Response:
        return _entrance(site, "tick")

    @pages.post("/resume")
    def redeem() -> Response:
        return _redeemed(site, "tick")

    @pages.get("/share")
    def share() -> Response:
        return _entrance(site, "see")

    @pages.post("/share")
    def look() -> Response:
        return _redeemed(site, "see")

    return pages


def _made(site: Site, run: str, allows: Allows, page: str) -> Response:
    require_csrf(site)
    mine = own_run(site, run)
    try:
        code = site.codes.make(mine.id, allows)
    except Refused as error:
        return show_run(site, mine, str(error))
    return show_run(site, mine, link=Link(allows, f"{request.url_root.rstrip('/')}/{page}#{code}"))


def _entrance(site: Site, allows: Allows, error: str = "") -> Response:
    """The page that a link opens; it does not know the code."""
    me = visitor(site)
    template = "resume.html" if allows == "tick" else "share.html"
    page = render_template(template, error=error, csrf=me.csrf, signed_in=me.signed_in, nav="runs")
    response = private(make_response(page, 404 if error else 200))
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _redeemed(site: Site, allows: Allows) -> Response:
    require_csrf(site)
    code = text("code")[-LONGEST:].rpartition("#")[2].strip()
    try:
        run = site.codes.redeem(code, allows, visitor(site).reader)
    except NotFound as error:
        return _entrance(site, allows, str(error))
    return redirect(run_url(run), 303)
