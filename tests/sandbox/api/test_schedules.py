"""What is planned and set for servers, groups and data centres; what is planned happens."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kb.sandbox.clock import MovableClock
from kb.sandbox.serve import Sandbox
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


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "explode"},
        {"beginDateUTC": "soon"},
        {"repeat": None},
        {"status": ""},
        {"expire": "afterDate"},
        {"expire": "afterCount"},
        {"customWeeklyDays": ["someday"]},
        {"beginDateUTC": "9999-12-31T00:00:00Z"},
    ],
)
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
    assert set(admin.get(path)) == {"groupId", "locationId", "links"}

    put = admin.send("PUT", path, {"policyId": "p1", "loadBalancerPool": {"id": "b1", "publicPort": 80}})

    assert (put.status_code, put.json()["policyId"]) == (200, "p1")
    assert admin.get(path) == put.json()
    assert admin.send("PUT", path, {"policyId": "p1"}).status_code == 400
    assert admin.send("DELETE", path).status_code == 204
    assert "policyId" not in admin.get(path)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(datetime(2026, 11, 22, 12, tzinfo=UTC), stopped=True)


@pytest.fixture
def later(clock: MovableClock) -> Iterator[Caller]:
    """A caller whose sandbox has a clock that only moves when told."""
    with Sandbox(clock=clock, pace=5) as sandbox, Caller(sandbox.url) as caller:
        yield caller


WEB = "/v2/servers/ABCD/VA1ABCDWEB01"


def test_an_activity_happens_when_its_time_has_come(later: Caller, clock: MovableClock) -> None:
    later.send("POST", f"{WEB}/scheduledActivities", PLAN)
    (upcoming,) = later.get(f"{WEB}/upcomingScheduledActivities")
    assert upcoming["nextOccurrenceDateUTC"] == "2026-11-23T19:41:00Z"

    clock.set(datetime(2026, 11, 23, 19, 40, tzinfo=UTC))
    assert later.get(WEB)["status"] == "active"
    clock.set(datetime(2026, 11, 23, 19, 41, 1, tzinfo=UTC))
    assert later.get(WEB)["status"] == "queuedForDelete"
    clock.advance(timedelta(seconds=5))

    assert later.http.get(WEB).status_code == 404


def test_what_was_missed_happens_in_order_and_as_of_its_own_time(later: Caller, clock: MovableClock) -> None:
    daily = {**PLAN, "repeat": "daily", "expire": "afterCount", "expireCount": "10"}
    off = later.send("POST", f"{WEB}/scheduledActivities", {**daily, "type": "shutdown"}).json()
    on = {**daily, "type": "poweron", "beginDateUTC": "2026-11-24T07:00:00Z"}
    later.send("POST", f"{WEB}/scheduledActivities", on)

    clock.set(datetime(2026, 12, 31, tzinfo=UTC))
    later.sign_in()

    done = later.get(off["links"][1]["href"])
    assert (done["occurrenceCount"], done["isExpired"]) == (10, True)
    assert done["lastOccurrenceDateUTC"] == "2026-12-02T19:41:00Z"
    assert "nextOccurrenceDateUTC" not in done
    server = later.get(WEB)
    assert server["details"]["powerState"] == "started"
    assert server["changeInfo"]["modifiedDate"] == "2026-12-03T07:00:05Z"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("archive", "archived"), ("pause", "paused"), ("shutdown", "stopped"), ("delete", None), ("reboot", "started")],
)
def test_a_plan_of_a_group_is_for_all_servers_below(
    later: Caller, clock: MovableClock, kind: str, expected: str | None
) -> None:
    shop = f"/v2/groups/ABCD/{later.groups()['Shop']['id']}"
    later.send("POST", f"{shop}/scheduledActivities", {**PLAN, "type": kind})

    clock.set(datetime(2026, 11, 24, tzinfo=UTC))

    for name in ("WEB01", "WEB02", "DB01"):
        answer = later.http.get(f"/v2/servers/ABCD/VA1ABCD{name}")
        found = answer.json() if expected else {}
        assert answer.status_code == (200 if expected else 404)
        assert expected in (None, found.get("status"), found.get("details", {}).get("powerState"))


def test_snapshots_are_planned_taken_and_dropped(later: Caller, clock: MovableClock) -> None:
    later.send("POST", f"{WEB}/scheduledActivities", {**PLAN, "type": "createsnapshot"})
    drop = {**PLAN, "type": "deletesnapshot", "beginDateUTC": "2026-11-25T00:00:00Z"}
    later.send("POST", f"{WEB}/scheduledActivities", drop)

    counts = []
    for day in (23, 24, 26):
        clock.set(datetime(2026, 11, day, 20 if day == 23 else 0, tzinfo=UTC))
        counts.append(len(later.get(WEB)["details"]["snapshots"]))

    assert counts == [1, 1, 0]


def test_a_snapshot_expires_after_its_days(later: Caller, clock: MovableClock) -> None:
    body = {"snapshotExpirationDays": 3, "serverIds": ["VA1ABCDWEB01"]}
    later.send("POST", "/v2/operations/ABCD/servers/createSnapshot", body)

    clock.advance(timedelta(days=3))
    assert len(later.get(WEB)["details"]["snapshots"]) == 1
    clock.advance(timedelta(minutes=1))

    assert later.get(WEB)["details"]["snapshots"] == []


def test_a_plan_whose_server_is_gone_is_forgotten(later: Caller, clock: MovableClock) -> None:
    later.send("POST", f"{WEB}/scheduledActivities", {**PLAN, "repeat": "daily", "type": "reboot"})
    later.send("DELETE", WEB)

    clock.set(datetime(2027, 11, 1, tzinfo=UTC))
    later.sign_in()

    assert later.http.get(WEB).status_code == 404
    assert later.http.get(f"{WEB}/scheduledActivities").status_code == 404


def test_plans_outlive_a_restart(tmp_path: Path, clock: MovableClock) -> None:
    state = tmp_path / "state.db"
    with Sandbox(clock=clock, state=state, pace=0) as sandbox, Caller(sandbox.url) as caller:
        caller.send("POST", f"{WEB}/scheduledActivities", PLAN)
    again = MovableClock(datetime(2026, 11, 24, tzinfo=UTC), stopped=True)

    with Sandbox(clock=again, state=state, pace=0) as sandbox, Caller(sandbox.url) as caller:
        assert caller.http.get(WEB).status_code == 404
