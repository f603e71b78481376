import json
import re
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.samples import Browser

DOCUMENT: dict[str, Any] = json.loads((files("kb.web") / "openapi.json").read_bytes())


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def conforms(data: object, path: str, status: str = "200", method: str = "get") -> None:
    answer = DOCUMENT["paths"][path][method]["responses"][status]["content"]
    schema = next(iter(answer.values()))["schema"]
    jsonschema.validate(data, {**schema, "components": DOCUMENT["components"]})


def test_all_articles_are_served_as_the_document_says(client: FlaskClient) -> None:
    data = client.get("/api/articles").json
    conforms(data, "/api/articles")
    assert data
    steps = data["articles"][0]["editions"][0]["procedures"][0]["steps"]
    assert ["pack", "empty", "hand-in", "deposit"] == [step["id"] for step in steps]


def test_one_article_is_served_with_its_body_if_asked(client: FlaskClient) -> None:
    plain = client.get("/api/articles/house/moving-out").json
    conforms(plain, "/api/articles/{address}")
    assert plain
    assert "html" not in plain["editions"][0]
    full = client.get("/api/articles/house/moving-out?html=1").json
    assert full
    assert "<ol" in full["editions"][0]["html"]


def test_an_unknown_article_is_a_problem_with_details(client: FlaskClient) -> None:
    answer = client.get("/api/articles/nothing", headers={"Accept": "application/json"})
    assert 404 == answer.status_code
    conforms(answer.json, "/api/articles/{address}", "404")


def test_progress_is_served_as_the_document_says(run: Browser) -> None:
    data = run.client.get(run.path, headers={"Accept": "application/json"}).json
    conforms(data, "/runs/{run}/")


def test_the_document_names_every_address_of_the_api_and_no_other(app: Flask) -> None:
    rules = {re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule) for rule in app.url_map.iter_rules()}
    documented = set(DOCUMENT["paths"])
    assert documented <= rules
    assert {rule for rule in rules if rule.startswith("/api/")} <= documented
