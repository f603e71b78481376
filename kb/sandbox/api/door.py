"""The door: signing in, and who may come in with which token to which account."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from kb.sandbox.api import token
from kb.sandbox.api.ask import Ask
from kb.sandbox.api.reply import Answer, message, ok
from kb.sandbox.api.route import Route
from kb.sandbox.api.shape import TEXT, fields
from kb.sandbox.errors import Denied, NotThere
from kb.sandbox.world.records import Account, User
from kb.sandbox.world.state import World

WRONG = "We didn't recognize the username or password you entered. Please try again."  # clients print it
TRIES = 4
LOCKED_FOR = timedelta(minutes=1)  # the real one waits for an administrator; a demonstration must not


_CREDENTIALS = fields("username", "password", username=TEXT, password=TEXT)


@dataclass
class Failures:
    """Failed sign-ins in a row by user name; a restart forgets them."""

    counts: dict[str, tuple[int, datetime]] = field(default_factory=dict)

    def locked(self, name: str, now: datetime) -> bool:
        """Whether this user failed too often a short time ago."""
        count, last = self.counts.get(name, (0, now))
        if count >= TRIES and now - last >= LOCKED_FOR:
            del self.counts[name]
            return False
        return count >= TRIES

    def add(self, name: str, now: datetime) -> None:
        """One more."""
        self.counts[name] = (self.counts.get(name, (0, now))[0] + 1, now)

    def clear(self, name: str) -> None:
        """It worked."""
        self.counts.pop(name, None)


def route(failures: Failures) -> Route:
    """The only v2 route without a token."""

    def login(ask: Ask) -> Answer:
        """Exchange user name and password for a token."""
        members, now = ask.members(), ask.world.now()
        name, password = str(members.get("username", "")), str(members.get("password", ""))
        user = ask.world.users.get(name.lower())
        if user is None or failures.locked(user.key, now):
            return message(400, WRONG)
        if user.password != password:
            failures.add(user.key, now)
            return message(400, WRONG)
        failures.clear(user.key)
        return ok(_signed_in(ask.world, user))

    return Route("POST", "/v2/authentication/login", login, public=True, body=_CREDENTIALS)


def _signed_in(world: World, user: User) -> dict[str, object]:
    account = world.accounts.get(user.alias)
    location = account.primary if account else ""
    return {
        "userName": user.name,
        "accountAlias": user.alias,
        "locationAlias": location,
        "roles": list(user.roles),
        "bearerToken": token.issue(user, location, world.now(), world.secret),
    }


def bearer(world: World, authorization: str) -> User | None:
    """Who holds the token of this header; None: nobody."""
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() != "bearer":
        return None
    name = token.holder(value.strip(), world.now(), world.secret)
    return world.users.get(name.lower()) if name else None


def admitted(world: World, user: User, alias: str) -> Account:
    """The account of this alias, if the user's rights reach it: their own or one below. Raises NotThere, Denied."""
    account = world.accounts.get(alias.upper())
    if account is None:
        raise NotThere(alias)
    above = account
    while above.alias != user.alias:
        parent = world.accounts.get(above.parent)
        if parent is None:
            raise Denied
        above = parent
    return account
