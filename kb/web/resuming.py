"""Resume links: a run opened in another browser."""

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from kb.errors import NotFound
from kb.web.own_run import own_run, private, show_run
from kb.web.run_page import run_url
from kb.web.site import Site
from kb.web.visitor import require_csrf, visitor


def resuming(site: Site) -> Blueprint:
    """The blueprint of resume links."""
    pages = Blueprint("resuming", __name__)

    @pages.post("/runs/<run>/resume-codes")
    def resume_code(run: str) -> Response:
        require_csrf(site)
        mine = own_run(site, run)
        address = f"{request.url_root.rstrip('/')}/resume/{site.runs.new_resume_code(mine.id)}"
        return show_run(site, mine, resume=address)

    @pages.get("/resume/<code>")
    def resume(code: str) -> Response:
        _code(site, code)
        me = visitor(site)
        page = render_template("resume.html", code=code, csrf=me.csrf, signed_in=me.signed_in, nav="runs")
        return private(make_response(page))

    @pages.post("/resume/<code>")
    def redeem(code: str) -> Response:
        require_csrf(site)
        run = _code(site, code)
        site.runs.admit(run, visitor(site).reader)
        return redirect(run_url(run), 303)

    return pages


def _code(site: Site, code: str) -> str:
    run = site.runs.run_of_code(code)
    if run is None:
        raise NotFound(
            "This resume link does not work (any more). Make a new one in the browser that has the checklist."
        )
    return run
