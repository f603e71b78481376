"""Bytes to requests and answers to bytes: what is no good request, and how a caller hears of it."""

import http.client
import io
import json
import socket
from urllib.parse import urlsplit

import httpx
import pytest

from kb.sandbox.api.reply import Answer
from kb.sandbox.errors import Unreadable
from kb.sandbox.serve import Sandbox
from kb.sandbox.wire import LARGEST_BODY, Request, answer_bytes, read_request
from tests.sandbox.caller import ADMIN, Caller


def _read(text: bytes) -> Request | None:
    return read_request(io.BytesIO(text), lambda: None)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (b"GET /\r\n\r\n", 400),
        (b"GET / SPDY/3\r\n\r\n", 400),
        (b"GET  HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/2.0\r\n\r\n", 505),
        (b"GET / HTTP/1.1\r\nnonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n: empty\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nName : blank before the colon\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n folded: line\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: +3\r\n\r\nabc", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: \xb2\r\n\r\nab", 400),
        (b"POST / HTTP/1.1\r\nContent-Length: 9999999999999\r\n\r\n", 413),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", 400),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n500000\r\n", 413),
        (b"GET /" + b"a" * 70000 + b" HTTP/1.1\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nA: " + b"a" * 70000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 101 + b"\r\n", 431),
    ],
)
def test_what_is_no_good_request_is_refused_with_its_status(text: bytes, status: int) -> None:
    with pytest.raises(Unreadable) as caught:
        _read(text)

    assert caught.value.status == status


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nshort",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nshort",
    ],
)
def test_a_caller_who_hangs_up_asks_nothing(text: bytes) -> None:
    assert _read(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"GET /a?b HTTP/1.1\r\n\r\n", Request("GET", "/a?b", {}, b"", True)),
        (b"\r\nGET / HTTP/1.0\r\n\r\n", Request("GET", "/", {}, b"", False)),
        (b"GET http://h:1/a HTTP/1.1\r\n\r\n", Request("GET", "/a", {}, b"", True)),
        (
            b"GET / HTTP/1.1\r\nA: 1\r\na: 2\r\nConnection: Close\r\n\r\n",
            Request("GET", "/", {"a": "1, 2", "connection": "Close"}, b"", False),
        ),
        (
            b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nab\r\n1\r\nc\r\n0\r\nTrailer: t\r\n\r\n",
            Request("PUT", "/", {"transfer-encoding": "chunked"}, b"abc", True),
        ),
        (
            b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
            Request("GET", "/", {"connection": "keep-alive"}, b"", True),
        ),
    ],
)
def test_good_requests_are_read(text: bytes, expected: Request) -> None:
    assert _read(text) == expected


def test_one_request_leaves_the_next_one_where_it_is() -> None:
    stream = io.BytesIO(b"POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\nhiGET /b HTTP/1.1\r\n\r\n")

    first, second = read_request(stream, lambda: None), read_request(stream, lambda: None)

    assert first is not None and second is not None
    assert (first.body, second.target) == (b"hi", "/b")


def test_who_waits_to_send_the_body_is_told_to_go_on_unless_it_is_too_large() -> None:
    told: list[bool] = []
    head = b"POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: "

    read_request(io.BytesIO(head + b"1\r\n\r\nx"), lambda: told.append(True))
    with pytest.raises(Unreadable):
        read_request(io.BytesIO(head + b"99999999\r\n\r\n"), lambda: told.append(True))

    assert told == [True]


@pytest.mark.parametrize(
    ("answer", "method", "lines", "body"),
    [
        (Answer(200, {"a": 1}), "GET", [b"Content-Length: 7"], b'{"a":1}'),
        (Answer(200, {"a": 1}), "HEAD", [b"Content-Length: 7"], b""),
        (Answer(404), "GET", [b"Content-Length: 0"], b""),
    ],
)
def test_answers_are_written(answer: Answer, method: str, lines: list[bytes], body: bytes) -> None:
    head, _, rest = answer_bytes(answer, method).partition(b"\r\n\r\n")

    assert set(lines) < set(head.split(b"\r\n"))
    assert rest == body


def test_a_huge_body_gets_its_413_though_it_was_sent_to_the_end(sandbox: Sandbox) -> None:
    answer = httpx.post(sandbox.url + "/v2/authentication/login", content=b" " * (LARGEST_BODY + 1_000_000))

    assert (answer.status_code, answer.headers["Connection"]) == (413, "close")
    assert answer.json() == {"message": "The request body is too large."}


def test_the_largest_body_is_read(sandbox: Sandbox) -> None:
    body = json.dumps({"username": ADMIN[0], "password": ADMIN[1]}).encode()

    answer = httpx.post(sandbox.url + "/v2/authentication/login", content=body + b" " * (LARGEST_BODY - len(body)))

    assert answer.status_code == 200


@pytest.mark.parametrize("method", ["TRACE", "BREW", "PROPFIND", "get", "CONNECT"])
def test_a_method_that_nobody_knows_is_405(sandbox: Sandbox, admin: Caller, method: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(sandbox.url).netloc, timeout=10)

    connection.request(method, "/v2/accounts/ABCD", headers={"Authorization": admin.http.headers["Authorization"]})
    answer = connection.getresponse()

    assert (answer.status, answer.headers["Allow"]) == (405, "GET")
    answer.read()
    connection.request("GET", "/v2/nothing")
    assert connection.getresponse().status == 404  # the connection goes on
    connection.close()


def test_requests_may_be_sent_before_the_answers_have_come(sandbox: Sandbox) -> None:
    place = urlsplit(sandbox.url)
    with socket.create_connection((str(place.hostname), place.port or 0), timeout=10) as connection:
        connection.sendall(b"GET /a HTTP/1.1\r\n\r\n" * 3 + b"GET /b HTTP/1.1\r\nConnection: close\r\n\r\n")
        text = b""
        while part := connection.recv(65536):
            text += part

    assert text.count(b"HTTP/1.1 404 Not Found") == 4
