"""Signing in, tokens, and who reaches which account."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from kb.sandbox.clock import MovableClock
from kb.sandbox.serve import Sandbox
from tests.sandbox.caller import ADMIN, Caller

LOGIN = "/v2/authentication/login"
WRONG = "We didn't recognize the username or password you entered. Please try again."
START = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(START, stopped=True)


@pytest.fixture
def timed(clock: MovableClock) -> Iterator[Sandbox]:
    with Sandbox(clock=clock, pace=0) as started:
        yield started


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b'{"username": "alex.abcd", "password": "demo-admin-1"}', id="JSON"),
        pytest.param(b'{"Username": "alex.abcd", "PASSWORD": "demo-admin-1"}', id="JSON in other letter case"),
        pytest.param(b'{"username": "ALEX.abcd", "password": "demo-admin-1"}', id="user name in other letter case"),
        pytest.param(b"username=alex.abcd&password=demo-admin-1", id="form"),
    ],
)
@pytest.mark.parametrize("content_type", ["application/json", "application/x-www-form-urlencoded", "text/plain", None])
def test_every_body_form_signs_in_whatever_the_header_says(
    sandbox: Sandbox, content: bytes, content_type: str | None
) -> None:
    headers = {"Content-Type": content_type} if content_type else {}

    answer = httpx.post(sandbox.url + LOGIN, content=content, headers=headers)

    assert answer.status_code == 200
    body = answer.json()
    assert body.pop("bearerToken")
    assert body == {
        "userName": "alex.abcd",
        "accountAlias": "ABCD",
        "locationAlias": "VA1",
        "roles": ["AccountAdmin"],
    }


@pytest.mark.parametrize(
    "body",
    [
        pytest.param({"username": "alex.abcd", "password": "wrong"}, id="wrong password"),
        pytest.param({"username": "nobody", "password": "demo-admin-1"}, id="unknown user"),
        pytest.param({}, id="nothing given"),
        pytest.param({"username": ["a"], "password": None}, id="no texts"),
    ],
)
def test_bad_credentials_answer_400_with_the_text_that_clients_print(sandbox: Sandbox, body: object) -> None:
    answer = httpx.post(sandbox.url + LOGIN, json=body)

    assert (answer.status_code, answer.json()) == (400, {"message": WRONG})


def test_the_token_is_a_jwt_of_14_days(timed: Sandbox) -> None:
    token = httpx.post(timed.url + LOGIN, json=_body(*ADMIN)).json()["bearerToken"]

    head, claims = (json.loads(base64.urlsafe_b64decode(part + "==")) for part in token.split(".")[:2])
    assert head == {"typ": "JWT", "alg": "HS256"}
    assert claims["exp"] - claims["nbf"] == 1_209_600
    assert claims["nbf"] == START.timestamp()
    assert (claims["iss"], claims["aud"]) == ("urn:api-tier3", "urn:tier3-users")
    assert claims["role"] == ["AccountAdmin"]
    assert claims["urn:tier3:account-alias"] == "ABCD"
    assert claims["urn:tier3:location-alias"] == "VA1"


@pytest.mark.parametrize(
    ("passed", "status"), [(timedelta(days=14) - timedelta(seconds=1), 200), (timedelta(days=14), 401)]
)
def test_the_token_expires_after_14_days(timed: Sandbox, clock: MovableClock, passed: timedelta, status: int) -> None:
    caller = Caller(timed.url)
    clock.advance(passed)

    assert caller.http.get("/v2/datacenters/ABCD").status_code == status
    caller.close()


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer nonsense",
        "Bearer a.b.c",
        "Bearer ..",
        "Bearer é.ü.ß",
        "Basic YWxleDpkZW1v",
        "TOKEN",
    ],
)
def test_without_a_good_token_the_answer_is_401(sandbox: Sandbox, header: str | None) -> None:
    token = httpx.post(sandbox.url + LOGIN, json=_body(*ADMIN)).json()["bearerToken"]
    headers = {} if header is None else {b"Authorization": header.replace("TOKEN", token).encode()}

    answer = httpx.get(sandbox.url + "/v2/datacenters/ABCD", headers=headers)

    assert answer.status_code == 401
    assert answer.json() == {"message": "Authorization has been denied for this request."}


def test_a_changed_token_is_refused(sandbox: Sandbox) -> None:
    head, claims, signature = httpx.post(sandbox.url + LOGIN, json=_body(*ADMIN)).json()["bearerToken"].split(".")
    data = json.loads(base64.urlsafe_b64decode(claims + "=="))
    forged = base64.urlsafe_b64encode(json.dumps({**data, "unique_name": "vic.abcd"}).encode()).decode().rstrip("=")

    answer = httpx.get(
        sandbox.url + "/v2/datacenters/ABCD", headers={"Authorization": f"Bearer {head}.{forged}.{signature}"}
    )

    assert answer.status_code == 401


def test_four_failures_lock_the_user_for_a_minute(timed: Sandbox, clock: MovableClock) -> None:
    with httpx.Client(base_url=timed.url) as http:
        for _ in range(4):
            assert http.post(LOGIN, json=_body("alex.abcd", "wrong")).status_code == 400
        locked = http.post(LOGIN, json=_body(*ADMIN))
        clock.advance(timedelta(minutes=1))
        later = http.post(LOGIN, json=_body(*ADMIN))

    assert (locked.status_code, locked.json()) == (400, {"message": WRONG})
    assert later.status_code == 200


def test_a_success_forgets_earlier_failures(timed: Sandbox) -> None:
    with httpx.Client(base_url=timed.url) as http:
        for password in ["wrong"] * 3 + ["demo-admin-1"] + ["wrong"] * 3:
            http.post(LOGIN, json=_body("alex.abcd", password))

        assert http.post(LOGIN, json=_body(*ADMIN)).status_code == 200


def _body(name: str, password: str) -> dict[str, str]:
    return {"username": name, "password": password}


@pytest.fixture
def family(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A parent, its child, and a stranger."""
    file = tmp_path_factory.mktemp("scenario") / "family.yaml"
    user = "users: [{{name: {0}, password: p, roles: [AccountAdmin]}}]"
    accounts = [
        f"- {{alias: {alias}, name: {alias}, primary: VA1, {parent} {user.format(name)}}}"
        for alias, parent, name in [("TOP", "", "top"), ("SUB", "parent: TOP,", "sub"), ("ELSE", "", "else")]
    ]
    file.write_text("title: t\naccounts:\n" + "\n".join(accounts))
    with Sandbox(scenario=str(file), pace=0) as started:
        yield started


@pytest.mark.parametrize(
    ("user", "alias", "status"),
    [
        ("top", "TOP", 200),
        ("top", "sub", 200),
        ("sub", "SUB", 200),
        ("sub", "TOP", 403),
        ("top", "ELSE", 403),
        ("top", "NONE", 404),
    ],
)
def test_rights_reach_the_own_account_and_those_below(family: Sandbox, user: str, alias: str, status: int) -> None:
    caller = Caller(family.url, (user, "p"))

    paths = [f"/v2/accounts/{alias}", f"/v2/siteToSiteVpn?account={alias}", f"/v2-experimental/networks/{alias}/VA1"]

    assert [caller.http.get(path).status_code for path in paths] == [status] * 3
    caller.close()
