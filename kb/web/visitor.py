"""Who is asking: a browser known by a secure cookie, perhaps signed in to an account."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from flask import g, request
from werkzeug.wrappers import Response

from kb.account.account import SignedIn
from kb.errors import Refused
from kb.web.site import Site

READER, ACCOUNT = "kb_reader", "kb_account"
YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Visitor:
    """`reader` is the secret of this browser; `new` says that it must still be given to it."""

    reader: str
    new: bool
    csrf: str
    signed_in: SignedIn | None

    @property
    def actor(self) -> str:
        """Who did it, for events: the signed-in user, else just a reader."""
        return f"{self.signed_in.alias}/{self.signed_in.user}" if self.signed_in else "reader"


def visitor(site: Site) -> Visitor:
    """The one who asks now; a browser that is not known gets its cookie with the answer."""
    if "visitor" not in g:
        known = request.cookies.get(READER, "")
        reader = known if len(known) >= 32 else secrets.token_urlsafe(32)
        key = request.cookies.get(ACCOUNT)
        signed_in = site.sign_ins.find(key) if key else None
        g.visitor = Visitor(reader, reader != known, _csrf(site.key, reader), signed_in)
    found: Visitor = g.visitor
    return found


def require_csrf(site: Site) -> None:
    """Raise Refused unless the form was made for this browser by us."""
    sent = request.form.get("csrf") or request.headers.get("X-CSRF-Token", "")
    if not hmac.compare_digest(sent.encode(), visitor(site).csrf.encode()):
        raise Refused("This form is too old, or your browser did not send our cookie. Go back, reload, try again.")


def give_cookie(response: Response) -> Response:
    """Give a new browser its cookie."""
    found: Visitor | None = g.get("visitor")
    if found and found.new:
        _set(response, READER, found.reader, YEAR)
    return response


def sign_in(response: Response, key: str) -> None:
    """Give the browser the key of its sign-in; it ends with the browser's session."""
    _set(response, ACCOUNT, key, None)


def sign_out(response: Response) -> None:
    """Take the key of the sign-in back."""
    response.delete_cookie(ACCOUNT)


def _set(response: Response, name: str, value: str, age: int | None) -> None:
    response.set_cookie(name, value, max_age=age, httponly=True, samesite="Lax", secure=request.is_secure)


def _csrf(key: bytes, reader: str) -> str:
    return hmac.new(key, b"csrf:" + reader.encode(), hashlib.sha256).hexdigest()
