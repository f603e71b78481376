"""What many tests start from: the sample library, the old corpus, a PostgreSQL, a free port."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import running_postgres

CHECKOUT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def sample_library() -> Path:
    """Our own sample library; read it, never write into it."""
    return CHECKOUT / "articles"


@pytest.fixture(scope="session")
def corpus() -> Path:
    """A folder of real old articles, named by KB_CORPUS (relative to the checkout)."""
    named = os.environ.get("KB_CORPUS")
    if not named:
        pytest.skip("KB_CORPUS is not set")
    folder = CHECKOUT / named
    assert folder.is_dir(), f"KB_CORPUS names no folder: {named}"
    return folder


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of an empty PostgreSQL database, shared by the tests of one worker."""
    with running_postgres() as url:
        yield url


@pytest.fixture
def free_port() -> int:
    """A port on loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
