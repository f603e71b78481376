"""The signed-in customer's account: who signed in, with which roles, and the client that asks on their behalf."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Self

import httpx

from kb.account.client import Answer, Client, connect
from kb.errors import AccountError, BadCredentials, SignedOut, Unreachable
from kb.words import words

LIFE_OF_A_TOKEN = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What the login answered. `location` is the primary data centre's alias; `token` is a secret."""

    user: str
    alias: str
    location: str
    roles: tuple[str, ...]  # as on the wire: "AccountAdmin"
    token: str = field(repr=False)
    expires: datetime


@dataclass(frozen=True, slots=True)
class Account:
    """One customer's account, asked with that customer's token. Close it after use, or use it in a `with`."""

    alias: str
    user: str
    roles: tuple[str, ...]
    primary_data_centre: str  # upper case: "VA1"
    client: Client

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self.client.close()


def sign_in(
    bases: Mapping[str, str], user: str, password: str, now: datetime, transport: httpx.BaseTransport | None = None
) -> SignedIn:
    """Sign in with a Control Portal user name and password.

    Asked once and never again: four failed logins lock a user. Raises BadCredentials with the API's own sentence,
    Unreachable, or AccountError when the answer makes no sense.
    """
    client = connect(bases, transport=transport).within()
    try:
        answer = client.change("POST", "/v2/authentication/login", body={"username": user, "password": password})
    except SignedOut:
        raise BadCredentials(_not_recognised("")) from None
    finally:
        client.close()
    return _signed_in(answer, now)


def open_account(
    signed_in: SignedIn, bases: Mapping[str, str], transport: httpx.BaseTransport | None = None
) -> Account:
    """The account of this login. Asks nothing yet."""
    client = connect(bases, signed_in.token, transport)
    return Account(signed_in.alias, signed_in.user, signed_in.roles, signed_in.location, client)


def _signed_in(answer: Answer, now: datetime) -> SignedIn:
    if answer.fate != "answered":
        raise Unreachable(
            words("The account API could not be reached, so you could not be signed in. Try again later.")
        )
    if answer.status == 429 or answer.status >= 500:
        raise Unreachable(words("The account API could not sign you in just now. Try again in a few minutes."))
    if answer.status in (400, 403):
        raise BadCredentials(_not_recognised(answer.message))
    try:
        return _read_login(answer.data, now)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise AccountError(words("The account API's answer to the sign-in could not be understood.")) from None


def _not_recognised(said: str) -> str:
    return said or words("The user name or password was not recognised. Check them and try again.")


def _read_login(data: Any, now: datetime) -> SignedIn:
    token = data["bearerToken"]
    if not isinstance(token, str) or not token:
        raise ValueError
    return SignedIn(
        user=str(data["userName"]),
        alias=str(data["accountAlias"]).upper(),
        location=str(data["locationAlias"]).upper(),
        roles=tuple(str(role) for role in data["roles"]),
        token=token,
        expires=_expiry(token) or now + LIFE_OF_A_TOKEN,
    )


def _expiry(token: str) -> datetime | None:
    """The `exp` that a JWT carries, UTC; None if the token is opaque."""
    try:
        part = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        return datetime.fromtimestamp(claims["exp"], UTC)
    except (ValueError, LookupError, TypeError, OverflowError, OSError):
        return None
