"""The OpenAPI document is made from the routes, so it names all of them and nothing else."""

from contextlib import suppress
from typing import Any

import httpx
import pytest

from kb.sandbox.api.app import all_routes
from kb.sandbox.api.ask import Ask
from kb.sandbox.serve import Sandbox
from tests.sandbox.caller import Caller


@pytest.fixture
def document(sandbox: Sandbox) -> Any:
    answer = httpx.get(f"{sandbox.url}/openapi.json")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json; charset=utf-8")
    return answer.json()


def _operations(document: Any) -> list[tuple[str, str, Any]]:
    return [
        (method.upper(), path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]


def test_it_names_every_route(document: Any) -> None:
    wanted = {(route.method, route.path.replace("<", "{").replace(">", "}")) for route in all_routes()}

    assert {(method, path) for method, path, _ in _operations(document)} == wanted


def test_every_operation_says_what_it_does_and_has_a_name_of_its_own(document: Any) -> None:
    operations = _operations(document)

    assert all(operation["summary"] for _, _, operation in operations)
    names = [operation["operationId"] for _, _, operation in operations]
    assert len(set(names)) == len(names)


def test_every_name_in_a_path_is_described(document: Any) -> None:
    for _, path, operation in _operations(document):
        named = {each["name"] for each in operation["parameters"] if each["in"] == "path"}
        assert named == {part[1:-1] for part in path.split("/") if part.startswith("{")}


def test_only_signing_in_and_hosts_with_their_own_credentials_need_no_token(document: Any) -> None:
    free = {path for _, path, operation in _operations(document) if not operation["security"]}

    assert all(path.startswith(("/REST/", "/_objects/", "/_apps/")) for path in free - {"/v2/authentication/login"})


def test_roles_are_those_that_are_enforced(document: Any, admin: Caller, server_admin: Caller) -> None:
    roles = document["paths"]["/v2/siteToSiteVpn/{vpn}"]["delete"]["x-roles"]

    assert roles == ["AccountAdmin", "NetworkAdmin", "SecurityAdmin"]
    vpn = admin.get("/v2/siteToSiteVpn?account=ABCD")[0]["links"][0]["href"]
    assert server_admin.send("DELETE", vpn).status_code == 403


def test_what_views_read_of_the_query_is_what_their_routes_name(sandbox: Sandbox) -> None:
    """Each view is asked with a query that remembers what was looked for."""
    for route in all_routes():
        looked: set[str] = set()

        class Query(dict[str, str]):
            def get(self, name: str, default: Any = None) -> Any:
                looked.add(name)  # noqa: B023  used at once
                return super().get(name, default)

        user = sandbox.world.users.get("alex.abcd")
        known = {"alias": "ABCD", "dc": "VA1", "server": "VA1ABCDWEB01", "year": "2026", "month": "7", "form": "JSON"}
        with sandbox.world.change():
            shop = next(each for each in sandbox.world.networks.all() if each.name == "shop")
            values = {name: {**known, "network": shop.id}.get(name, "x") for name in route.names}
            with suppress(Exception):  # what comes of it does not matter here
                route.view(Ask(sandbox.world, user, Query(), b"", {}), **values)
        if not route.path.startswith("/REST/"):
            assert looked <= {name.lower() for name in route.query}, route.path
