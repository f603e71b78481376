import json
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner, Result

from kb.cli.check import check
from kb.cli.outside.address import is_public
from kb.cli.outside.answer import Answer, Manners, anybody
from kb.cli.outside.asking import ask_all
from kb.cli.outside.memory import Memory

QUICK = Manners(may_ask=anybody, pause=0, seconds=2)
NOW = datetime(2026, 5, 1, tzinfo=UTC)


class Said(NamedTuple):
    """What a server says to one request."""

    status: int
    headers: Mapping[str, str] = {}


class Site(ThreadingHTTPServer):
    """A real server on loopback that says what its pages table says, and notes what it was asked."""

    daemon_threads = True

    def __init__(self, host: str = "127.0.0.1") -> None:
        super().__init__((host, 0), Answering)
        self.pages: dict[str, list[Said]] = {}  # "METHOD /path" or "/path" -> one after the other, the last for ever
        self.asked: list[str] = []
        self.agents: set[str] = set()
        self.gate: threading.Barrier | None = None
        self.now = self.most = 0
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://{self.server_address[0]!s}:{self.server_address[1]}"

    def say(self, method: str, path: str) -> Said:
        with self.lock:
            self.asked.append(f"{method} {path}")
            said = self.pages.get(f"{method} {path}") or self.pages.get(path) or [Said(404)]
            return said.pop(0) if len(said) > 1 else said[0]


class Answering(BaseHTTPRequestHandler):
    server: Site

    def do_HEAD(self) -> None:
        site = self.server
        site.agents.add(self.headers["User-Agent"])
        with site.lock:
            site.now += 1
            site.most = max(site.most, site.now)
        if site.gate:
            site.gate.wait(timeout=10)
        with site.lock:
            site.now -= 1
        said = site.say(self.command, self.path)
        self.send_response(said.status)
        for name, value in said.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        self.do_HEAD()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving(host: str = "127.0.0.1") -> Iterator[Site]:
    with Site(host) as site, ThreadPoolExecutor(1) as pool:
        running = pool.submit(site.serve_forever, 0.01)
        try:
            yield site
        finally:
            site.shutdown()
            running.result()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        yield running


def ask(*addresses: str, manners: Manners = QUICK) -> dict[str, Answer]:
    answers: dict[str, Answer] = {}
    ask_all(addresses, manners, answers.__setitem__)
    return answers


CASES = {
    "there": ({"/a": [Said(200)]}, "fine", ["HEAD /a"]),
    "no HEAD": ({"HEAD /a": [Said(405)], "GET /a": [Said(200)]}, "fine", ["HEAD /a", "GET /a"]),
    "HEAD lies": ({"HEAD /a": [Said(404)], "GET /a": [Said(200)]}, "fine", ["HEAD /a", "GET /a"]),
    "not there": ({"/a": [Said(404)]}, "broken", ["HEAD /a", "GET /a"]),
    "gone": ({"/a": [Said(410)]}, "broken", ["HEAD /a", "GET /a"]),
    "for members": ({"/a": [Said(403)]}, "unreachable", ["HEAD /a", "GET /a"]),
    "out of order": ({"/a": [Said(500)]}, "unreachable", ["HEAD /a", "GET /a"]),
    "moved": ({"/a": [Said(301, {"Location": "/b"})], "/b": [Said(200)]}, "moved", ["HEAD /a", "HEAD /b"]),
    "elsewhere today": ({"/a": [Said(302, {"Location": "/b"})], "/b": [Said(200)]}, "fine", ["HEAD /a", "HEAD /b"]),
    "moved to nothing": (
        {"/a": [Said(301, {"Location": "/b"})]},
        "broken",
        ["HEAD /a", "HEAD /b", "GET /b"],
    ),
    "round and round": ({"/a": [Said(302, {"Location": "/a"})]}, "unreachable", ["HEAD /a"] * 6),
    "out of the web": ({"/a": [Said(302, {"Location": "file:///etc/passwd"})]}, "unreachable", ["HEAD /a"]),
    "nowhere": ({"/a": [Said(302)]}, "fine", ["HEAD /a"]),
    "busy for a moment": (
        {"/a": [Said(503, {"Retry-After": "0"}), Said(200)]},
        "fine",
        ["HEAD /a", "HEAD /a"],
    ),
    "busy for long": ({"/a": [Said(429, {"Retry-After": "3600"})]}, "unreachable", ["HEAD /a"]),
    "busy until a date": (
        {"/a": [Said(503, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}), Said(200)]},
        "fine",
        ["HEAD /a", "HEAD /a"],
    ),
    "busy, and babbling": ({"/a": [Said(503, {"Retry-After": "soon"})]}, "unreachable", ["HEAD /a"]),
}


@pytest.mark.parametrize(("pages", "kind", "asked"), CASES.values(), ids=CASES)
def test_an_address_is_judged_by_what_its_server_says(
    site: Site, pages: dict[str, list[Said]], kind: str, asked: list[str]
) -> None:
    site.pages = {path: list(said) for path, said in pages.items()}
    address = f"{site.url}/a"
    assert kind == ask(address)[address].kind
    assert asked == site.asked


def test_what_has_moved_says_where_it_is_for_good(site: Site) -> None:
    site.pages = {
        "/a": [Said(301, {"Location": "/b"})],
        "/b": [Said(308, {"Location": "/c"})],
        "/c": [Said(302, {"Location": "/d"})],
        "/d": [Said(200)],
    }
    assert f"{site.url}/c" == ask(f"{site.url}/a")[f"{site.url}/a"].to


def test_the_program_names_itself(site: Site) -> None:
    ask(f"{site.url}/a")
    assert all(agent.startswith("kb/") for agent in site.agents)


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("http://127.0.0.1:1/", "unreachable"),  # nobody listens
        ("http://nowhere.invalid/", "broken"),
        (f"http://{'a' * 64}.com/", "broken"),
        ("http:///a", "broken"),
        ("http://a:b/", "broken"),
        ("http://[::1/", "broken"),
    ],
)
def test_what_cannot_be_asked_raises_nothing(address: str, kind: str) -> None:
    answer = ask(address)[address]
    assert kind == answer.kind or (address.startswith("http://nowhere") and answer.kind == "unreachable")
    assert answer.detail


def test_a_host_is_asked_by_a_few_at_once_and_all_are_answered(site: Site) -> None:
    site.pages = {f"/{number}": [Said(200)] for number in range(20)}
    site.gate = threading.Barrier(2)  # a request is answered when a second one is there
    addresses = [f"{site.url}/{number}" for number in range(20)]
    assert {"fine"} == {answer.kind for answer in ask(*addresses).values()}
    assert 2 == site.most


PRIVATE = [
    "http://127.0.0.1:{port}/a",
    "http://localhost:{port}/a",
    "http://2130706433:{port}/a",
    "http://0x7f.1:{port}/a",
    "http://[::ffff:127.0.0.1]:{port}/a",
    "http://[::1]:{port}/a",
    "http://10.1.2.3:{port}/a",
    "http://169.254.169.254/latest",
    "http://[fe80::1]:{port}/a",
    "http://0.0.0.0:{port}/a",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_not_asked(site: Site, address: str) -> None:
    site.pages = {"/a": [Said(200)]}
    address = address.format(port=site.server_address[1])
    answer = ask(address, manners=Manners(pause=0, seconds=2))[address]
    assert answer.kind in ("refused", "unreachable", "broken")
    assert [] == site.asked
    if "localhost" in address or "127.0.0.1" in address:
        assert "refused" == answer.kind


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("127.8.0.1", False),
        ("192.168.1.1", False),
        ("172.16.0.1", False),
        ("100.64.0.1", False),
        ("169.254.1.1", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("0.0.0.0", False),
        ("::", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fc00::1", False),
        ("ff02::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_public_is_only_what_everybody_reaches(address: str, public: bool) -> None:
    assert public == is_public(address)


@pytest.mark.parametrize(
    ("kind", "age", "known"),
    [
        ("fine", timedelta(days=6), True),
        ("fine", timedelta(days=7), False),
        ("broken", timedelta(days=6), True),
        ("unreachable", timedelta(minutes=59), True),
        ("unreachable", timedelta(hours=1), False),
        ("refused", timedelta(0), False),
        ("fine", timedelta(days=-1), False),
    ],
)
def test_answers_are_remembered_for_a_while(tmp_path: Path, kind: str, age: timedelta, known: bool) -> None:
    file = tmp_path / "outside.json"
    answer = Answer(kind, "why", "where")  # type: ignore[arg-type]
    before = Memory.load(file, timedelta(days=7), NOW)
    before.remember("http://a/", answer)
    before.save()
    assert (answer if known else None) == Memory.load(file, timedelta(days=7), NOW + age).recall("http://a/")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"addresses": {"a": {}}}', '{"addresses": {"a": {"asked": "x"}}}'])
def test_a_damaged_memory_is_forgotten(tmp_path: Path, text: str) -> None:
    file = tmp_path / "outside.json"
    file.write_text(text)
    assert Memory.load(file, timedelta(days=7), NOW).recall("a") is None


ARTICLE = """---
title: Out
date: 2026-01-01
author: Us
---
See [one]({url}/fine) and
[two]({url}/gone#part) and [three]({url}/moved "title").

![A cat]({url}/cat.png)

<{url}/fine> <http://example.com/nobody> <mailto:us@example.com>
"""


@pytest.fixture
def library(tmp_path: Path, site: Site) -> Path:
    root = tmp_path / "articles"
    (root / "Hands").mkdir(parents=True)
    (root / "Hands" / "out.md").write_text(ARTICLE.format(url=site.url))
    site.pages = {"/fine": [Said(200)], "/moved": [Said(301, {"Location": "/fine"})]}
    return root


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(check, [str(word) for word in words], catch_exceptions=False)


def test_check_reports_outside_links_at_their_place(library: Path, site: Site) -> None:
    done = run(library, "--external", "--allow-private", "--format", "json")
    problems = json.loads(done.stdout)["problems"]
    places = {(problem["line"], problem["column"], problem["code"], problem["severity"]) for problem in problems}
    assert {
        (7, 7, "external-broken", "error"),
        (7, 31 + len(site.url), "external-moved", "warning"),
        (9, 10, "external-broken", "error"),
    } == places
    assert 1 == done.exit_code
    assert 1 == site.asked.count("HEAD /fine") - 1  # once for itself, once where /moved leads


def test_a_second_check_asks_nobody(library: Path, site: Site) -> None:
    first = run(library, "--external", "--allow-private")
    asked = list(site.asked)
    assert first.stdout == run(library, "--external", "--allow-private").stdout
    assert asked == site.asked
    assert (library / ".kb" / "outside.json").is_file()
    run(library, "--external", "--allow-private", "--max-age", "0")
    assert len(asked) < len(site.asked)


def test_without_leave_no_private_address_is_asked(library: Path, site: Site) -> None:
    done = run(library, "--external")
    assert [] == site.asked
    assert 0 == done.exit_code
    assert {"external-unreachable"} == {line.split()[1] for line in done.stdout.splitlines()}
    assert "--allow-private" in done.stdout


def test_without_external_nobody_is_asked(library: Path, site: Site) -> None:
    assert (0, "") == (run(library).exit_code, run(library).stdout)
    assert [] == site.asked
    assert not (library / ".kb").exists()


def test_each_redirect_is_looked_at_before_it_is_followed() -> None:
    with serving() as outer, serving("127.0.0.2") as inner:
        outer.pages = {"/a": [Said(302, {"Location": f"{inner.url}/secret"})]}
        inner.pages = {"/secret": [Said(200)]}
        address = f"{outer.url}/a"
        assert "fine" == ask(address)[address].kind
        assert ["HEAD /secret"] == inner.asked
        manners = Manners(may_ask=lambda ip: ip == "127.0.0.1", pause=0, seconds=2)
        assert "refused" == ask(address, manners=manners)[address].kind
        assert ["HEAD /secret"] == inner.asked
