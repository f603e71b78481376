"""The socket: keep-alive, one thread for each connection, on loopback unless told otherwise."""

import contextlib
import socket
import socketserver
import threading
from collections.abc import Sequence
from typing import Any

from kb.sandbox.api.app import Api
from kb.sandbox.api.reply import FAULT, Answer, message
from kb.sandbox.control import Control
from kb.sandbox.errors import Unreadable
from kb.sandbox.faults import Fault
from kb.sandbox.wire import Request, answer_bytes, read_request

_IDLE = 75  # seconds that an idle connection is kept
_LINGER = 2  # seconds and
_SPILL = 64 * 1024 * 1024  # bytes that are still swallowed of a body that is too large, so that the answer arrives


class Listener(socketserver.ThreadingTCPServer):
    """Serves an Api and the control. `faults` and `latency` (seconds) may change while it runs.

    Raises OSError for a taken port.
    """

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self, api: Api, control: Control, host: str, port: int, faults: Sequence[Fault] = (), latency: float = 0.0
    ) -> None:
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.api = api
        self.control = control
        self.faults = tuple(faults)
        self.latency = latency
        self.stopping = threading.Event()
        self._connections: set[socket.socket] = set()
        self._guard = threading.Lock()
        super().__init__((host, port), _Conversation)

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end."""
        host, port = self.server_address[:2]
        shown = f"[{host!s}]" if self.address_family == socket.AF_INET6 else str(host)
        return f"http://{shown}:{port}"

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._guard:
            self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._guard:
            self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller who hangs up is nothing to tell of."""

    def stop(self) -> None:
        """Stop listening, and end the connections that are still open, so that the API is really gone."""
        self.stopping.set()
        self.shutdown()
        self.server_close()
        with self._guard:
            open_ones = list(self._connections)
        for connection in open_ones:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # it is closed already


class _Conversation(socketserver.StreamRequestHandler):
    server: Listener
    disable_nagle_algorithm = True
    timeout = _IDLE

    def handle(self) -> None:
        """Answer request after request, until one side has had enough."""
        with contextlib.suppress(TimeoutError):
            while self._turn():
                pass

    def _turn(self) -> bool:
        """Answer one request; False: the connection ends."""
        try:
            request = read_request(self.rfile, lambda: self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n"))
        except Unreadable as error:
            self._refuse(message(error.status, str(error)))
            return False
        answer = self._answer(request) if request else None
        if request is None or answer is None:
            return False
        # one write, so that head and body leave in one packet
        asked = "keep-alive" if "keep-alive" in request.headers.get("connection", "").lower() else ""
        connection = asked if request.keep_alive else "close"
        packed = request.headers.get("accept-encoding", "")
        self.wfile.write(answer_bytes(answer, request.method, connection, packed))
        return request.keep_alive

    def _answer(self, request: Request) -> Answer | None:
        """None: there is none, on purpose."""
        peer = str(self.client_address[0])
        told = self.server.control.answer(request.method, request.target, request.headers, request.body, peer)
        if told is not None:
            return told
        wait, failing = self.server.latency, False
        for fault in self.server.faults:
            if fault.hits(request.target):
                wait += fault.amount if fault.kind == "slow" else 0.0
                failing = failing or fault.kind == "fail"
                if fault.kind == "hang":
                    self.server.stopping.wait()
                    return None
        if wait:
            self.server.stopping.wait(wait)
        if failing:
            return message(500, FAULT)
        return self.server.api.answer(request.method, request.target, request.headers, request.body)

    def _refuse(self, answer: Answer) -> None:
        """Answer, and swallow what is still coming: a reset would take the answer away from the caller."""
        self.wfile.write(answer_bytes(answer, "GET", "close"))
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(_LINGER)
        left = _SPILL
        while left > 0 and (part := self.connection.recv(65536)):
            left -= len(part)
