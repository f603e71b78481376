"""How public answers travel: with the time since when they are as they are, and compressed."""

import gzip
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache

from flask import Flask, Response, request

SMALLEST = 600  # bytes; below that compressing gains nothing
LEVEL = 6
COMPRESSED = ("text/", "application/json", "application/xml", "application/atom+xml", "image/svg+xml")
KEPT = 256  # compressed answers


def deliver(app: Flask, clock: Callable[[], datetime]) -> None:
    """Date and compress what is public. A reader's own pages are left alone: their length could tell secrets."""
    since = clock().replace(microsecond=0)  # the library was read before: nothing has changed since

    @app.after_request
    def travel(response: Response) -> Response:
        if not response.cache_control.public or request.method not in ("GET", "HEAD"):
            return response
        if response.status_code == 200 and response.last_modified is None:
            response.last_modified = since
            response.make_conditional(request)
        return _compressed(response)


def _compressed(response: Response) -> Response:
    if not (response.mimetype or "").startswith(COMPRESSED):
        return response
    response.vary.add("Accept-Encoding")
    etag, _ = response.get_etag()
    if etag:
        response.set_etag(etag, weak=True)  # the same page, whichever way it is packed
    if response.status_code != 200 or (response.is_streamed and not response.direct_passthrough):
        return response
    if not request.accept_encodings.best_match(["gzip"]) or response.content_encoding:
        return response
    response.direct_passthrough = False
    data = response.get_data()
    if len(data) >= SMALLEST:
        response.set_data(_gzip(data))
        response.content_encoding = "gzip"
    return response


@lru_cache(KEPT)
def _gzip(data: bytes) -> bytes:
    return gzip.compress(data, LEVEL, mtime=0)
