from pathlib import Path

import pytest
from flask import Flask

from kb.database import Database
from kb.web.app import create_app
from kb.web.site import Site
from tests.web.samples import Browser, Clock, write_library
from tests.web.staff.team import staffed


@pytest.fixture
def site(tmp_path: Path, database: Database, clock: Clock) -> Site:
    library = tmp_path / "library"
    library.mkdir()
    return staffed(write_library(library), database, clock, tmp_path / "staff.json")


@pytest.fixture
def app(site: Site) -> Flask:
    return create_app(site)


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app.test_client())
