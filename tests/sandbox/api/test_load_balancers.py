"""Load balancers: the shared ones of v2 and those of the load-balancer host."""

from datetime import timedelta

import pytest

from kb.sandbox.serve import Sandbox
from tests.sandbox.caller import Caller, rels

VA1 = "/v2/sharedLoadBalancers/ABCD/VA1"
HOST = "/_loadbalancer/ABCD/UC1/loadbalancers"


def test_a_shared_load_balancer_holds_pools_with_nodes(admin: Caller) -> None:
    (balancer,) = admin.get(VA1)

    assert (balancer["name"], balancer["status"]) == ("shop", "enabled")
    assert rels(balancer) == ["self", "pools"]
    (pool,) = balancer["pools"]
    assert (pool["port"], pool["method"], pool["persistence"]) == (443, "roundRobin", "standard")
    assert [node["privatePort"] for node in pool["nodes"]] == [443, 443]
    assert admin.get(balancer["links"][0]["href"]) == balancer
    assert admin.get(balancer["links"][1]["href"]) == [pool]
    assert admin.get(pool["links"][0]["href"]) == pool
    assert admin.get(pool["links"][1]["href"]) == pool["nodes"]


def test_a_shared_load_balancer_is_deleted_at_once_with_its_pools(admin: Caller) -> None:
    path = admin.get(VA1)[0]["links"][0]["href"]

    answer = admin.send("DELETE", path)

    assert (answer.status_code, answer.content) == (204, b"")
    assert admin.get(VA1) == []
    assert admin.http.get(path).status_code == 404


def test_load_balancers_and_pools_are_made_with_200_and_changed_with_204(admin: Caller) -> None:
    made = admin.send("POST", f"{VA1}/", {"name": "new", "description": "words", "status": "disabled"})
    assert (made.status_code, made.json()["status"], made.json()["pools"]) == (200, "disabled", [])
    path = made.json()["links"][0]["href"]

    pool = admin.send("POST", f"{path}/pools", {"port": 80, "method": "leastConnection", "persistence": "sticky"})
    assert (pool.status_code, pool.json()["method"], pool.json()["nodes"]) == (200, "leastConnection", [])
    pool_path = pool.json()["links"][0]["href"]

    changes = [
        (path, {"name": "newer", "description": "words", "status": "enabled"}),
        (pool_path, {"method": "roundRobin", "persistence": "standard"}),
        (f"{pool_path}/nodes", [{"ipAddress": "10.1.1.1", "privatePort": 8080}]),
    ]
    assert [admin.send("PUT", where, body).status_code for where, body in changes] == [204, 204, 204]
    assert admin.get(path)["name"] == "newer"
    assert admin.get(pool_path)["nodes"] == [{"status": "enabled", "ipAddress": "10.1.1.1", "privatePort": 8080}]
    assert admin.send("DELETE", pool_path).status_code == 204
    assert admin.get(f"{path}/pools") == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("", {}),
        ("", {"name": "x"}),
        ("", {"name": "x", "description": "y", "status": "odd"}),
        ("/pools", {"port": 25}),
        ("/pools", {"port": 443}),
        ("/pools", {"port": 80, "method": "odd"}),
    ],
)
def test_wrong_load_balancers_and_pools_are_refused(admin: Caller, path: str, body: object) -> None:
    where = VA1 if not path else f"{VA1}/{admin.get(VA1)[0]['id']}{path}"

    assert admin.send("POST", where, body).status_code == 400


def test_the_load_balancer_host_wraps_its_list(admin: Caller) -> None:
    (balancer,) = admin.get(HOST)["values"]

    assert (balancer["name"], balancer["status"], balancer["dataCenter"]) == ("reports", "active", "UC1")
    assert isinstance(balancer["creationTime"], int)
    assert balancer["deletionTime"] is None
    assert admin.get(f"{HOST}/{balancer['id']}") == balancer


def test_deleting_there_answers_a_request_that_ends(sandbox: Sandbox, admin: Caller) -> None:
    balancer = admin.get(HOST)["values"][0]
    sandbox.world.pace = 3600
    asked = admin.send("DELETE", f"{HOST}/{balancer['id']}/pools/{balancer['pools'][0]['id']}").json()
    sandbox.world.pace = 0
    answer = admin.send("DELETE", f"{HOST}/{balancer['id']}")

    assert (asked["status"], asked["completionDate"]) == ("ACTIVE", None)
    assert [link["rel"] for link in asked["links"]] == ["loadbalancer", "pool"]
    assert answer.status_code == 202
    done = admin.get(f"{HOST}/requests/{answer.json()['id']}")
    assert done["status"] == "COMPLETE"
    assert isinstance(done["completionDate"], int)
    assert done["links"] == [{"rel": "loadbalancer", "href": "", "resourceId": balancer["id"]}]


def test_a_deleted_one_stays_listed_as_deleted_there(admin: Caller) -> None:
    balancer = admin.get(HOST)["values"][0]
    admin.send("DELETE", f"{HOST}/{balancer['id']}")

    (left,) = admin.get(HOST)["values"]

    assert left["status"] == "deleted"
    assert isinstance(left["deletionTime"], int)
    assert admin.send("DELETE", f"{HOST}/{balancer['id']}").status_code == 404


POOL = {"port": 443, "loadBalancingMode": "tcp", "nodes": [{"ipAddress": "10.108.2.12", "privatePort": 8443}]}


def test_one_is_made_there_by_a_request_and_costs_from_its_end_on(sandbox: Sandbox, admin: Caller) -> None:
    sandbox.world.pace = 3600
    asked = admin.send("POST", HOST, {"name": "Fresh", "description": "words"})
    key = asked.json()["links"][0]["resourceId"]

    assert (asked.status_code, asked.json()["status"]) == (202, "ACTIVE")
    assert asked.json()["description"] == f"Create Load Balancer {key}"
    assert admin.get(f"{HOST}/{key}")["status"] == "creating"
    sandbox.clock.advance(timedelta(hours=1))

    assert admin.get(f"{HOST}/requests/{asked.json()['id']}")["status"] == "COMPLETE"
    assert admin.get(f"{HOST}/{key}")["status"] == "active"
    changed = admin.send("PUT", f"{HOST}/{key}", {"name": "Fresh-2"}).json()
    assert (changed["name"], changed["description"]) == ("Fresh-2", "words")


def test_one_that_cannot_be_made_has_failed(sandbox: Sandbox, admin: Caller) -> None:
    sandbox.set_faults("jobs")

    asked = admin.send("POST", HOST, {"name": "Fresh"}).json()

    assert admin.get(f"{HOST}/requests/{asked['id']}")["status"] == "FAILED"
    assert admin.get(f"{HOST}/{asked['links'][0]['resourceId']}")["status"] == "failed"


def test_pools_there_are_added_changed_and_removed_by_requests(admin: Caller) -> None:
    pools = f"{HOST}/{admin.get(HOST)['values'][0]['id']}/pools"
    before = admin.get(pools)["values"]

    added = admin.send("POST", pools, POOL).json()
    key = added["links"][1]["resourceId"]
    assert [link["rel"] for link in added["links"]] == ["loadbalancer", "pool"]
    assert set(admin.get(f"{pools}/{key}")) == {
        "id", "port", "loadBalancingMethod", "persistence", "idleTimeout", "loadBalancingMode", "nodes", "forceHttps",
        "healthCheck", "sslOffloading",
    }  # fmt: skip
    admin.send("PUT", f"{pools}/{key}", {"loadBalancingMethod": "leastconn"})
    changed = admin.get(f"{pools}/{key}")
    assert (changed["loadBalancingMethod"], changed["port"], len(changed["nodes"])) == ("leastconn", 443, 1)
    admin.send("DELETE", f"{pools}/{key}")

    assert admin.get(pools)["values"] == before
    assert admin.http.get(f"{pools}/{key}").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [{"port": 22}, {"port": None}, {"persistence": "odd"}, {"nodes": [{"ipAddress": "10.0.0.1"}]}, {"nodes": 7}],
)
def test_wrong_pools_are_refused_there(admin: Caller, wrong: dict[str, object]) -> None:
    pools = f"{HOST}/{admin.get(HOST)['values'][0]['id']}/pools"

    assert admin.send("POST", pools, {**POOL, **wrong}).status_code == 400
