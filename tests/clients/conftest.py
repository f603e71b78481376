"""Published clients, unmodified, in a Python environment of their own: `make test-clients` names it in KB_CLIENTS."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from kb.sandbox.serve import Sandbox
from tests.sandbox.caller import Caller

collect_ignore_glob = [] if os.environ.get("KB_CLIENTS") else ["*"]


@pytest.fixture(scope="session")
def clients() -> Path:
    """The folder with the programs of that environment."""
    folder = Path(os.environ["KB_CLIENTS"]).absolute() / "bin"
    assert folder.is_dir(), f"{folder} is not there: run make test-clients."
    return folder


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(pace=0.05) as started:
        yield started


@pytest.fixture
def admin(sandbox: Sandbox) -> Iterator[Caller]:
    with Caller(sandbox.url) as caller:
        yield caller
