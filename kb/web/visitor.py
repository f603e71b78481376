"""Who is asking: a browser known by a secure cookie, perhaps signed in to an account."""

import hmac
import secrets
from dataclasses import dataclass

from flask import g, request
from werkzeug.wrappers import Response

from kb.account.account import SignedIn
from kb.errors import Refused
from kb.web.checking import actor_of
from kb.web.site import Site
from kb.words import words

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
        """Who did it, for events."""
        return actor_of(self.signed_in)


def visitor(site: Site) -> Visitor:
    """The one who asks now; a browser that is not known gets its cookie with the answer."""
    if "visitor" not in g:
        known = request.cookies.get(cookie(READER), "")
        reader = known if ours(site.key, known) else _new_reader(site.key)
        key = request.cookies.get(cookie(ACCOUNT))
        signed_in = site.sign_ins.find(key) if key else None
        g.visitor = Visitor(reader, reader != known, csrf_of(site.key, reader), signed_in)
    found: Visitor = g.visitor
    return found


def require_csrf(site: Site) -> None:
    """Raise Refused unless the form was made for this browser by us."""
    sent = request.form.get("csrf") or request.headers.get("X-CSRF-Token", "")
    if not hmac.compare_digest(sent.encode(), visitor(site).csrf.encode()):
        raise Refused(
            words("This form is too old, or your browser did not send our cookie. Go back, reload, try again.")
        )


def give_cookie(response: Response) -> Response:
    """Give a new browser its cookie."""
    found: Visitor | None = g.get("visitor")
    if found and found.new:
        give(response, READER, found.reader, YEAR)
    return response


def sign_in(response: Response, key: str) -> None:
    """Give the browser the key of its sign-in; it ends with the browser's session."""
    give(response, ACCOUNT, key, None)


def sign_out(response: Response) -> None:
    """Take the key of the sign-in back."""
    take_back(response, ACCOUNT)


def cookie(name: str) -> str:
    """What browsers call this cookie: the prefix keeps a neighbour under the same domain from planting another."""
    return cookie_name(name, secure=request.is_secure)


def cookie_name(name: str, *, secure: bool) -> str:
    """The same, whether or not the request came by HTTPS being known."""
    return f"__Host-{name}" if secure else name


def give(response: Response, name: str, value: str, age: int | None) -> None:
    """Set a cookie that only this host, and no script, ever sees; `age` in seconds, None: the browser's session."""
    secure = request.is_secure
    response.set_cookie(cookie(name), value, max_age=age, httponly=True, samesite="Lax", secure=secure)


def take_back(response: Response, name: str) -> None:
    """Delete a cookie."""
    response.delete_cookie(cookie(name), httponly=True, samesite="Lax", secure=request.is_secure)


def forget(response: Response) -> None:
    """This browser is a stranger from now on; its checklists can only be opened by resume links."""
    take_back(response, READER)


def _new_reader(key: bytes) -> str:
    secret = secrets.token_urlsafe(32)
    return f"{secret}.{_signature(key, secret)}"


def ours(key: bytes, reader: str) -> bool:
    """Whether we made this cookie: one that somebody planted would let them see what is done with it."""
    secret, _, signature = reader.rpartition(".")
    return hmac.compare_digest(signature.encode(), _signature(key, secret).encode())


def _signature(key: bytes, secret: str) -> str:
    return hmac.digest(key, b"reader:" + secret.encode(), "sha256").hex()[:32]


def csrf_of(key: bytes, reader: str) -> str:
    """What every form of this browser carries."""
    return hmac.digest(key, b"csrf:" + reader.encode(), "sha256").hex()
