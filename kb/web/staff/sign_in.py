"""Signing in as staff, by a password or at the OpenID provider, and out again."""

import hmac
import json
import re
import secrets
from dataclasses import asdict
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken
from flask import Blueprint, current_app, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from kb.errors import AccountError, BadCredentials, KbError, NotFound, Refused, Unreachable, UsageError
from kb.web.address import address_of
from kb.web.attempt import attempt
from kb.web.form import text
from kb.web.limits import Limits
from kb.web.own_run import private
from kb.web.staff.oidc import Pending, Provider, groups_of, user_of
from kb.web.staff.sessions import StaffSession
from kb.web.staff.staff import Staff
from kb.web.staff.users import LocalUser, plain_name
from kb.web.visitor import cookie, give, take_back

FORM, AWAY = "kb_staff_form", "kb_staff_away"  # cookies: the sign-in form's own, and that of a sign-in elsewhere
MINUTES_AWAY = 10
HOME = "/staff/"


def signing_in_staff(staff: Staff, limits: Limits, seal: Fernet) -> Blueprint:
    """The blueprint of the staff's sign-in."""
    pages = Blueprint("staff_sign_in", __name__, url_prefix="/staff")
    pages.before_request(staff.require_expected)

    @pages.get("/sign-in")
    def form() -> Response:
        return redirect(_next(), 303) if staff.member() else _form(staff, "", "", 200)

    @pages.post("/sign-in")
    def sign_in() -> Response:
        _require_csrf(staff)
        name, password = plain_name(text("user")), request.form.get("password", "")
        tried = attempt(name, address_of(request.environ, limits.access.proxies))
        limits.take("staff_sign_ins", lambda: tried)
        user = _known(staff, name, password)
        if user is None:
            return _form(staff, name, "We do not know this user and password.", 401)
        limits.give_back("staff_sign_ins", tried)
        response = redirect(_next(), 303)
        staff.enter(response, StaffSession("local", user.name, user.stamp, ()))
        return response

    @pages.post("/sign-out")
    def sign_out() -> Response:
        require_staff_csrf(staff)
        response = redirect("/staff/sign-in", 303)
        staff.leave(response)
        return response

    @pages.get("/away")
    def away() -> Response:
        """To the provider; a link and not a form, because our policy lets no form lead to another site."""
        try:
            address, pending = _provider(staff).begin(_back())
        except Unreachable as error:
            return _form(staff, "", str(error), 502)
        response = private(redirect(address, 303))
        sealed = seal.encrypt(json.dumps({**asdict(pending), "next": _next()}).encode()).decode()
        give(response, AWAY, sealed, MINUTES_AWAY * 60)
        return response

    @pages.get("/back")
    def back() -> Response:
        """From the provider."""
        try:
            pending, following = _pending(seal)
            claims = _provider(staff).finish(pending, request.args, _back())
            oidc = _provider(staff).oidc
            session = StaffSession("oidc", user_of(oidc, claims), "", groups_of(oidc, claims))
        except AccountError as error:
            return _form(staff, "", str(error), 401 if isinstance(error, BadCredentials) else 502)
        response = private(redirect(following, 303))
        take_back(response, AWAY)
        staff.enter(response, session)
        return response

    return pages


def require_staff_csrf(staff: Staff) -> None:
    """Raise unless the form was made for this sign-in by us: StaffSignedOut, Refused."""
    _compare(staff.require().csrf)


def _require_csrf(staff: Staff) -> None:
    """The same for the form of the sign-in, which belongs to the browser."""
    known = request.cookies.get(cookie(FORM), "")
    _compare(_token(staff, known) if known else secrets.token_hex())


def _compare(wanted: str) -> None:
    if not hmac.compare_digest(request.form.get("csrf", "").encode("utf-8", "replace"), wanted.encode()):
        raise Refused("This form is too old, or your browser did not send our cookie. Go back, reload, try again.")


def _known(staff: Staff, name: str, password: str) -> LocalUser | None:
    """The user with this password. A file that cannot be read is our fault: it is logged, and knows nobody."""
    try:
        user = staff.users.find(name) if staff.users else None
    except UsageError as error:
        current_app.logger.error("%s", error)
        user = None
    if not staff.passwords.fits(user.hash if user else None, password) or user is None:
        return None
    _renew(staff, user, password)
    return user


def _renew(staff: Staff, user: LocalUser, password: str) -> None:
    if staff.users is None or not staff.passwords.is_old(user.hash):
        return
    try:
        staff.users.rehash(user.name, user.hash, staff.passwords.hash(password))
    except KbError as error:  # the next sign-in tries again
        current_app.logger.warning("the hash of a password could not be renewed: %s", error)


def _form(staff: Staff, user: str, error: str, status: int) -> Response:
    known = request.cookies.get(cookie(FORM), "")
    mine = known if re.fullmatch(r"[\w-]{43}", known) else secrets.token_urlsafe(32)
    page = render_template(
        "staff_sign_in.html",
        form={"user": user, "error": error},
        next=_next(),
        local=staff.users is not None and bool(staff.settings.users),
        elsewhere=staff.provider is not None,
        csrf=_token(staff, mine),
        nav="staff",
    )
    response = private(make_response(page, status))
    if mine != known:
        give(response, FORM, mine, None)
    return response


def _token(staff: Staff, browser: str) -> str:
    return hmac.new(staff.key, f"staff-form:{browser}".encode(), sha256).hexdigest()


def _provider(staff: Staff) -> Provider:
    if staff.provider is None:
        raise NotFound("This site has no other place to sign in.")
    return staff.provider


def _pending(seal: Fernet) -> tuple[Pending, str]:
    """What was kept when the browser went away, and where to go now."""
    try:
        kept = json.loads(seal.decrypt(request.cookies.get(cookie(AWAY), "").encode(), ttl=MINUTES_AWAY * 60))
    except InvalidToken as error:
        raise BadCredentials("This sign-in was not begun in this browser, or too long ago. Begin again.") from error
    return Pending(kept["state"], kept["nonce"], kept["verifier"]), kept["next"]


def _back() -> str:
    return f"{request.url_root.rstrip('/')}/staff/back"


def _next() -> str:
    """Where to go afterwards: only a page of the staff."""
    path = request.values.get("next", "")
    return path if re.fullmatch(r"/staff/[\w/-]*", path, re.ASCII) else HOME
