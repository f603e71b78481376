"""API v1: `POST /REST/<Area>/<Method>/<JSON|XML>` with keys of its own and a session in a cookie.

Every answer is 200 and says in `Success`, `Message` and `StatusCode` how it went. Members come as JSON, as a form, or
behind the question mark. Keys act as Account Administrators, whoever holds them.
"""

from collections.abc import Callable, Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from kb.sandbox.api import door, token
from kb.sandbox.api.ask import Ask
from kb.sandbox.api.reply import Answer, ok
from kb.sandbox.api.roles import ACCOUNT_ADMIN
from kb.sandbox.api.route import Route
from kb.sandbox.api.shape import TEXT, fields
from kb.sandbox.errors import Denied, NotThere, Rejected, Unsuccessful
from kb.sandbox.world import items
from kb.sandbox.world.records import Account, Item, User

OK, UNKNOWN, INVALID, NOT_FOUND, NOT_LOGGED_ON, NO_ALIAS = 0, 2, 3, 5, 100, 1600

_COOKIE = "Tier3.API.Cookie"
_HOLDER = "v1:"  # before the key in the token, so that it is none of v2 and none of v2 works here

Said = Mapping[str, str]  # members in lower-case names
Method = Callable[[Ask, Said], dict[str, Any]]  # what is answered besides Success, Message and StatusCode


def method(area: str, name: str, view: Method, *takes: str) -> Route:
    """The route of one method; `takes` names its members."""

    def answered(ask: Ask, form: str) -> Answer:
        try:
            signed_in = _with_user(ask)
            return _shown(name, form, {**_outcome(OK, "OK"), **view(signed_in, _said(ask))})
        except Unsuccessful as error:
            return _shown(name, form, _outcome(error.code, str(error)))

    answered.__doc__ = view.__doc__
    body = fields(**dict.fromkeys(takes, TEXT))
    return Route("POST", f"/REST/{area}/{name}/<form>", answered, public=True, query=takes, body=body)


def account(ask: Ask, said: Said, *, needed: bool = False) -> Account:
    """The account that is meant: the key's own without a name. Raises Unsuccessful."""
    wanted = said.get("accountalias", "")
    if needed and not wanted:
        raise Unsuccessful(NO_ALIAS, "The account alias is required.")
    assert ask.user is not None  # noqa: S101  `method` let the caller in
    try:
        return door.admitted(ask.world, ask.user, wanted or ask.user.alias)
    except (NotThere, Denied):
        raise Unsuccessful(NOT_FOUND, f"The account {wanted} was not found.") from None


def logon(ask: Ask, form: str = "XML") -> Answer:
    """Exchange an API key and its password for a session."""
    said = _said(ask)
    key = _key(ask, said.get("apikey", ""))
    if key is None or key.body.get("password") != said.get("password"):
        return _shown("Logon", form, _outcome(NOT_LOGGED_ON, "Invalid API key or password."))
    holder = User(_HOLDER + key.id, "", key.alias, (ACCOUNT_ADMIN,))
    value = token.issue(holder, "", ask.world.now(), ask.world.secret)
    answer = _shown("Logon", form, _outcome(OK, "Login successful."))
    answer.headers["Set-Cookie"] = f"{_COOKIE}={value}; Path=/; HttpOnly"
    return answer


def logout(ask: Ask, form: str = "XML") -> Answer:  # noqa: ARG001  all views are called alike
    """End the session."""
    answer = _shown("Logout", form, _outcome(OK, "Logout successful."))
    answer.headers["Set-Cookie"] = f"{_COOKIE}=; Path=/; Max-Age=0; HttpOnly"
    return answer


def _with_user(ask: Ask) -> Ask:
    """The request as that of the session's key. Raises Unsuccessful."""
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(ask.headers.get("cookie", ""))
    except CookieError:
        jar.clear()
    value = jar[_COOKIE].value if _COOKIE in jar else ""
    name = token.holder(value, ask.world.now(), ask.world.secret) if value else None
    key = _key(ask, name.removeprefix(_HOLDER)) if name and name.startswith(_HOLDER) else None
    if name is None or key is None:
        raise Unsuccessful(NOT_LOGGED_ON, "You are not logged on.")
    return Ask(ask.world, User(name, "", key.alias, (ACCOUNT_ADMIN,)), ask.query, ask.raw, ask.headers)


def _key(ask: Ask, name: str) -> Item | None:
    return next((each for each in ask.world.items.all() if each.kind == items.V1_KEY and each.id == name), None)


def _said(ask: Ask) -> Said:
    """Raises Unsuccessful."""
    try:
        told = {**ask.query, **ask.members()}
    except Rejected as error:
        raise Unsuccessful(INVALID, str(error)) from error
    return {name: "" if value is None else str(value) for name, value in told.items()}


def _outcome(code: int, message: str) -> dict[str, Any]:
    return {"Success": code == OK, "Message": message, "StatusCode": code}


def _shown(name: str, form: str, data: dict[str, Any]) -> Answer:
    if form.lower() == "json":
        return ok(data)
    if form.lower() != "xml":
        raise NotThere(form)
    return Answer(200, tostring(_element(f"{name}Response", data), encoding="utf-8"), media="text/xml; charset=utf-8")


def _element(name: str, data: Mapping[str, Any]) -> Element:
    """Plain members as attributes, the others as elements inside."""
    element = Element(name)
    for member, value in data.items():
        if isinstance(value, Mapping):
            element.append(_element(member, value))
        elif isinstance(value, list):
            inside = SubElement(element, member)
            inside.extend(_element(member.removesuffix("s"), each) for each in value if isinstance(each, Mapping))
        elif value is not None:
            element.set(member, str(value).lower() if isinstance(value, bool) else str(value))
    return element


_KEY = fields(APIKey=TEXT, Password=TEXT)
_TAKES = ("APIKey", "Password")

ROUTES = (
    Route("POST", "/REST/Auth/Logon", logon, public=True, query=_TAKES, body=_KEY),
    Route("POST", "/REST/Auth/Logon/<form>", logon, public=True, query=_TAKES, body=_KEY),
    Route("POST", "/REST/Auth/Logout", logout, public=True),
    Route("POST", "/REST/Auth/Logout/<form>", logout, public=True),
)
