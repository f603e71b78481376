"""The socket: keep-alive, lengths, and what is no good request."""

import http.client
import json
import socket
from urllib.parse import urlsplit

import httpx
import pytest

from kb.sandbox.serve import Sandbox
from tests.sandbox.caller import ADMIN, Caller


def _connection(sandbox: Sandbox) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(sandbox.url).netloc, timeout=10)


def _raw(sandbox: Sandbox, request: bytes) -> bytes:
    """Everything that comes back until the sandbox ends the connection."""
    address = urlsplit(sandbox.url)
    with socket.create_connection((str(address.hostname), address.port or 0), timeout=10) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        parts = []
        while part := connection.recv(65536):
            parts.append(part)
    return b"".join(parts)


def test_one_connection_carries_many_requests(admin: Caller, sandbox: Sandbox) -> None:
    connection = _connection(sandbox)
    token = {"Authorization": admin.http.headers["Authorization"]}
    connection.connect()
    own = connection.sock.getsockname()

    for path, status in [
        ("/v2/datacenters/ABCD", 200),
        ("/v2/servers/ABCD/none", 404),
        ("/v2/siteToSiteVpn", 400),
        ("/nowhere", 404),
        ("/v2/datacenters/ABCD/VA1", 200),
    ]:
        connection.request("GET", path, headers=token)
        answer = connection.getresponse()
        body = answer.read()
        assert (answer.status, answer.version) == (status, 11)
        assert int(answer.headers["Content-Length"]) == len(body)
        assert connection.sock.getsockname() == own
    connection.close()


def test_204_has_no_body_and_no_length(admin: Caller) -> None:
    answer = admin.send(
        "DELETE", f"/v2/sharedLoadBalancers/ABCD/VA1/{admin.get('/v2/sharedLoadBalancers/ABCD/VA1')[0]['id']}"
    )

    assert answer.status_code == 204
    assert "Content-Length" not in answer.headers
    assert "Content-Type" not in answer.headers


def test_head_answers_the_head_of_get(admin: Caller) -> None:
    head, get = admin.http.head("/v2/datacenters/ABCD"), admin.http.get("/v2/datacenters/ABCD")

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == get.headers["Content-Length"]


def test_a_chunked_body_is_read(sandbox: Sandbox) -> None:
    body = json.dumps({"username": ADMIN[0], "password": ADMIN[1]}).encode()

    answer = httpx.post(sandbox.url + "/v2/authentication/login", content=iter([body[:5], body[5:]]))

    assert answer.status_code == 200


def test_a_huge_body_is_refused_unread(sandbox: Sandbox) -> None:
    head = b"POST /v2/authentication/login HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n"

    assert b" 413 " in _raw(sandbox, head).split(b"\r\n")[0]


def test_a_huge_chunked_body_is_refused(sandbox: Sandbox) -> None:
    head = b"POST /v2/authentication/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"

    assert b" 413 " in _raw(sandbox, head + b"ffffffffffffffff\r\n").split(b"\r\n")[0]


@pytest.mark.parametrize(
    "request_bytes",
    [
        pytest.param(b"nonsense\r\n\r\n", id="no request line"),
        pytest.param(b"GET / HTTP/9.9\r\n\r\n", id="unknown version"),
        pytest.param(b"BREW /v2/datacenters/ABCD HTTP/1.1\r\n\r\n", id="unknown method"),
        pytest.param(b"GET /" + b"x" * 70000 + b" HTTP/1.1\r\n\r\n", id="endless address"),
        pytest.param(b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n", id="too many headers"),
        pytest.param(b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", id="length is no number"),
        pytest.param(b"POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n", id="negative length"),
    ],
)
def test_what_is_no_good_request_gets_a_json_answer(sandbox: Sandbox, request_bytes: bytes) -> None:
    head, _, body = _raw(sandbox, request_bytes).partition(b"\r\n\r\n")

    assert 400 <= int(head.split()[1]) < 600
    assert json.loads(body)["message"]


def test_a_caller_who_hangs_up_harms_nobody(sandbox: Sandbox, admin: Caller) -> None:
    _raw(sandbox, b"POST /v2/authentication/login HTTP/1.1\r\nContent-Length: 50\r\n\r\n{")
    address = urlsplit(sandbox.url)
    socket.create_connection((str(address.hostname), address.port or 0)).close()

    assert admin.get("/v2/datacenters/ABCD")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/v2/datacenters/ABCD", "GET"),
        ("GET", "/v2/authentication/login", "POST"),
        ("DELETE", "/v2-experimental/networks/ABCD/VA1", "GET"),
        ("OPTIONS", "/v2/servers/ABCD/VA1ABCDWEB01", "DELETE, GET, PATCH"),
    ],
)
def test_a_wrong_method_is_405_and_names_the_right_ones(admin: Caller, method: str, path: str, allowed: str) -> None:
    answer = admin.send(method, path)

    assert (answer.status_code, answer.headers["Allow"]) == (405, allowed)
    assert answer.json() == {"message": f"The requested resource does not support http method '{method}'."}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v2/nothing/here", b""),
        ("/", b""),
        ("//", b""),
        ("/v2/servers/ABCD/%00", b""),
        ("/v2-experimental/nothing", b'{"message":"The requested resource does not exist."}'),
    ],
)
def test_unknown_paths_are_404(admin: Caller, path: str, body: bytes) -> None:
    answer = admin.http.get(path)

    assert (answer.status_code, answer.content) == (404, body)


@pytest.mark.parametrize("content", [b"{", b"[1,", b"\xff\xfe", b"nonsense", b'{"a":' * 5000, b"{}}"])
@pytest.mark.parametrize("path", ["/v2/authentication/login", "/v2/groups/ABCD", "/v2/operations/ABCD/servers/powerOn"])
def test_malformed_bodies_are_400(admin: Caller, path: str, content: bytes) -> None:
    answer = admin.http.post(path, content=content)

    assert answer.status_code == 400
    assert answer.json()["modelState"] == {"body": ["The body could not be understood."]}
