"""A sandbox whose operations end at once, and callers of it."""

from collections.abc import Iterator

import pytest

from kb.sandbox.serve import Sandbox
from tests.sandbox.caller import SERVER_ADMIN, VIEWER, Caller
from tests.sandbox.line import Line, open_line


@pytest.fixture
def pace() -> float:
    """Seconds that an operation takes."""
    return 0


@pytest.fixture
def sandbox(pace: float) -> Iterator[Sandbox]:
    with Sandbox(pace=pace) as started:
        yield started


@pytest.fixture
def admin(sandbox: Sandbox) -> Iterator[Caller]:
    with Caller(sandbox.url) as caller:
        yield caller


@pytest.fixture
def server_admin(sandbox: Sandbox) -> Iterator[Caller]:
    with Caller(sandbox.url, SERVER_ADMIN) as caller:
        yield caller


@pytest.fixture
def viewer(sandbox: Sandbox) -> Iterator[Caller]:
    with Caller(sandbox.url, VIEWER) as caller:
        yield caller


@pytest.fixture
def line(sandbox: Sandbox, admin: Caller) -> Iterator[Line]:
    with open_line(sandbox, admin.http.headers["Authorization"].partition(" ")[2]) as line:
        yield line
