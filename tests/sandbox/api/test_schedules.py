"""What is planned and set for servers, groups and data centres: it is kept and shown."""

import pytest

from tests.sandbox.caller import Caller, verbs

PLAN = {
    "status": "on",
    "type": "delete",
    "beginDateUTC": "2026-11-23T19:41:00.000Z",
    "repeat": "never",
    "expire": "never",
    "timeZoneOffset": "-08:00",
}


def _paths(admin: Caller) -> list[str]:
    return ["/v2/servers/ABCD/VA1ABCDWEB01", f"/v2/groups/ABCD/{admin.groups()['Shop']['id']}"]


def test_an_activity_is_planned_changed_and_dropped(admin: Caller) -> None:
    for path in _paths(admin):
        made = admin.send("POST", f"{path}/ScheduledActivities", PLAN)
        assert made.status_code == 200
        assert admin.get(f"{path}/scheduledActivities") == [made.json()]
        assert verbs(made.json(), "self") == ["GET", "PUT", "DELETE"]
        own = made.json()["links"][1]["href"]

        assert admin.send("PUT", own, {**PLAN, "status": "off"}).status_code == 204

        assert admin.get(own)["status"] == "off"
        assert admin.send("DELETE", own).status_code == 204
        assert admin.get(f"{path}/scheduledActivities") == []
        assert admin.http.get(own).status_code == 404


@pytest.mark.parametrize("wrong", [{"type": "explode"}, {"beginDateUTC": "soon"}, {"repeat": None}, {"status": ""}])
def test_wrong_plans_are_refused(admin: Caller, wrong: dict[str, object]) -> None:
    assert admin.send("POST", "/v2/servers/ABCD/VA1ABCDWEB01/scheduledActivities", {**PLAN, **wrong}).status_code == 400


def test_limits_and_defaults_are_set(admin: Caller) -> None:
    limits = admin.send("POST", "/v2/datacenters/ABCD/VA1/computeLimits", {"cpu": 8})
    shop = _paths(admin)[1]
    defaults = admin.send("POST", f"{shop}/defaults", {"cpu": "2", "primaryDns": "192.0.2.53"})

    assert limits.json()["cpu"] == {"value": 8, "inherited": False}
    assert admin.get("/v2/datacenters/ABCD/VA1/computeLimits") == limits.json()
    assert admin.get("/v2/datacenters/ABCD/UC1/computeLimits")["cpu"]["value"] == 1000
    assert admin.get(f"{shop}/defaults") == defaults.json()
    assert defaults.json()["primaryDns"] == {"value": "192.0.2.53", "inherited": False}
    assert admin.send("POST", "/v2/datacenters/ABCD/VA1/computeLimits", {"cpu": "many"}).status_code == 400


def test_a_horizontal_autoscale_policy_holds_for_a_group(admin: Caller) -> None:
    path = f"{_paths(admin)[1]}/horizontalAutoscalePolicy"
    assert admin.http.get(path).status_code == 204

    put = admin.send("PUT", path, {"policyId": "p1", "loadBalancerPool": {"id": "b1", "publicPort": 80}})

    assert (put.status_code, put.json()["policyId"]) == (200, "p1")
    assert admin.get(path) == put.json()
    assert admin.send("PUT", path, {"policyId": "p1"}).status_code == 400
    assert admin.send("DELETE", path).status_code == 204
    assert admin.http.get(path).status_code == 204
