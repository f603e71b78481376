"""What every answer carries and every request must show."""

from collections.abc import Callable
from threading import BoundedSemaphore
from urllib.parse import urlsplit

from flask import Flask, Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from kb.errors import Refused, StoreError
from kb.web.hosts import refuse_other_hosts
from kb.web.limiting import SAFE, count_changes
from kb.web.limits import Limits
from kb.web.site import Site
from kb.web.visitor import give_cookie
from kb.words import words

LARGEST_REQUEST = 256 * 1024  # bytes
BODIES_AT_ONCE = 8  # half of the threads of a server process
TURN = 0.25  # seconds to wait for one of these
MOST_FIELDS = 1_000  # a checklist may have hundreds of questions
POLICY = (
    "default-src 'none'; img-src 'self' https: data:; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "font-src 'self'; frame-src https://player.vimeo.com https://www.youtube.com; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def guard(app: Flask, site: Site, limits: Limits, turns: BoundedSemaphore) -> None:
    """Refuse what other sites send, what is too large and what is too often, and set the headers.

    `turns`: at most so many bodies are read at once.
    """
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_REQUEST, MAX_FORM_MEMORY_SIZE=LARGEST_REQUEST, MAX_FORM_PARTS=MOST_FIELDS
    )
    app.before_request(refuse_other_hosts(site.library.settings))
    app.before_request(_refuse_other_sites)
    if not limits.access.proxies:
        app.before_request(_notice_proxy(app))
    app.before_request(_read_body(turns))
    app.before_request(count_changes(site, limits))
    app.after_request(give_cookie)
    app.after_request(_set_headers)


def _notice_proxy(app: Flask) -> Callable[[], None]:
    """Say once that the limits take all readers for one: nobody would find out otherwise."""
    said: list[bool] = []

    def notice() -> None:
        if not said and "X-Forwarded-For" in request.headers:
            said.append(True)
            app.logger.warning("Requests come through a proxy: say so in kb.toml (proxies = 1), or limits see only it.")

    return notice


def _refuse_other_sites() -> None:
    """A form on another site would be sent with our cookies: browsers say where it came from."""
    if request.method in SAFE:
        return
    if not from_here(request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin"), request.host):
        raise Refused(words("This request came from another site. Open the page here and try again."))


def from_here(site: str | None, origin: str | None, host: str) -> bool:
    """Whether a browser that sends these headers (`Sec-Fetch-Site`, `Origin`) says that a page of this host sent it."""
    return site in ("same-origin", "none") if site else origin is None or urlsplit(origin).netloc == host


def _read_body(turns: BoundedSemaphore) -> Callable[[], None]:
    """Bodies are read before anything else is done, those without a length too.

    Each that is slow keeps a thread of the server: whoever sends many shall not keep readers from the pages.
    """

    def read() -> None:
        if request.method in SAFE:
            return
        if not turns.acquire(timeout=TURN):
            raise StoreError("More is sent to this site at the moment than it takes. Nothing was changed. Try again.")
        try:
            body = request.get_data(cache=True)
        finally:
            turns.release()
        fields = body.count(b"&") if request.mimetype == "application/x-www-form-urlencoded" else 0
        if len(body) >= LARGEST_REQUEST or fields >= MOST_FIELDS:  # of a body without a length no more is read
            raise RequestEntityTooLarge

    return read


def _set_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
