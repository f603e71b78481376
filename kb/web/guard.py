"""What every answer carries and every changing request must show."""

from urllib.parse import urlsplit

from flask import Flask, Response, request

from kb.errors import Refused
from kb.web.visitor import give_cookie

SAFE = ("GET", "HEAD", "OPTIONS")
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


def guard(app: Flask) -> None:
    """Refuse requests that other sites send, and set the headers."""
    app.before_request(_refuse_other_sites)
    app.after_request(give_cookie)
    app.after_request(_set_headers)


def _refuse_other_sites() -> None:
    """A form on another site would be sent with our cookies: browsers say where it came from."""
    if request.method in SAFE:
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    own = site in ("same-origin", "none") if site else origin is None or urlsplit(origin).netloc == request.host
    if not own:
        raise Refused("This request came from another site. Open the page here and try again.")


def _set_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
