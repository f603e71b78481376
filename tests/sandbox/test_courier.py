"""Webhooks are delivered: signed, in one attempt, to this machine and to allowed hosts only."""

import base64
import json
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Thread
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from kb.sandbox.courier import Courier
from kb.sandbox.serve import Sandbox
from tests.sandbox.caller import Caller

Told = tuple[str, dict[str, str], bytes]  # path, headers, body


class Listener:
    """Somebody's web application that is told of events."""

    def __init__(self) -> None:
        self.told: Queue[Told] = Queue()
        told = self.told

        class Page(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                told.put((self.path, dict(self.headers.items()), body))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def next(self) -> tuple[str, dict[str, Any]]:
        """Path and JSON of the next message."""
        path, _, body = self.told.get(timeout=20)
        return path, json.loads(body)


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    thread = Thread(target=made.server.serve_forever, args=(0.02,))
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def _subscribe(admin: Caller, event: str, *targets: str, alias: str = "ABCD", recursive: bool = False) -> None:
    body = {"recursive": recursive, "targetUris": [{"targetUri": each} for each in targets]}
    answer = admin.send("PUT", f"/v2/webhooks/{alias}/{event}/configuration", body)
    assert answer.status_code == 204, answer.text


def test_a_deleted_server_is_told_of_by_alias_and_name_only(admin: Caller, listener: Listener) -> None:
    _subscribe(admin, "Server.Deleted", f"{listener.url}/gone?x=1")

    admin.send("DELETE", "/v2/servers/ABCD/VA1ABCDWEB01")
    admin.get("/v2/datacenters/ABCD")

    assert listener.next() == ("/gone?x=1", {"accountAlias": "ABCD", "name": "VA1ABCDWEB01"})


def test_the_signature_is_that_of_the_body(sandbox: Sandbox, admin: Caller, listener: Listener) -> None:
    _subscribe(admin, "Server.Deleted", listener.url)
    admin.send("DELETE", "/v2/servers/ABCD/VA1ABCDWEB01")
    admin.get("/v2/datacenters/ABCD")

    _, headers, body = listener.told.get(timeout=20)

    key = serialization.load_pem_public_key(httpx.get(f"{sandbox.url}/_sandbox/webhook-key").content)
    assert isinstance(key, rsa.RSAPublicKey)
    key.verify(base64.b64decode(headers["Tier3-RsaSha1"]), body, padding.PKCS1v15(), hashes.SHA1())
    assert headers["Content-Type"] == "application/json"


def test_a_new_and_a_changed_server_are_told_of_whole(admin: Caller, listener: Listener) -> None:
    _subscribe(admin, "Server.Created", f"{listener.url}/created")
    _subscribe(admin, "Server.Updated", f"{listener.url}/updated")
    body = {"name": "NEW", "groupId": admin.groups()["Shop"]["id"], "sourceServerId": "UBUNTU"}

    admin.send("POST", "/v2/servers/ABCD", body)
    admin.get("/v2/datacenters/ABCD")
    path, created = listener.next()
    admin.send("POST", "/v2/operations/ABCD/servers/powerOff", ["VA1ABCDNEW01"])
    admin.get("/v2/datacenters/ABCD")

    assert (path, created["id"], created["status"]) == ("/created", "VA1ABCDNEW01", "active")
    assert "credentials" in {link["rel"] for link in created["links"]}
    path, updated = listener.next()
    assert (path, updated["details"]["powerState"]) == ("/updated", "stopped")


def test_a_parent_is_told_of_its_sub_accounts_if_it_asked_for_that(listener: Listener) -> None:
    with Sandbox(scenario="family", pace=0) as sandbox, Caller(sandbox.url, ("pat.root", "demo-admin-1")) as pat:
        _subscribe(pat, "Account.Updated", f"{listener.url}/all", alias="ROOT", recursive=True)
        _subscribe(pat, "Server.Deleted", f"{listener.url}/own", alias="ROOT")
        pat.send("DELETE", "/v2/servers/ACRN/UC1ACRNWEB01")
        pat.get("/v2/datacenters/ROOT")
        with httpx.Client(base_url=sandbox.url) as v1:
            v1.post("/REST/Auth/Logon/JSON", json={"APIKey": "ROOTV1KEY", "Password": "demo-v1-password-1"})
            v1.post("/REST/Account/SuspendAccount/JSON", json={"AccountAlias": "LEAF"})

        path, account = listener.next()

    assert (path, account["accountAlias"], account["status"]) == ("/all", "LEAF", "Disabled")
    assert account["parentAlias"] == "ACRN"
    assert listener.told.empty()


def test_nobody_is_told_before_the_change_is_kept_or_of_the_founding(sandbox: Sandbox, admin: Caller) -> None:
    assert admin.get("/_sandbox/webhooks") == []


@pytest.mark.parametrize(
    "target", ["https://hooks.abcd.example/x", "http://192.0.2.1/", "http://127.0.0.1.evil.example/"]
)
def test_other_machines_are_not_told(admin: Caller, target: str) -> None:
    _subscribe(admin, "Server.Deleted", target)

    admin.send("DELETE", "/v2/servers/ABCD/VA1ABCDWEB01")
    admin.get("/v2/datacenters/ABCD")

    (told,) = admin.get("/_sandbox/webhooks")
    assert told == {"event": "Server.Deleted", "target": target, "outcome": "withheld: the host is not allowed"}


def test_a_listener_that_is_not_there_is_tried_once(admin: Caller, sandbox: Sandbox) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        target = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    _subscribe(admin, "Server.Deleted", target)

    assert admin.send("DELETE", "/v2/servers/ABCD/VA1ABCDWEB01").status_code == 202
    admin.get("/v2/datacenters/ABCD")
    sandbox.courier.finish()

    (told,) = admin.get("/_sandbox/webhooks")
    assert told["outcome"].startswith("failed: ")


@pytest.mark.parametrize(
    ("target", "allowed", "delivers"),
    [
        ("http://localhost:1/", (), True),
        ("http://[::1]:1/", (), True),
        ("http://127.9.9.9/", (), True),
        ("https://hooks.example/", ("hooks.example",), True),
        ("https://hooks.example:8443/", ("hooks.example:8443",), True),
        ("https://hooks.example:9/", ("hooks.example:8443",), False),
        ("https://a.hooks.example/", ("hooks.example",), False),
        ("https://localhost.example/", (), False),
    ],
)
def test_who_may_be_told(sandbox: Sandbox, target: str, allowed: tuple[str, ...], delivers: bool) -> None:
    assert Courier(sandbox.world, allowed).delivers_to(target) is delivers


def test_targets_are_added_and_removed_one_by_one(admin: Caller) -> None:
    path = "/v2/webhooks/ABCD/server.deleted/configuration"
    one, two = "https://one.example/a", "https://two.example/b?c=d"

    for target in (one, two, one):
        assert admin.send("POST", f"{path}/targetUris", {"targetUri": target}).status_code == 204
    assert admin.get(path) == {"recursive": False, "targetUris": [{"targetUri": one}, {"targetUri": two}]}
    gone = admin.http.delete(f"{path}/targetUris", params={"targetUri": two})

    assert (gone.status_code, gone.content) == (204, b"")
    assert admin.get(path)["targetUris"] == [{"targetUri": one}]
    assert admin.http.delete(f"{path}/targetUris", params={"targetUri": two}).status_code == 404


@pytest.mark.parametrize(
    ("event", "body", "status"),
    [
        ("Server.Exploded", {"recursive": True}, 404),
        ("Server.Deleted", {}, 400),
        ("Server.Deleted", {"recursive": "yes"}, 400),
        ("Server.Deleted", {"recursive": True, "targetUris": "https://a.example"}, 400),
        ("Server.Deleted", {"recursive": True, "targetUris": [{"targetUri": "ftp://a.example"}]}, 400),
        ("Server.Deleted", {"recursive": True, "targetUris": [{"targetUri": "https://"}]}, 400),
        ("Server.Deleted", {"recursive": True, "targetUris": [{"targetUri": "https://a.example:99999"}]}, 400),
        ("Server.Deleted", {"recursive": True, "targetUris": [{"targetUri": "https://a.example/\r\nx"}]}, 400),
        ("Server.Deleted", {"recursive": True, "targetUris": []}, 204),
    ],
)
def test_wrong_webhooks_are_refused(admin: Caller, event: str, body: object, status: int) -> None:
    assert admin.send("PUT", f"/v2/webhooks/ABCD/{event}/configuration", body).status_code == status


def test_only_administrators_set_webhooks(viewer: Caller) -> None:
    body = {"recursive": True, "targetUris": []}

    assert viewer.send("PUT", "/v2/webhooks/ABCD/Server.Deleted/configuration", body).status_code == 403
