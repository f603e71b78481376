"""Signing in at a provider: a real one in its own process, then one that lies in every way."""

import base64
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
from joserfc.jwk import OctKey, RSAKey
from werkzeug.test import TestResponse

from kb.access import Oidc
from kb.database import Database
from kb.web.app import create_app
from tests.web.samples import Browser, Clock, write_library
from tests.web.staff.provider import CLIENT, Told, real_provider, told_provider
from tests.web.staff.team import staffed

PAM = {"sub": "pam", "email": "pam@example.org", "email_verified": True, "groups": ["kb-support", "others"]}
UMA = {"sub": "uma", "email": "uma@example.org", "email_verified": False}
Make = Callable[..., Browser]


@pytest.fixture
def make(tmp_path: Path, database: Database, clock: Clock) -> Make:
    """A browser of a site whose staff sign in at this issuer."""

    def made(issuer: str, **settings: object) -> Browser:
        library = tmp_path / "library"
        library.mkdir()
        oidc = Oidc(issuer, CLIENT, claims={"kb-support": ("support",)}, users={"olga": ("operator",)})
        site = staffed(write_library(library), database, clock, tmp_path / "staff.json", replace(oidc, **settings))  # type: ignore[arg-type]
        return Browser(create_app(site).test_client())

    return made


@pytest.fixture
def real(free_port: int) -> Iterator[str]:
    with real_provider(free_port, PAM, UMA, {"sub": "olga"}, {"sub": "ann"}) as issuer:
        yield issuer


def at_the_provider(browser: Browser, user: str, start: str = "/staff/away") -> str:
    """The path to come back to, after signing in there as this user."""
    address = browser.client.get(start).headers["Location"]
    answer = httpx.post(address, data={"sub": user})
    assert 302 == answer.status_code, answer.text
    back = urlsplit(answer.headers["Location"])
    return f"{back.path}?{back.query}"


def test_a_group_of_the_provider_gives_a_role(real: str, make: Make, clock: Clock) -> None:
    browser = make(real)
    clock.at = datetime.now(UTC)
    browser.open(at_the_provider(browser, "pam", "/staff/away?next=/staff/runs/"))
    assert (200, "/staff/runs/") == (browser.status, browser.path)
    assert "Your roles: support" in browser.open("/staff/").text()
    assert 403 == browser.open("/staff/searches").status


def test_a_user_can_be_named_and_the_same_name_here_and_there_are_two_people(
    real: str, make: Make, clock: Clock
) -> None:
    browser = make(real)
    clock.at = datetime.now(UTC)
    browser.open(at_the_provider(browser, "olga"))
    assert "Your roles: operator" in browser.text()
    browser.open(at_the_provider(browser, "ann"))
    assert "no role yet" in browser.text()


def test_a_code_works_once_and_only_in_the_browser_that_began(real: str, make: Make, clock: Clock) -> None:
    browser = make(real)
    clock.at = datetime.now(UTC)
    back = at_the_provider(browser, "pam")
    other = Browser(browser.client.application.test_client())
    assert 401 == other.open(back).status
    assert "/staff/sign-in" == other.open("/staff/").path
    assert "/staff/" == browser.open(back).path
    assert 401 == browser.open(back).status


def test_an_email_that_the_provider_has_not_verified_is_nobody_s(real: str, make: Make, clock: Clock) -> None:
    browser = make(real, user="email", users={"uma@example.org": ("operator",), "pam@example.org": ("author",)})
    clock.at = datetime.now(UTC)
    assert 401 == browser.open(at_the_provider(browser, "uma")).status
    browser.open(at_the_provider(browser, "pam"))
    assert "Your roles: author, support" in browser.text()


@pytest.fixture
def told() -> Iterator[Told]:
    with told_provider() as provider:
        yield provider


@dataclass
class Begun:
    """A sign-in on its way: the browser, and what it was sent away with."""

    browser: Browser
    asked: dict[str, str]
    claims: dict[str, object]

    def back(self, **sent: str) -> TestResponse:
        query = {"code": "c", "state": self.asked["state"], **sent}
        return self.browser.client.get(
            "/staff/back", query_string={key: value for key, value in query.items() if value}
        )


@pytest.fixture
def begun(told: Told, make: Make, clock: Clock) -> Begun:
    browser = make(told.issuer)
    asked = dict(parse_qsl(urlsplit(browser.client.get("/staff/away").headers["Location"]).query))
    now = int(clock.at.timestamp())
    known = {"iss": told.issuer, "aud": CLIENT, "sub": "olga", "iat": now, "exp": now + 60, "nonce": asked["nonce"]}
    return Begun(browser, asked, known)


def test_the_provider_is_asked_with_state_nonce_and_a_challenge_that_the_code_is_redeemed_by(
    told: Told, begun: Begun
) -> None:
    told.token = told.sign(begun.claims)
    assert 303 == begun.back().status_code
    verifier = told.asked["code_verifier"].encode()
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier).digest()).decode().rstrip("=")
    assert ("S256", challenge) == (begun.asked["code_challenge_method"], begun.asked["code_challenge"])
    assert "http://localhost/staff/back" == begun.asked["redirect_uri"] == told.asked["redirect_uri"]
    expected = base64.b64encode(f"{CLIENT}:provider%27s".encode()).decode()
    assert f"Basic {expected}" == told.authorization


@pytest.mark.parametrize(
    "lie",
    [
        {"iss": "https://other.example"},
        {"aud": "another-client"},
        {"aud": [CLIENT, "another"]},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"exp": 1},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": None},
        {"exp": None},
        {"iat": 9_999_999_999},
        {"sub": ""},
        {"sub": 7},
        {"sub": "olga\n"},
        {"sub": "o" * 201},
    ],
    ids=str,
)
def test_a_word_of_the_provider_that_is_not_for_us_lets_nobody_in(
    told: Told, begun: Begun, lie: dict[str, object]
) -> None:
    told.token = told.sign({key: value for key, value in {**begun.claims, **lie}.items() if value is not None})
    assert 401 == begun.back().status_code
    assert "/staff/sign-in" == begun.browser.open("/staff/").path


def test_a_word_signed_by_another_key_or_none_lets_nobody_in(told: Told, begun: Begun) -> None:
    public = told.key.as_pem(private=False)
    none = ".".join([_part('{"alg":"none","kid":"one"}'), told.sign(begun.claims).split(".")[1], ""])
    for token in (
        told.sign(begun.claims, RSAKey.generate_key(2048, {"kid": "one"})),
        told.sign(begun.claims, OctKey.import_key(base64.b64encode(public)), "HS256"),
        none,
        "no token",
        "",
    ):
        told.token = token
        assert 401 == begun.back().status_code
    assert "/staff/sign-in" == begun.browser.open("/staff/").path


def test_another_state_or_another_issuer_lets_nobody_in(told: Told, begun: Begun) -> None:
    told.token = told.sign(begun.claims)
    assert 401 == begun.back(state="another").status_code
    assert 401 == begun.back(state="").status_code
    assert 401 == begun.back(iss="https://other.example").status_code
    assert 401 == begun.back(code="", error="access_denied").status_code
    assert not told.asked


@pytest.mark.parametrize(
    "lie",
    [
        {"issuer": "https://other.example"},
        {"token_endpoint": "http://198.51.100.1/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": None},
    ],
    ids=str,
)
def test_a_provider_that_describes_itself_unsafely_is_not_asked(told: Told, make: Make, lie: dict[str, object]) -> None:
    told.metadata = lie
    answer = make(told.issuer).client.get("/staff/away")
    assert 502 == answer.status_code
    assert "Location" not in answer.headers


def test_a_provider_that_is_out_of_reach_is_said_so(free_port: int, make: Make) -> None:
    answer = make(f"http://127.0.0.1:{free_port}").client.get("/staff/away")
    assert 502 == answer.status_code
    assert "does not answer" in answer.text


def test_a_provider_that_fails_is_said_so(told: Told, begun: Begun) -> None:
    told.status = 500
    assert 502 == begun.back().status_code


def _part(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
