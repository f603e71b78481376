"""OpenID providers for tests: a real one in a process of its own, and one that says whatever it is told."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

import httpx
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT = "kb-client"
READY_SECONDS = 60


@contextmanager
def real_provider(port: int, *users: Mapping[str, Any]) -> Iterator[str]:
    """The issuer of a provider with these users, for as long as the block lasts."""
    told = [word for user in users for word in ("--user-claims", json.dumps(user))]
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--host", "127.0.0.1", *told]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        issuer = f"http://127.0.0.1:{port}"
        try:
            _wait_for(issuer, process)
            yield issuer
        finally:
            process.kill()


def _wait_for(issuer: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            httpx.get(f"{issuer}/.well-known/openid-configuration", timeout=5).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the provider did not start")


@dataclass
class Told:
    """What the made-up provider answers with, and what it was asked."""

    issuer: str = ""
    metadata: dict[str, Any] = field(default_factory=dict)
    token: str = ""
    status: int = 200
    asked: dict[str, str] = field(default_factory=dict)
    authorization: str = ""
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))

    def sign(self, claims: Mapping[str, Any], key: RSAKey | OctKey | None = None, algorithm: str = "RS256") -> str:
        """An id token with these claims."""
        return jwt.encode({"alg": algorithm, "kid": "one"}, dict(claims), key or self.key, algorithms=[algorithm])


@contextmanager
def told_provider() -> Iterator[Told]:
    """A provider on loopback that answers as it is told."""
    told = Told()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _answering(told))
    told.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _answering(told: Told) -> type[BaseHTTPRequestHandler]:
    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/keys":
                self.say(200, {"keys": [told.key.as_dict(private=False)]})
            else:
                places = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys"}
                found = {name: f"{told.issuer}{path}" for name, path in places.items()}
                self.say(200, {"issuer": told.issuer, **found, **told.metadata})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            told.asked = dict(parse_qsl(body))
            told.authorization = self.headers.get("Authorization", "")
            self.say(told.status, {"id_token": told.token, "token_type": "Bearer", "access_token": "x"})

        def say(self, status: int, data: Mapping[str, Any]) -> None:
            content = json.dumps(data).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *words: object) -> None:
            pass

    return Answering
