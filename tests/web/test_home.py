from pathlib import Path

import pytest

from kb.article.library import Library
from kb.database import Database
from kb.settings import Settings
from kb.web.app import create_app
from kb.web.site import Site
from tests.web.samples import Browser, Clock, House, site_of, write_library


@pytest.fixture
def behind_a_proxy(tmp_path: Path, database: Database) -> Browser:
    """The site as a proxy calls it: by http and its own name, whatever readers call it."""
    folder = tmp_path / "library"
    folder.mkdir()
    made_up = site_of(write_library(folder), database, House(), Clock())
    library = Library.load(folder, Settings(url="https://help.example.org"))
    site = Site(library, made_up.runs, made_up.link, made_up.sign_ins, made_up.key, made_up.clock)
    return Browser(create_app(site).test_client())


def test_a_site_that_knows_its_address_uses_it_whatever_the_request_says(behind_a_proxy: Browser) -> None:
    answer = behind_a_proxy.client.get("/house/moving-out/", headers={"Host": "127.0.0.1:8000"})
    assert 'href="https://help.example.org/house/moving-out/"' in answer.text
    assert "127.0.0.1" not in answer.text


def test_its_cookies_are_secure_and_its_own_origin_is_trusted(behind_a_proxy: Browser) -> None:
    client = behind_a_proxy.client
    home = {"Origin": "https://help.example.org"}
    answer = client.post("/runs/", data={"article": "house/moving-out"}, headers=home)
    assert 303 == answer.status_code
    assert "Secure" in answer.headers["Set-Cookie"]
    there = client.post("/runs/", data={"article": "house/moving-out"}, headers={"Origin": "http://localhost"})
    assert 409 == there.status_code
