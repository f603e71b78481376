"""The short way of a tick: it answers as the application does, and nothing passes it that the application refuses."""

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from werkzeug.test import EnvironBuilder, run_wsgi_app

from kb.access import LIMITS, Access, Rate
from kb.checklist.event import Draft, Event
from kb.checklist.store import RunStore
from kb.database import Database
from kb.tables import rate_limits
from kb.web.app import create_app
from kb.web.limiting import DRAWN
from kb.web.limits import Limits
from kb.web.short_way import ENCODING, LONGEST, ShortWay
from kb.web.site import Site
from kb.web.visitor import ACCOUNT, READER
from tests.web.samples import Browser, Clock, House, site_of, write_library

HOST = "http://localhost"
Request = dict[str, Any]  # what EnvironBuilder takes
Ways = Callable[..., "Way"]
Change = Callable[["Reader", Request], Any]


@dataclass
class Way:
    """A site by its short way or by its long one, and how often the application was asked."""

    application: Flask
    site: Site
    limits: Limits
    short: bool
    address: str = "127.0.0.1"
    asked: list[Request] = field(default_factory=list)
    turns: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(1))

    def __call__(self, environ: Request, start: Any) -> Iterable[bytes]:
        """The long way, counted."""
        self.asked.append(environ)
        environ.setdefault(DRAWN, self.limits.draws("events"))  # as these limits draw, not by chance
        long: Any = self.application.wsgi_app
        answered: Iterable[bytes] = long.app(environ, start)
        return answered

    @property
    def wsgi(self) -> Any:
        return ShortWay(self, self.site, self.limits, self.turns) if self.short else self

    def ask(self, request: Request) -> tuple[str, dict[str, str]]:
        """Status and headers of the answer."""
        environ = EnvironBuilder(**request, environ_overrides={"REMOTE_ADDR": self.address}).get_environ()
        self.asked.clear()
        body, status, headers = run_wsgi_app(self.wsgi, environ)
        told = dict(headers)
        assert len(b"".join(body)) == int(told.pop("Content-Length"))
        return status, told


@dataclass
class Reader:
    """Who has opened a run of their own, and ticked nothing yet."""

    way: Way
    client: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.way.application.test_client()
        browser = Browser(self.client).open("/house/moving-out/").submit("form.start")
        self.run = browser.path.split("/")[2]
        self.form = {
            str(one["name"]): str(one.get("value", "")) for one in browser.one("#tick-pack").select("input") if one
        }
        self.cookie = f"{READER}={self.cookie_of(READER)}"

    def cookie_of(self, name: str) -> str:
        found = self.client.get_cookie(name)
        return found.value if found else ""

    def request(self, **changes: str | None) -> Request:
        """What their browser sends when they tick, with these fields otherwise; None leaves one out."""
        form = {name: value for name, value in {**self.form, **changes}.items() if value is not None}
        headers = {"Origin": HOST, "Cookie": self.cookie, "Accept": "text/html,*/*"}
        return {
            "method": "POST",
            "path": f"/runs/{self.run}/events",
            "data": urlencode(form).encode(),
            "content_type": ENCODING,
            "headers": headers,
        }

    def events(self) -> list[Event]:
        """What the run holds, without what differs between any two runs."""
        return [
            replace(event, run="", id="", body={}) if event.kind == "started" else replace(event, run="", id="")
            for event in self.way.site.runs.events(self.run)
        ]


@pytest.fixture
def site(tmp_path: Path, database: Database, house: House, clock: Clock) -> Site:
    folder = tmp_path / "library"
    folder.mkdir()
    return site_of(write_library(folder), database, house, clock)


@pytest.fixture
def ways(site: Site) -> Ways:
    application = create_app(site)

    def made(*, short: bool, chance: float = 1.0, address: str = "127.0.0.1") -> Way:
        limits = Limits(site.runs.database, site.key, site.clock, Access(), lambda: chance)
        return Way(application, site, limits, short, address)

    return made


@pytest.fixture
def quick(ways: Ways) -> Reader:
    return Reader(ways(short=True))


@pytest.fixture
def slow(ways: Ways) -> Reader:
    return Reader(ways(short=False))


def header(name: str, value: str) -> Change:
    return lambda _reader, request: request["headers"].update({name: value})


def fields(**changes: str | None) -> Change:
    return lambda reader, request: request.update(data=reader.request(**changes)["data"])


def path(text: str) -> Change:
    return lambda reader, request: request.update(path=text.format(run=reader.run))


def body(make: Callable[[bytes], bytes]) -> Change:
    return lambda _reader, request: request.update(data=make(request["data"]))


def ticked_before(reader: Reader, _request: Request) -> None:
    assert reader.way.ask(reader.request())[0].startswith("303")


def seen_by_others(reader: Reader, _request: Request) -> None:
    """Another process adds to the run."""
    runs = reader.way.site.runs
    other, draft = RunStore(runs.database, runs.clock, runs.chain), Draft("other", "tick", "reader", "empty")
    assert other.record(reader.run, draft.id, lambda _events: draft)


def abandoned(reader: Reader, _request: Request) -> None:
    form = reader.request(kind="abandoned", reason="moved in again", event="gone", done=None)
    assert reader.way.ask(form)[0].startswith("303")


def signed_in(reader: Reader, request: Request) -> None:
    reader.client.post(
        "/sign-in", data={"user": "pat", "password": "pat", "csrf": reader.form["csrf"]}, headers=request["headers"]
    )
    request["headers"]["Cookie"] += f"; {ACCOUNT}={reader.cookie_of(ACCOUNT) or 'unknown'}"


def first(*changes: Change) -> Change:
    return lambda reader, request: [change(reader, request) for change in changes]


TAKEN = {
    "as browsers send it": lambda *_: None,
    "by a script": header("Accept", "*/*"),
    "with no Accept": lambda _reader, request: request["headers"].pop("Accept"),
    "without an Origin": lambda _reader, request: request["headers"].pop("Origin"),
    "said to be from here": header("Sec-Fetch-Site", "same-origin"),
    "without what was seen": fields(seen=None),
    "another step": fields(step="empty"),
    "beside other cookies": lambda reader, request: request["headers"].update(Cookie=f"a=b; {reader.cookie}; c"),
    "after another tick": lambda reader, _request: reader.way.ask(reader.request(step="empty", event="before")),
    "with a charset": lambda _reader, request: request.update(content_type=f"{ENCODING};charset=UTF-8"),
}
NOT_TAKEN = {
    "no such run": path("/runs/nothing-of-the-kind/events"),
    "another address": path("/runs/{run}/answers"),
    "an address below": path("/runs/{run}/events/"),
    "an untick of what is not ticked": fields(done=None),
    "the same event again": ticked_before,
    "the same id with another step": first(ticked_before, fields(step="empty")),
    "ticked already": first(ticked_before, fields(event="later")),
    "a run that another process has added to": seen_by_others,
    "a run that was abandoned": abandoned,
    "signed in": signed_in,
    "no such step": fields(step="nothing"),
    "a step that cannot be undone": fields(step="hand-in"),
    "another kind": fields(kind="note", text="under the mat"),
    "no guard": fields(csrf=None),
    "a guard of another browser": fields(csrf="0" * 64),
    "no event": fields(event=None),
    "an event that is none": fields(event="a b"),
    "what was seen is no number": fields(seen="x"),
    "done, but not as the form says it": fields(done="no"),
    "fields in another order": body(lambda data: b"&".join(reversed(data.split(b"&")))),
    "a field twice": body(lambda data: data + b"&step=empty"),
    "one more field": fields(more="1"),
    "a long body": body(lambda data: data + b"&more=" + b"x" * LONGEST),
    "a body that is no form": lambda _reader, request: request.update(content_type="text/plain"),
    "half a body": body(lambda data: data[:40]),
    "no cookie": lambda _reader, request: request["headers"].pop("Cookie"),
    "a cookie that we did not make": header("Cookie", f"{READER}={'x' * 43}.{'0' * 32}"),
    "two such cookies": lambda reader, request: request["headers"].update(Cookie=f"{reader.cookie}; {READER}=x"),
    "from another site": header("Origin", "http://example.org"),
    "said to be from another site": header("Sec-Fetch-Site", "cross-site"),
    "for another host": header("Host", "example.org"),
    "wants data": header("Accept", "application/json"),
    "wants any data": header("Accept", "application/*"),
    "to look": lambda _reader, request: request.update(method="GET", data=None, content_type=None),
    "to overwrite": lambda _reader, request: request.update(method="PUT"),
}


def both(quick: Reader, slow: Reader, change: Change) -> tuple[tuple[str, Any], tuple[str, Any]]:
    """What each way answers, the run's name left out."""
    told = []
    for reader in (quick, slow):
        request = reader.request()
        change(reader, request)
        status, headers = reader.way.ask(request)
        headers.pop("Set-Cookie", None)  # another browser gets another one
        told.append((status, {name: value.replace(reader.run, "RUN") for name, value in headers.items()}))
    return told[0], told[1]


@pytest.mark.parametrize("change", TAKEN.values(), ids=list(TAKEN))
def test_what_the_form_sends_is_answered_alike_without_the_application(
    change: Change, quick: Reader, slow: Reader
) -> None:
    short, long = both(quick, slow, change)
    assert short == long
    assert short[0].startswith("303")
    assert quick.events() == slow.events()
    assert "tick" == quick.events()[-1].kind
    assert [] == quick.way.asked
    assert slow.way.asked


@pytest.mark.parametrize("change", NOT_TAKEN.values(), ids=list(NOT_TAKEN))
def test_whatever_else_comes_is_the_applications(change: Change, quick: Reader, slow: Reader) -> None:
    short, long = both(quick, slow, change)
    assert short == long
    assert quick.events() == slow.events()
    assert quick.way.asked


def test_an_untick_is_as_short(quick: Reader) -> None:
    ticked_before(quick, {})
    assert quick.way.ask(quick.request(done=None, event="back"))[0].startswith("303")
    assert [] == quick.way.asked
    assert ["started", "tick", "untick"] == [event.kind for event in quick.events()]


def charged(reader: Reader, change: Change) -> list[tuple[int, int]]:
    """What the limits hold after this request alone: costs, and until when they are busy."""
    database, request = reader.way.site.runs.database, reader.request()
    with database.writing() as connection:
        connection.execute(delete(rate_limits))
    change(reader, request)
    reader.way.ask(request)
    with database.reading() as connection:
        rows = connection.execute(select(rate_limits.c.cost, rate_limits.c.busy_until)).all()
    return sorted((row.cost, row.busy_until) for row in rows)


@pytest.mark.parametrize("told", ["as browsers send it", "ticked already", "a run that another process has added to"])
@pytest.mark.parametrize("address", ["127.0.0.1", "203.0.113.7"])
def test_each_that_is_counted_is_counted_once_and_for_the_same_callers(told: str, address: str, ways: Ways) -> None:
    change = {**TAKEN, **NOT_TAKEN}[told]
    found = [
        charged(Reader(ways(short=short, chance=0.0, address=address)), change)  # 0.0: every one is drawn
        for short in (True, False)
    ]
    assert found[0] == found[1]
    assert (1 if address == "127.0.0.1" else 2) == len(found[0])


def test_one_that_is_not_counted_is_not_drawn_again(quick: Reader) -> None:
    assert quick.way.ask(quick.request(step="empty", event="x"))[0].startswith("303")
    ticked_before(quick, {})
    quick.way.ask(quick.request(event="later"))
    assert [False] == [environ[DRAWN] for environ in quick.way.asked]


def test_the_first_tick_of_a_run_that_this_process_has_not_seen_is_as_short(quick: Reader) -> None:
    runs = quick.way.site.runs
    quick.way.site = replace(quick.way.site, runs=RunStore(runs.database, runs.clock, runs.chain))
    ticked_before(quick, {})
    assert [] == quick.way.asked


def test_who_has_ticked_too_often_is_told_so(site: Site) -> None:
    """A small limit counts each; what is known to be refused never goes the short way."""
    access = Access(limits={**LIMITS, "events": Rate(2, 60)})
    settings = replace(site.library.settings, access=access)
    site = replace(site, library=replace(site.library, settings=settings))
    application = create_app(site)
    limits = Limits(site.runs.database, site.key, site.clock, access)
    reader = Reader(Way(application, site, limits, short=True))
    answers = [reader.way.ask(reader.request(event=f"e{turn}", done=("yes", None)[turn % 2])) for turn in range(3)]
    assert ["303", "303", "429"] == [status[:3] for status, _ in answers]
    assert 3 == len(reader.events())


def test_a_sender_who_is_slower_than_another_goes_the_long_way(quick: Reader) -> None:
    """The short way reads no body while as many are read as may be."""
    with quick.way.turns:
        quick.way.ask(quick.request())
    assert quick.way.asked


def test_a_body_shorter_than_it_says_is_left_to_the_application(quick: Reader) -> None:
    request = quick.request()
    environ = EnvironBuilder(**request).get_environ()
    environ["wsgi.input"] = io.BytesIO(request["data"][:-3])
    quick.way.asked.clear()
    run_wsgi_app(quick.way.wsgi, environ)
    assert quick.way.asked
    assert ["started"] == [event.kind for event in quick.events()]
