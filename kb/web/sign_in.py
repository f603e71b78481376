"""Signing in to the account and out again."""

import re

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from kb.errors import AccountError, BadCredentials, NotFound, Refused
from kb.web import visitor as visitors
from kb.web.address import address_of
from kb.web.attempt import attempt
from kb.web.joining import joined
from kb.web.limits import Limits
from kb.web.site import Site
from kb.web.visitor import Visitor, require_csrf, visitor
from kb.words import words

RUN = re.compile(r"/runs/([\w-]{1,64})/")


def signing_in(site: Site, limits: Limits) -> Blueprint:
    """The blueprint of the sign-in pages."""
    pages = Blueprint("sign_in", __name__)

    @pages.get("/sign-in")
    def form() -> Response:
        return _form(site, "", "", 200)

    @pages.post("/sign-in")
    def sign_in() -> Response:
        require_csrf(site)
        user, password = request.form.get("user", "").strip(), request.form.get("password", "")
        if not user or not password:
            return _form(site, user, words("Type your user name and your password."), 400)
        tried = attempt(user, address_of(request.environ, limits.access.proxies))
        limits.take("sign_ins", lambda: tried)
        try:
            signed_in = site.link.sign_in(user, password)
        except BadCredentials as error:
            return _form(site, user, str(error), 401)
        except AccountError as error:
            limits.give_back("sign_ins", tried)  # nobody could tell whether it was right
            return _form(site, user, words("{error} You can go on without signing in.", error=error), 502)
        limits.give_back("sign_ins", tried)
        _drop_key(site)  # whoever was signed in before is not any more
        key = site.sign_ins.keep(signed_in)
        known = visitor(site)
        response = redirect(_joined(site, Visitor(known.reader, known.new, known.csrf, signed_in)), 303)
        visitors.sign_in(response, key)
        return response

    @pages.post("/sign-out")
    def sign_out() -> Response:
        require_csrf(site)
        _drop_key(site)
        response = redirect(_next(), 303)
        visitors.sign_out(response)
        return response

    return pages


def _form(site: Site, user: str, error: str, status: int) -> Response:
    me = visitor(site)
    page = render_template(
        "sign_in.html",
        form={"user": user, "error": error},
        next=_next() if "next" in request.values else "",
        account_name=site.link.name,
        hints=site.hints,
        csrf=me.csrf,
        signed_in=me.signed_in,
        nav="sign-in",
    )
    response = make_response(page, status)
    response.cache_control.no_store = True
    return response


def _drop_key(site: Site) -> None:
    key = request.cookies.get(visitors.cookie(visitors.ACCOUNT))
    if key:
        site.sign_ins.drop(key)


def _next() -> str:
    """Where to go afterwards: only a path on this site."""
    path = request.values.get("next", "")
    return path if re.fullmatch(r"/(?![/\\])[^\\\s]*", path) else "/runs/"


def _joined(site: Site, me: Visitor) -> str:
    """Where to go. Whoever signs in from a run's page gives that run to the account; a refusal is said on its page.

    All others of this browser are only offered: somebody else may have used it.
    """
    match = RUN.fullmatch(_next().partition("#")[0])
    if match is None or not site.runs.admits(match[1], me.reader):
        return _next()
    try:
        return joined(site, site.runs.run(match[1]), me)
    except (Refused, NotFound):
        return _next()
