"""What comes back to published clients, and how long a connection lasts, byte by byte."""

import gzip
import json

import pytest

from tests.sandbox.caller import ADMIN
from tests.sandbox.line import Line

WEB = "/v2/servers/ABCD/VA1ABCDWEB01"


def test_who_offers_to_unpack_gets_long_answers_packed(line: Line) -> None:
    for path, packed in [(WEB, True), ("/v2/operations/ABCD/status/va1-1", False)]:
        head = f"GET {path} HTTP/1.1\r\nAuthorization: Bearer {line.token}\r\n"
        line.send(f"{head}Accept-Encoding: gzip, deflate\r\n\r\n".encode())
        _, headers = line.head()
        body = line.skip(int(headers["content-length"]))
        assert headers.get("content-encoding") == ("gzip" if packed else None)
        assert headers.get("vary") == ("Accept-Encoding" if packed else None)
        if packed:
            assert json.loads(gzip.decompress(body))["id"] == "va1abcdweb01"


def test_what_was_made_says_where_it_is(line: Line) -> None:
    body = b'{"name":"Apart","location":"VA1"}'
    request = f"POST /v2/antiAffinityPolicies/ABCD HTTP/1.1\r\nAuthorization: Bearer {line.token}\r\n"
    line.send(f"{request}Content-Length: {len(body)}\r\n\r\n".encode() + body)

    status, headers = line.head()
    made = json.loads(line.skip(int(headers["content-length"])))
    assert (status, headers["location"]) == (201, f"/v2/antiAffinityPolicies/abcd/{made['id']}")
    assert made["links"][1] == {
        "rel": "location", "href": "/v2/datacenters/abcd/VA1", "id": "va1", "name": "VA1 - US East (Sterling)",
    }  # fmt: skip


# connections


def test_http_1_0_is_answered_and_ended(line: Line) -> None:
    status, found = line.ask("GET", WEB, version="1.0", Host="")

    assert (status, found["name"]) == (200, "VA1ABCDWEB01")
    with pytest.raises(IndexError):
        line.head()  # nothing more comes


def test_http_1_0_goes_on_when_asked_to(line: Line) -> None:
    for _ in range(2):
        line.send(
            f"GET {WEB} HTTP/1.0\r\nConnection: Keep-Alive\r\nAuthorization: Bearer {line.token}\r\n\r\n".encode()
        )
        status, headers = line.head()
        assert (status, headers["connection"]) == (200, "keep-alive")
        line.skip(int(headers["content-length"]))


def test_one_connection_serves_a_whole_session(line: Line) -> None:
    credentials = json.dumps({"username": ADMIN[0], "password": ADMIN[1]}).encode()
    statuses = [
        line.ask("POST", "/v2/authentication/login", credentials)[0],
        line.ask("GET", "/v2/datacenters/ABCD")[0],
        line.ask("GET", "/v2/servers/ABCD/NONE")[0],
        line.ask("DELETE", WEB)[0],
        line.ask("POST", "/v2/operations/ABCD/servers/reboot", b"{")[0],
        line.ask("OPTIONS", "/v2/datacenters/ABCD")[0],
        line.ask("GET", "/v2/datacenters/ABCD")[0],
    ]

    assert statuses == [200, 200, 404, 202, 400, 405, 200]


# what clients do with what comes back


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("DELETE", WEB, b""),
        ("POST", "/v2/operations/ABCD/servers/powerOff", b'["VA1ABCDWEB01"]'),
        ("PATCH", WEB, b'[{"op":"set","member":"cpu","value":4}]'),
        ("PATCH", WEB, b'[{"op":"set","member":"password","value":{"current":"a","password":"b"}}]'),
        ("POST", f"{WEB}/publicIPAddresses", b'{"ports":[{"protocol":"TCP","port":22}]}'),
        (
            "POST",
            "/v2/operations/ABCD/servers/createSnapshot",
            b'{"snapshotExpirationDays":5,"serverIds":["VA1ABCDWEB01"]}',
        ),
    ],
)
def test_each_queued_deed_has_a_status_by_id_and_by_href(line: Line, method: str, path: str, body: bytes) -> None:
    """The Go library decodes each body and asks by id; the Go command line puts its base before the href."""
    _, told = line.ask(method, path, body)
    first = told[0] if isinstance(told, list) else told
    link = first if first.get("rel") == "status" else first["links"][0]

    assert line.ask("GET", f"/v2/operations/ABCD/status/{link['id']}")[1] == {"status": "succeeded"}
    assert line.ask("GET", f"/{link['href']}")[1] == {"status": "succeeded"}
    assert line.ask("GET", f"/v2/operations/abcd/status/{link['id'].upper()}/")[1] == {"status": "succeeded"}


def test_failures_have_a_message_that_clients_can_print(line: Line) -> None:
    """They look for modelState, then message, then error."""
    for method, path, body in [
        ("POST", "/v2/groups/ABCD", b"{}"),
        ("POST", "/v2/authentication/login", b"{}"),
        ("PUT", f"{WEB}/cpuAutoscalePolicy", b'{"id":"none"}'),
        ("POST", "/v2/sharedLoadBalancers/ABCD/VA1", b'{"name":"x"}'),
    ]:
        status, told = line.ask(method, path, body)
        assert status == 400
        assert isinstance(told["message"], str)
        assert all(isinstance(text, str) for texts in told.get("modelState", {}).values() for text in texts)
