"""Published clients, unmodified, in a Python environment of their own: `make test-clients` names it in KB_CLIENTS."""

import os
from pathlib import Path

import pytest

from tests.sandbox.conftest import admin as admin
from tests.sandbox.conftest import sandbox as sandbox

collect_ignore_glob = [] if os.environ.get("KB_CLIENTS") else ["*"]


@pytest.fixture(scope="session")
def clients() -> Path:
    """The folder with the programs of that environment."""
    folder = Path(os.environ["KB_CLIENTS"]).absolute() / "bin"
    assert folder.is_dir(), f"{folder} is not there: run make test-clients."
    return folder


@pytest.fixture
def pace() -> float:
    """Operations take a moment: what a client does while it waits is tried, too."""
    return 0.05
