"""The client: where requests go, how often, and what its errors mean."""

import logging
from typing import Any

import httpx
import pytest

from kb.account.client import Client, api_message, connect
from kb.errors import AccountError, Forbidden, SignedOut, Unreachable
from tests.account.fake_api import BASES, TOKEN, FakeApi


class Clock:
    """Seconds that pass only when somebody sleeps or when told."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def client_of(api: Any, clock: Clock | None = None, bases: dict[str, str] = BASES) -> Client:
    clock = clock or Clock()
    return connect(bases, TOKEN, httpx.MockTransport(api), clock.sleep, clock)


@pytest.mark.parametrize(
    ("href", "base", "url"),
    [
        ("/v2/groups/abcd/1", "api", "https://api.example/v2/groups/abcd/1"),
        ("v2/groups", "api", "https://api.example/v2/groups"),
        (
            "http://api.ctl.io/v2-experimental/networks/x?a=b",
            "api",
            "https://api.example/v2-experimental/networks/x?a=b",
        ),
        ("https://evil.example/v2/x#part", "api", "https://api.example/v2/x"),
        ("//evil.example/v2/x", "api", "https://api.example/v2/x"),
        ("/abcd/subscriptions", "database", "https://db.example/v1/abcd/subscriptions"),
    ],
)
def test_every_href_is_resolved_onto_our_own_base(href: str, base: str, url: str) -> None:
    assert str(client_of(FakeApi()).locate(href, base)) == url


def test_an_unconfigured_base_is_refused() -> None:
    with pytest.raises(AccountError, match="database"):
        client_of(FakeApi(), bases={"api": "https://api.example"}).read("/x", "database")


@pytest.mark.parametrize("base", ["http://[", "nonsense", "ftp://api.example"])
def test_a_base_that_is_no_address_is_an_account_error(base: str) -> None:
    with pytest.raises(AccountError):
        connect({"api": base}, sleep=lambda seconds: None).read("/x")


def test_the_token_goes_with_each_request_and_into_no_log(caplog: pytest.LogCaptureFixture) -> None:
    api = FakeApi({"get https://api.example/x": {"a": 1}})
    client = client_of(api)
    with caplog.at_level(logging.DEBUG):
        assert client.read("/x") == {"a": 1}
    assert api.seen[0].headers["authorization"] == f"Bearer {TOKEN}"
    assert TOKEN not in caplog.text
    assert TOKEN not in repr(client)


@pytest.mark.parametrize("reply", [500, 502, 429, httpx.ConnectError("no"), httpx.RemoteProtocolError("cut")])
def test_a_read_is_tried_three_times(reply: Any) -> None:
    api, clock = FakeApi({"get https://api.example/x": reply}), Clock()
    with pytest.raises(Unreachable):
        client_of(api, clock).read("/x")
    assert len(api.asked) == 3
    assert clock.slept == [0.25, 0.75]


@pytest.mark.parametrize("reply", [httpx.ReadTimeout("late"), httpx.ConnectTimeout("late")])
def test_a_silent_api_is_asked_twice(reply: Any) -> None:
    api = FakeApi({"get https://api.example/x": reply})
    with pytest.raises(Unreachable, match="did not answer in time"):
        client_of(api).read("/x")
    assert len(api.asked) == 2


def test_a_read_that_works_at_last_is_fine() -> None:
    replies = iter([500, httpx.ConnectTimeout("late"), {"a": 1}])
    api = FakeApi({"get https://api.example/x": lambda request: next(replies)})
    assert client_of(api).read("/x") == {"a": 1}


@pytest.mark.parametrize(
    ("status", "error"), [(400, AccountError), (401, SignedOut), (403, Forbidden), (409, AccountError)]
)
def test_other_errors_are_not_tried_again(status: int, error: type[Exception]) -> None:
    api = FakeApi({"get https://api.example/x": (status, {"message": "Because."})})
    with pytest.raises(error):
        client_of(api).read("/x")
    assert len(api.asked) == 1


def test_a_404_with_an_empty_body_is_nothing() -> None:
    assert client_of(FakeApi()).read("/x") is None


def test_a_404_is_an_error_where_the_thing_must_be() -> None:
    with pytest.raises(AccountError):
        client_of(FakeApi()).must_read("/x")


@pytest.mark.parametrize(
    "reply", [500, httpx.ReadTimeout("late"), httpx.ConnectError("no"), httpx.RemoteProtocolError("cut")]
)
def test_a_change_is_sent_once(reply: Any) -> None:
    api = FakeApi({"delete https://api.example/x": reply})
    client_of(api).change("DELETE", "/x")
    assert len(api.asked) == 1


@pytest.mark.parametrize(
    ("reply", "fate"),
    [
        (httpx.ConnectError("no"), "not sent"),
        (httpx.ConnectTimeout("late"), "not sent"),
        (httpx.ReadTimeout("late"), "no answer"),
        (httpx.RemoteProtocolError("cut"), "no answer"),
        (500, "answered"),
        (202, "answered"),
    ],
)
def test_the_fate_of_a_change_says_whether_it_may_have_arrived(reply: Any, fate: str) -> None:
    assert client_of(FakeApi({"delete https://api.example/x": reply})).change("DELETE", "/x").fate == fate


def test_nothing_is_asked_after_the_deadline() -> None:
    api, clock = FakeApi(), Clock()
    client = client_of(api, clock).within(25)
    clock.now += 25
    with pytest.raises(Unreachable):
        client.read("/x")
    assert client.change("DELETE", "/x").fate == "not sent"
    assert api.asked == []


def test_no_attempt_begins_that_cannot_end_in_time() -> None:
    api, clock = FakeApi({"get https://api.example/x": 500}), Clock()
    with pytest.raises(Unreachable):
        client_of(api, clock).within(0.2).read("/x")
    assert len(api.asked) == 1


def test_an_answer_that_drips_past_the_deadline_is_cut_off() -> None:
    clock = Clock()

    def drip(request: httpx.Request) -> httpx.Response:
        def chunks() -> Any:
            for _ in range(100):
                clock.now += 1
                yield b" "

        return httpx.Response(200, content=chunks())

    with pytest.raises(Unreachable):
        client_of(drip, clock).within(25).read("/x")
    assert clock.now < 130


@pytest.mark.parametrize("location", ["https://evil.example/x", "http://api.example/x", "https://api.example:444/x"])
def test_a_redirect_to_elsewhere_is_refused(location: str) -> None:
    away = httpx.Response(302, headers={"location": location})
    api = FakeApi({"get https://api.example/x": away})
    with pytest.raises(AccountError):
        client_of(api).read("/x")
    assert len(api.asked) == 1


def test_a_redirect_within_the_base_is_followed_but_not_in_circles() -> None:
    api = FakeApi(
        {
            "get https://api.example/x": httpx.Response(302, headers={"location": "/y"}),
            "get https://api.example/y": {"a": 1},
            "get https://api.example/z": lambda request: httpx.Response(302, headers={"location": "/z"}),
        }
    )
    assert client_of(api).read("/x") == {"a": 1}
    with pytest.raises(AccountError):
        client_of(api).read("/z")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"message": "No.", "modelState": {"body.name": ["Too long.", "Too odd."]}}, "Too long. Too odd."),
        ({"Message": "No."}, "No."),
        ({"error": "No."}, "No."),
        ({"errorMessage": "No."}, "No."),
        ({}, ""),
        (None, ""),
        ("No.", ""),
    ],
)
def test_the_apis_own_words_are_found(body: Any, text: str) -> None:
    assert api_message(body) == text
