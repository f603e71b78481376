"""Operations on many servers at once."""

from datetime import timedelta
from typing import Any

import pytest

from kb.sandbox.serve import Sandbox
from tests.sandbox.caller import Caller, server_ids

WEB = ["VA1ABCDWEB01", "va1abcdweb02"]
ALREADY = "The server already in desired state."
NOT_VALID = "The operation cannot be queued because the server cannot be found or it is not in a valid state."


@pytest.mark.parametrize(
    ("verb", "state"),
    [
        ("powerOff", "stopped"),
        ("shutDown", "stopped"),
        ("pause", "paused"),
        ("reboot", "started"),
        ("reset", "started"),
    ],
)
def test_power_operations_answer_200_with_one_item_for_each_server(admin: Caller, verb: str, state: str) -> None:
    answer = admin.send("POST", f"/v2/operations/ABCD/servers/{verb}", WEB)

    assert answer.status_code == 200
    assert {each["server"] for each in answer.json()} == {"va1abcdweb01", "va1abcdweb02"}
    for each in answer.json():
        assert each["isQueued"] is True
        assert admin.status(each["links"][0]["id"]) == "succeeded"
    assert _state(admin, "VA1ABCDWEB01") == state


def test_powering_on_what_is_off(admin: Caller) -> None:
    admin.send("POST", "/v2/operations/abcd/servers/poweron", ["VA1ABCDMAIL01"])

    assert _state(admin, "VA1ABCDMAIL01") == "started"


@pytest.mark.parametrize(
    ("verb", "ids", "status", "texts"),
    [
        ("powerOff", ["VA1ABCDMAIL01"], 200, [ALREADY]),
        ("powerOn", ["VA1ABCDWEB01"], 200, [ALREADY]),
        ("reboot", ["VA1ABCDMAIL01"], 400, [NOT_VALID]),
        ("powerOn", ["VA1ABCDOLDWEB01"], 400, [NOT_VALID]),
        ("powerOn", ["VA1ABCDNONE01"], 400, [NOT_VALID]),
        ("powerOff", ["VA1ABCDNONE01", "VA1ABCDWEB01"], 200, [NOT_VALID, None]),
        ("archive", ["VA1ABCDOLDWEB01"], 200, [ALREADY]),
        ("archive", ["VA1ABCDVPN01"], 400, [NOT_VALID]),
    ],
)
def test_what_is_not_queued_says_why_in_the_texts_that_clients_know(
    admin: Caller, verb: str, ids: list[str], status: int, texts: list[str | None]
) -> None:
    answer = admin.send("POST", f"/v2/operations/ABCD/servers/{verb}", ids)

    assert answer.status_code == status
    assert [each.get("errorMessage") for each in answer.json()] == texts
    assert [each["isQueued"] for each in answer.json()] == [text is None for text in texts]


def test_archiving_moves_servers_into_the_archive_group(admin: Caller) -> None:
    admin.send("POST", "/v2/operations/ABCD/servers/archive", WEB)

    assert {"VA1ABCDWEB01", "VA1ABCDWEB02"} < set(server_ids(admin.groups()["Archive"]))
    assert server_ids(admin.groups()["Shop"]) == []
    assert admin.get("/v2/servers/ABCD/VA1ABCDWEB01")["status"] == "archived"


def test_maintenance_is_started_and_stopped(admin: Caller) -> None:
    for verb, expected in [("startMaintenance", True), ("stopMaintenance", False)]:
        admin.send("POST", f"/v2/operations/ABCD/servers/{verb}", ["VA1ABCDWEB01"])
        assert admin.get("/v2/servers/ABCD/VA1ABCDWEB01")["details"]["inMaintenanceMode"] is expected
    body = {"servers": [{"id": "VA1ABCDWEB01", "inMaintenanceMode": True}]}
    admin.send("POST", "/v2/operations/ABCD/servers/setMaintenance", body)

    assert admin.get("/v2/servers/ABCD/VA1ABCDWEB01")["details"]["inMaintenanceMode"] is True


@pytest.mark.parametrize("form", [False, True])
def test_a_snapshot_is_made_from_json_or_a_form(admin: Caller, form: bool) -> None:
    body: dict[str, Any] = {"snapshotExpirationDays": 10, "serverIds": ["VA1ABCDWEB01"]}
    path = "/v2/operations/ABCD/servers/createSnapshot"

    answer = admin.http.post(path, data=body) if form else admin.http.post(path, json=body)

    assert answer.status_code == 200
    assert len(admin.get("/v2/servers/ABCD/VA1ABCDWEB01")["details"]["snapshots"]) == 1


def test_a_second_snapshot_is_not_queued(admin: Caller) -> None:
    body = {"snapshotExpirationDays": 10, "serverIds": ["VA1ABCDDB01"]}

    assert admin.send("POST", "/v2/operations/ABCD/servers/createSnapshot", body).status_code == 400


@pytest.mark.parametrize(
    ("verb", "body", "status"),
    [
        ("powerOn", {}, 400),
        ("powerOn", "VA1ABCDWEB01", 400),
        ("powerOn", [1], 400),
        ("createSnapshot", {"serverIds": ["VA1ABCDWEB01"], "snapshotExpirationDays": 11}, 400),
        ("createSnapshot", {}, 400),
        ("setMaintenance", {"servers": "all"}, 400),
        ("explode", ["VA1ABCDWEB01"], 404),
    ],
)
def test_wrong_operations_are_refused(admin: Caller, verb: str, body: object, status: int) -> None:
    assert admin.send("POST", f"/v2/operations/ABCD/servers/{verb}", body).status_code == status


def test_operations_advance_with_time_and_not_with_polls(sandbox: Sandbox, admin: Caller) -> None:
    sandbox.world.pace = 3600

    answer = admin.send("POST", "/v2/operations/ABCD/servers/powerOff", ["VA1ABCDWEB01"]).json()

    for _ in range(5):
        assert admin.status(answer[0]["links"][0]["id"]) == "notStarted"
    assert _state(admin, "VA1ABCDWEB01") == "started"


def test_an_unknown_operation_is_404(admin: Caller) -> None:
    assert admin.http.get("/v2/operations/ABCD/status/va1-7").status_code == 404
    missing = admin.http.get("/v2-experimental/operations/ABCD/status/7")
    assert (missing.status_code, missing.json()) == (404, {"message": "The requested resource does not exist."})


def _state(admin: Caller, server: str) -> str:
    return str(admin.get(f"/v2/servers/ABCD/{server}")["details"]["powerState"])


def test_servers_that_are_archived_together_share_one_status(admin: Caller) -> None:
    asked = [*WEB, "UC1ABCDRPT01", "VA1ABCDOLDWEB01", "VA1ABCDNONE01"]

    answer = admin.send("POST", "/v2/operations/ABCD/servers/archive", asked)

    told = {each["server"]: each for each in answer.json()}
    jobs = {name: each["links"][0]["id"] for name, each in told.items() if each["isQueued"]}
    assert jobs["va1abcdweb01"] == jobs["va1abcdweb02"] != jobs["uc1abcdrpt01"]
    assert told["va1abcdoldweb01"]["errorMessage"] == ALREADY
    assert told["va1abcdnone01"]["errorMessage"] == NOT_VALID
    assert admin.get("/v2/servers/ABCD/UC1ABCDRPT01")["status"] == "archived"


@pytest.mark.parametrize(
    ("spec", "on_the_way", "at_the_end", "experimental"),
    [
        ("jobs", "executing", "failed", "failed"),
        ("jobs:unknown", "executing", "unknown", "failed"),
        ("jobs:resumed", "resumed", "succeeded", "succeeded"),
    ],
)
def test_jobs_end_as_the_faults_say(
    sandbox: Sandbox, admin: Caller, spec: str, on_the_way: str, at_the_end: str, experimental: str
) -> None:
    sandbox.set_faults(spec)
    sandbox.world.pace = 1000
    job = admin.send("DELETE", "/v2/servers/ABCD/VA1ABCDWEB01").json()["links"][0]["id"]
    claim = admin.send("POST", "/v2-experimental/networks/ABCD/GB3/claim").json()["uri"]

    told = [admin.status(job)]
    for seconds in (500, 600):
        sandbox.clock.advance(timedelta(seconds=seconds))
        told.append(admin.status(job))

    assert told == ["notStarted", on_the_way, at_the_end]
    assert admin.get(claim)["status"] == experimental
    found = admin.http.get("/v2/servers/ABCD/VA1ABCDWEB01")
    assert (found.status_code == 404) == (at_the_end == "succeeded")


@pytest.mark.parametrize(("verb", "path"), [("DELETE", ""), ("POST", "/archive"), ("POST", "/restore")])
def test_a_group_whose_work_fails_has_its_servers_back(sandbox: Sandbox, admin: Caller, verb: str, path: str) -> None:
    group = admin.groups()["Archive" if path == "/restore" else "Shop"]["id"]
    before = admin.get(f"/v2/groups/ABCD/{admin.root()}?serverDetail=detailed")
    sandbox.set_faults("jobs")

    body = {"targetGroupId": admin.groups()["Shop"]["id"]}
    assert admin.send(verb, f"/v2/groups/ABCD/{group}{path}", body if path else None).status_code == 202

    assert admin.get(f"/v2/groups/ABCD/{admin.root()}?serverDetail=detailed") == before
