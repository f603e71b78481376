"""Overhears what is asked of the account meanwhile, so that a verdict can say what it rests on."""

from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from kb.account.account import Account


@contextmanager
def overhear(account: Account) -> Iterator[list[str]]:
    """A list that grows by `GET /v2/groups/ABCD` with each request: method and path, never headers or queries."""
    heard: list[str] = []

    def hear(request: httpx.Request) -> None:
        heard.append(f"{request.method} {request.url.path}")

    http = account.client.http
    before = http.event_hooks
    http.event_hooks = {**before, "request": [*before.get("request", []), hear]}
    try:
        yield heard
    finally:
        http.event_hooks = before
