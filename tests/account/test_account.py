"""Signing in."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from kb.account.account import open_account, sign_in
from kb.errors import AccountError, BadCredentials, Unreachable
from tests.account.fake_api import BASES, NOW, FakeApi

LOGIN = "post https://api.example/v2/authentication/login"


def login(token: str = "opaque") -> dict[str, Any]:
    roles = ["AccountAdmin", "ServerAdmin"]
    return {"userName": "pat", "accountAlias": "ABCD", "locationAlias": "VA1", "roles": roles, "bearerToken": token}


def jwt(claims: dict[str, Any]) -> str:
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({}, claims)]
    return ".".join([*parts, "signature"])


def test_signing_in_tells_who_where_and_with_which_roles() -> None:
    api = FakeApi({LOGIN: login()})
    signed_in = sign_in(BASES, "pat", "secret", NOW, api.transport)
    assert json.loads(api.seen[0].content) == {"username": "pat", "password": "secret"}
    assert "authorization" not in api.seen[0].headers
    assert (signed_in.user, signed_in.alias, signed_in.location) == ("pat", "ABCD", "VA1")
    assert signed_in.roles == ("AccountAdmin", "ServerAdmin")
    assert "opaque" not in repr(signed_in)


@pytest.mark.parametrize(
    ("token", "expires"),
    [
        ("opaque", NOW + timedelta(days=14)),
        ("a.b.c", NOW + timedelta(days=14)),
        (jwt({}), NOW + timedelta(days=14)),
        (jwt({"exp": "soon"}), NOW + timedelta(days=14)),
        (jwt({"exp": 1568980800}), datetime(2019, 9, 20, 12, 0, tzinfo=UTC)),
    ],
)
def test_the_token_says_itself_when_it_expires(token: str, expires: datetime) -> None:
    api = FakeApi({LOGIN: login(token)})
    assert sign_in(BASES, "pat", "secret", NOW, api.transport).expires == expires


@pytest.mark.parametrize("status", [400, 403])
def test_wrong_credentials_raise_the_apis_own_sentence(status: int) -> None:
    api = FakeApi({LOGIN: (status, {"message": "We didn't recognize you."})})
    with pytest.raises(BadCredentials, match=r"We didn't recognize you\."):
        sign_in(BASES, "pat", "wrong", NOW, api.transport)


@pytest.mark.parametrize("reply", [400, 401])
def test_wrong_credentials_without_a_sentence_get_ours(reply: Any) -> None:
    with pytest.raises(BadCredentials, match="not recognised"):
        sign_in(BASES, "pat", "wrong", NOW, FakeApi({LOGIN: reply}).transport)


@pytest.mark.parametrize("reply", [500, 503, 429, httpx.ConnectError("no"), httpx.ReadTimeout("late")])
def test_an_api_out_of_reach_is_said_and_never_asked_twice(reply: Any) -> None:
    """Four failed sign-ins lock a user."""
    api = FakeApi({LOGIN: reply})
    with pytest.raises(Unreachable):
        sign_in(BASES, "pat", "secret", NOW, api.transport)
    assert len(api.asked) == 1


@pytest.mark.parametrize(
    "reply", [[], {}, "text", 200, {**login(), "bearerToken": ""}, {**login(), "roles": None}, 404]
)
def test_an_answer_without_sense_is_an_account_error(reply: Any) -> None:
    with pytest.raises(AccountError):
        sign_in(BASES, "pat", "secret", NOW, FakeApi({LOGIN: reply}).transport)


def test_an_opened_account_asks_with_its_token() -> None:
    api = FakeApi({LOGIN: login(), "get https://api.example/x": {}})
    signed_in = sign_in(BASES, "pat", "secret", NOW, api.transport)
    with open_account(signed_in, BASES, api.transport) as account:
        account.client.read("/x")
    assert (account.alias, account.user, account.primary_data_centre) == ("ABCD", "pat", "VA1")
    assert api.seen[-1].headers["authorization"] == "Bearer opaque"
