"""What every request must show: not too large, not too often, from our own pages; and what every answer carries."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kb.access import LIMITS, Access, Rate
from kb.database import Database
from kb.web.app import create_app
from kb.web.guard import LARGEST_REQUEST, MOST_FIELDS
from tests.served import Served, a_free_port, serving
from tests.web.samples import ORIGIN, Browser, Clock, House, site_of, write_library
from tests.web.served_raw import chunked, sent, slow_senders

JSON = {**ORIGIN, "Accept": "application/json"}
FEW = {name: Rate(3, 60) for name in LIMITS}


@pytest.fixture
def limited(tmp_path: Path, database: Database, clock: Clock) -> Flask:
    """A site that lets three of everything through."""
    folder = tmp_path / "limited"
    folder.mkdir()
    site = site_of(write_library(folder), database, House(), clock)
    settings = replace(site.library.settings, access=Access(limits=FEW, readers_per_address=2, proxies=1))
    return create_app(replace(site, library=replace(site.library, settings=settings)))


def start(client: FlaskClient, address: str = "203.0.113.7", **headers: str) -> int:
    said = {**ORIGIN, "X-Forwarded-For": address, **headers}
    return client.post("/runs/", data={"article": "house/moving-out"}, headers=said).status_code


def test_too_many_starts_get_429_with_the_time_to_wait(limited: Flask) -> None:
    client = Browser(limited.test_client()).open("/sign-in").client  # from here on the browser is known
    assert [303, 303, 303] == [start(client) for _ in range(3)]
    answer = client.post("/runs/", data={"article": "house/moving-out"}, headers=JSON)
    assert 429 == answer.status_code
    assert "20" == answer.headers["Retry-After"]
    assert "application/problem+json" == answer.content_type
    assert answer.json
    assert 429 == answer.json["status"]
    assert "Nothing was changed. Try again in a minute." in answer.json["detail"]


def test_people_get_a_page_that_says_when_to_try_again(limited: Flask) -> None:
    browser = Browser(limited.test_client()).open("/sign-in")
    for _ in range(4):
        browser.open("/house/moving-out/").submit("form.start")
    assert 429 == browser.status
    assert "Try again in a minute" in browser.text()


def test_browsers_of_one_address_share_a_larger_limit(limited: Flask) -> None:
    """Each comes without a cookie, so that only the address is known."""
    assert [303] * 6 + [429] == [start(limited.test_client()) for _ in range(7)]
    assert 303 == start(limited.test_client(), "198.51.100.9")


def test_a_made_up_beginning_of_the_forwarding_header_helps_nobody(limited: Flask) -> None:
    answers = [start(limited.test_client(), f"192.0.2.{number}, 203.0.113.7") for number in range(7)]
    assert [303] * 6 + [429] == answers


def test_reading_is_never_limited(limited: Flask) -> None:
    client = limited.test_client()
    assert {200} == {client.get("/house/moving-out/").status_code for _ in range(20)}
    assert {200} == {client.get("/search?q=nothingatall").status_code for _ in range(20)}


def test_failed_sign_ins_are_limited_for_the_user_and_not_for_others(limited: Flask) -> None:
    browser = Browser(limited.test_client())
    for _ in range(3):
        browser.open("/sign-in").submit("form.fields", user="pat", password="wrong")
        assert 401 == browser.status
    assert 429 == browser.open("/sign-in").submit("form.fields", user="PAT ", password="right").status
    assert 200 == browser.open("/sign-in").submit("form.fields", user="sam", password="right").status


def test_a_body_that_is_too_large_gets_a_page_that_says_so(app: Flask) -> None:
    answer = app.test_client().post("/runs/", data={"article": "a" * LARGEST_REQUEST}, headers=ORIGIN)
    assert 413 == answer.status_code
    assert "larger than this site accepts" in answer.text


@pytest.mark.parametrize("form", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b"])
def test_a_form_of_too_many_fields_is_too_large(app: Flask, form: str) -> None:
    part = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n'
    body = (part if "multipart" in form else b"a=&") * (MOST_FIELDS + 1)
    run = Browser(app.test_client()).open("/house/moving-out/").submit("form.start")
    answer = run.client.post(f"{run.path}events", data=body, content_type=form, headers=ORIGIN)
    assert 413 == answer.status_code


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    (folder / "library").mkdir()
    with serving(write_library(folder / "library"), folder / "data", a_free_port()) as running:
        yield running


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (chunked(b"article=house/moving-out"), 303),
        (chunked(b"article=house/moving-out&more=", b"a" * LARGEST_REQUEST), 413),
        (chunked(b"article=house/moving-out", b"&a" * MOST_FIELDS), 413),
    ],
    ids=["small", "large", "many"],
)
def test_a_body_without_a_length_is_read_up_to_the_same_limit(served: Served, body: bytes, status: int) -> None:
    head = b"Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n"
    assert status == sent(served.url, b"POST /runs/", head, body)


def test_slow_senders_do_not_keep_readers_from_the_pages(served: Served) -> None:
    """Each would hold a thread of the server for as long as it likes."""
    head = b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n"
    with slow_senders(served.url, 30, head):
        assert 200 == sent(served.url, b"GET /house/moving-out/", b"", b"")


@pytest.mark.parametrize(
    "path", ["/", "/house/moving-out/", "/search", "/runs/", "/sign-in", "/resume", "/nothing/", "run"]
)
def test_no_page_has_code_or_style_in_it(app: Flask, path: str) -> None:
    browser = Browser(app.test_client())
    if path == "run":
        browser.open("/house/moving-out/").submit("form.start")
    page = browser.page if path == "run" else browser.open(path).page
    scripts = [tag for tag in page.select("script:not([src])") if tag.get("type") != "application/ld+json"]
    assert [] == scripts + page.select("style, [style], base, object, embed, iframe[srcdoc]")
    handlers = [name for tag in page.select("*") for name in tag.attrs if name.startswith("on")]
    assert [] == handlers
    assert [] == page.select('[href^="javascript:"], [src^="data:text"], form[action^="http"]')


@pytest.mark.parametrize("path", ["/", "/api/articles", "/health", "/nothing/", "/runs/x/", "/static/style.css"])
def test_every_answer_carries_the_policy(app: Flask, path: str) -> None:
    with app.test_client().get(path, buffered=True) as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "nosniff" == answer.headers["X-Content-Type-Options"]


def test_over_https_cookies_belong_to_this_host_alone(tmp_path: Path, database: Database, clock: Clock) -> None:
    """A neighbour under the same domain can plant a cookie of any other name."""
    folder = tmp_path / "secure"
    folder.mkdir()
    site = site_of(write_library(folder), database, House(), clock)
    settings = replace(site.library.settings, url="https://help.example.org")
    client = create_app(replace(site, library=replace(site.library, settings=settings))).test_client()
    made = client.post("/runs/", data={"article": "house/moving-out"}, headers={"Origin": "https://help.example.org"})
    cookie = made.headers["Set-Cookie"]
    name, *said = cookie.split("; ")
    assert name.startswith("__Host-kb_reader=")
    assert ["Secure", "HttpOnly", "Path=/", "SameSite=Lax"] == said[2:]
    planted = cookie.partition(";")[0].replace("__Host-", "")
    path = made.headers["Location"]
    other = client.application.test_client(use_cookies=False)
    assert 404 == other.get(path, headers={"Cookie": planted}).status_code
    assert 200 == other.get(path, headers={"Cookie": f"__Host-{planted}"}).status_code
