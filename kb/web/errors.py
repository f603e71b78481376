"""Every failure as a page that helps, or as RFC 9457 problem details for programs."""

import re
from collections.abc import Sequence

from flask import Flask, Response, jsonify, make_response, render_template, request
from rapidfuzz import process
from werkzeug.exceptions import HTTPException

from kb import errors
from kb.web.site import Site
from kb.web.theme import href

Suggestion = tuple[str, str]

STATUS: Sequence[tuple[type[errors.KbError], int, str]] = (
    (errors.NotFound, 404, "We could not find that"),
    (errors.Refused, 409, "That cannot be done now"),
    (errors.UsageError, 400, "That request cannot be understood"),
    (errors.StoreError, 503, "It could not be saved"),
    (errors.SignedOut, 401, "You are signed out"),
    (errors.AccountError, 502, "The account could not be asked"),
    (errors.KbError, 500, "Something went wrong"),
)
WORDS = {
    404: ("We could not find that page", "It may have moved, or the address may be misspelt."),
    405: ("That cannot be done here", "This address does not take that kind of request."),
    413: ("That is too much", "The request is larger than this site accepts."),
    500: ("Something went wrong", "The fault is ours. Try again in a minute."),
}


def show_errors(app: Flask, site: Site) -> None:
    """Handle our errors and Flask's in one way."""

    @app.errorhandler(errors.KbError)
    def ours(error: errors.KbError) -> Response:
        status, title = next((status, title) for kind, status, title in STATUS if isinstance(error, kind))
        return problem(status, title, str(error), ways_on(error))

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        status = error.code or 500
        title, message = WORDS.get(status, (error.name, error.description or ""))
        response = problem(status, title, message, suggestions(site, request.path))
        allowed = getattr(error, "valid_methods", None)
        if allowed:
            response.headers["Allow"] = ", ".join(allowed)
        return response

    @app.errorhandler(Exception)
    def unknown(error: Exception) -> Response:
        # the rule, not the path: a log must not hold the addresses of private runs and resume links
        app.logger.exception("%s %s failed", request.method, request.url_rule, exc_info=error)
        return problem(500, *WORDS[500], [("All articles", "/")])


def ways_on(error: errors.KbError) -> list[Suggestion]:
    """Back to the run that was asked for, to the sign-in page, and home."""
    run = re.match(r"/runs/[\w-]+/", request.path)
    back = [("Back to your checklist", run[0])] if run and not isinstance(error, errors.NotFound) else []
    sign_in = (
        [("Sign in", f"/sign-in?next={run[0] if run else '/runs/'}")] if isinstance(error, errors.SignedOut) else []
    )
    now = [("Read the current edition", error.page)] if isinstance(error, errors.Outdated) else []
    return [*sign_in, *now, *back, ("All articles", "/")]


def problem(status: int, title: str, message: str, ways: Sequence[Suggestion]) -> Response:
    """The page, or problem details if the client prefers JSON."""
    if wants_json():
        response = jsonify({"type": "about:blank", "title": title, "status": status, "detail": message})
        response.content_type = "application/problem+json"
    else:
        response = make_response(
            render_template("error.html", title=title, message=message, suggestions=ways, status=status, nav="")
        )
    response.status_code = status
    response.cache_control.no_store = True
    return response


def suggestions(site: Site, path: str) -> list[Suggestion]:
    """Articles whose addresses look like this path, and the home page."""
    known = {article.address: article for article in site.library.articles if not article.withdrawn}
    near = process.extract(path.strip("/").lower(), list(known), limit=3, score_cutoff=55)
    return [*((known[name].title, href(name)) for name, _, _ in near), ("All articles", "/")]


def wants_json() -> bool:
    """Whether the client asks for JSON rather than a page."""
    best = request.accept_mimetypes.best_match(["text/html", "application/json", "application/problem+json"])
    return best is not None and best != "text/html" and "text/html" not in request.accept_mimetypes.values()
