"""Every failure as a page that helps, or as RFC 9457 problem details for programs."""

import re
from collections.abc import Sequence
from typing import cast
from urllib.parse import quote

from flask import Flask, Response, jsonify, make_response, redirect, render_template, request
from werkzeug.exceptions import HTTPException

from kb import errors
from kb.article.address import RESERVED
from kb.web.nearest import nearest, words_of
from kb.web.theme import href
from kb.web.tongues import Tongues
from kb.words import words

Suggestion = tuple[str, str]  # what it is called, its path
ALL: Suggestion = (words("All articles"), "/")

STATUS: Sequence[tuple[type[errors.KbError], int, str]] = (
    (errors.NotFound, 404, words("We could not find that")),
    (errors.Refused, 409, words("That cannot be done now")),
    (errors.StaffSignedOut, 401, words("You are signed out")),
    (errors.NotAllowed, 403, words("Your role does not allow that")),
    (errors.TooMany, 429, words("Too much in a short time")),
    (errors.WrongHost, 400, words("This site has another name")),
    (errors.UsageError, 400, words("That request cannot be understood")),
    (errors.StoreError, 503, words("It could not be saved")),
    (errors.SignedOut, 401, words("You are signed out")),
    (errors.AccountError, 502, words("The account could not be asked")),
    (errors.KbError, 500, words("Something went wrong")),
)
WORDS = {
    404: (words("We could not find that page"), words("It may have moved, or the address may be misspelt.")),
    405: (words("That cannot be done here"), words("This address does not take that kind of request.")),
    413: (words("That is too much"), words("The request is larger than this site accepts.")),
    500: (words("Something went wrong"), words("The fault is ours. Try again in a minute.")),
}


def show_errors(app: Flask, tongues: Tongues) -> None:
    """Handle our errors and Flask's in one way."""

    @app.errorhandler(errors.KbError)
    def ours(error: errors.KbError) -> Response:
        if isinstance(error, errors.StaffSignedOut) and request.method == "GET" and not wants_json():
            return cast("Response", redirect(f"/staff/sign-in?next={quote(request.path)}", 303))
        status, title = next((status, title) for kind, status, title in STATUS if isinstance(error, kind))
        response = problem(status, title, str(error), ways_on(error))
        if isinstance(error, errors.TooMany | errors.StoreError):
            response.headers["Retry-After"] = str(error.after)
        return response

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        status = error.code or 500
        title, message = WORDS.get(status, (error.name, error.description or ""))
        path = "" if request.path.split("/")[1] in RESERVED else request.path  # the site's own pages are no articles
        response = problem(status, title, message, suggestions(tongues, path), words_of(path) if status == 404 else "")
        allowed = getattr(error, "valid_methods", None)
        if allowed:
            response.headers["Allow"] = ", ".join(allowed)
        return response

    @app.errorhandler(Exception)
    def unknown(error: Exception) -> Response:
        # the rule, not the path: a log must not hold the addresses of private runs and resume links
        app.logger.exception("%s %s failed", request.method, request.url_rule, exc_info=error)
        return problem(500, *WORDS[500], [ALL])


def ways_on(error: errors.KbError) -> list[Suggestion]:
    """Back to the run that was asked for, to the sign-in page, and home."""
    run = re.match(r"/runs/[\w-]+/", request.path)
    back = [(words("Back to your checklist"), run[0])] if run and not isinstance(error, errors.NotFound) else []
    sign_in = (
        [(words("Sign in"), f"/sign-in?next={run[0] if run else '/runs/'}")]
        if isinstance(error, errors.SignedOut)
        else []
    )
    if request.path.startswith("/staff/") and isinstance(error, errors.StaffSignedOut | errors.NotAllowed):
        return [("Sign in as staff", "/staff/sign-in")]
    now = [(words("Read the current edition"), error.page)] if isinstance(error, errors.Outdated) else []
    return [*sign_in, *now, *back, ALL]


def problem(status: int, title: str, message: str, ways: Sequence[Suggestion], asked: str = "") -> Response:
    """The page, or problem details if the client prefers JSON. `asked`: what the page offers to search for."""
    if wants_json():
        response = jsonify({"type": "about:blank", "title": title, "status": status, "detail": message})
        response.content_type = "application/problem+json"
    else:
        response = make_response(
            render_template(
                "error.html", title=title, message=message, suggestions=ways, asked=asked, status=status, nav=""
            )
        )
    response.status_code = status
    response.cache_control.no_store = True
    return response


def suggestions(tongues: Tongues, path: str) -> list[Suggestion]:
    """Articles whose addresses or titles look like this path, and the home page."""
    near = nearest(tongues.here.shelves.search, path)
    return [*((article.title, href(article.address)) for article in near), ALL]


def wants_json() -> bool:
    """Whether the client asks for JSON rather than a page."""
    if f"{request.environ.get('HTTP_ACCEPT', '')},".startswith("text/html,"):
        return False  # as all browsers ask: the rest need not be read
    best = request.accept_mimetypes.best_match(["text/html", "application/json", "application/problem+json"])
    return best is not None and best != "text/html" and "text/html" not in request.accept_mimetypes.values()
