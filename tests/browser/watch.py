"""Watches a browser's pages for what no page of ours may do."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
INLINE = {"data", "blob", "about"}


@dataclass
class Watch:
    """Collects faults; `expected` holds pieces of messages that a test provokes on purpose."""

    expected: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    def follow(self, context: BrowserContext) -> None:
        """Watch all pages of this context, from now on."""
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)

    def faults(self) -> list[str]:
        """What was seen and not expected."""
        return [fault for fault in self.seen if not any(piece in fault for piece in self.expected)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.seen.append(f"console error: {message.text} ({message.location.get('url', '')})")

    def _error(self, error: WebError) -> None:
        self.seen.append(f"page error: {error.error}")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in INLINE and address.hostname not in LOOPBACK:
            self.seen.append(f"request to another host: {request.url}")
