"""Signing in to the account and out again."""

import re

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from kb.errors import AccountError, BadCredentials, NotFound, Refused
from kb.web import visitor as visitors
from kb.web.checking import Checking
from kb.web.site import Site
from kb.web.visitor import Visitor, require_csrf, visitor

RUN = re.compile(r"/runs/([\w-]{1,64})/")


def signing_in(site: Site) -> Blueprint:
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
            return _form(site, user, "Type your user name and your password.", 400)
        try:
            signed_in = site.link.sign_in(user, password)
        except BadCredentials as error:
            return _form(site, user, str(error), 401)
        except AccountError as error:
            return _form(site, user, f"{error} You can go on without signing in.", 502)
        response = redirect(_next(), 303)
        _drop_key(site)  # whoever was signed in before is not any more
        visitors.sign_in(response, site.sign_ins.keep(signed_in))
        known = visitor(site)
        _link_run(site, Visitor(known.reader, known.new, known.csrf, signed_in))
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
    key = request.cookies.get(visitors.ACCOUNT)
    if key:
        site.sign_ins.drop(key)


def _next() -> str:
    """Where to go afterwards: only a path on this site."""
    path = request.values.get("next", "")
    return path if re.fullmatch(r"/(?![/\\])[^\\\s]*", path) else "/runs/"


def _link_run(site: Site, me: Visitor) -> None:
    """Whoever signs in from a run's page links that run; if it is another account's, its page says so."""
    match = RUN.fullmatch(_next().partition("#")[0])
    if match is None or me.signed_in is None or not site.runs.admits(match[1], me.reader):
        return
    try:
        Checking(site, site.runs.run(match[1]), me.signed_in).link()
    except (Refused, NotFound):
        return
