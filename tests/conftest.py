"""What many tests start from: the sample library, the old corpus, a PostgreSQL, a free port."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import BytecodeCache, FileSystemBytecodeCache

from tests.postgres import running_postgres
from tests.served import a_free_port

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


@pytest.fixture(scope="session", autouse=True)
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BytecodeCache]:
    """Templates are compiled once, not for each site that a test makes: that would take most of its time."""
    cache = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(Flask.jinja_options, "bytecode_cache", cache)
        yield cache


@pytest.fixture
def free_port() -> int:
    """A port on loopback that nothing listens on."""
    return a_free_port()
