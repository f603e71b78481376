"""What recordings of the real API show of servers, over raw HTTP; see rules.md."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from kb.sandbox.clock import MovableClock
from kb.sandbox.serve import Sandbox
from tests.sandbox.caller import Caller, rels, server_ids

WEB = "/v2/servers/ABCD/VA1ABCDWEB01"


@pytest.fixture
def busy() -> Iterator[Caller]:
    """An account with something of everything."""
    clock = MovableClock(datetime(2026, 2, 1, tzinfo=UTC), stopped=True)
    with Sandbox(scenario="busy", clock=clock, pace=0) as sandbox, Caller(sandbox.url) as caller:
        yield caller


def test_the_details_of_a_server_have_the_members_of_the_wire(admin: Caller) -> None:
    details = admin.get("/v2/servers/ABCD/VA1ABCDDB01")["details"]

    assert set(details) == {
        "ipAddresses", "secondaryIPAddresses", "alertPolicies", "cpu", "diskCount", "hostName", "inMaintenanceMode",
        "memoryMB", "powerState", "storageGB", "disks", "partitions", "snapshots", "customFields",
    }  # fmt: skip
    assert details["secondaryIPAddresses"] == []
    assert set(details["disks"][0]) == {"id", "sizeGB", "partitionPaths"}
    assert details["disks"][0]["id"] == "0:0"
    assert set(details["partitions"][0]) == {"sizeGB", "path"}
    assert details["diskCount"] == len(details["disks"])
    assert details["storageGB"] == sum(each["sizeGB"] for each in details["disks"])


@pytest.mark.parametrize(
    ("server", "power"), [("VA1ABCDWEB01", "started"), ("VA1ABCDMAIL01", "stopped"), ("VA1ABCDTEST01", "paused")]
)
def test_a_server_is_started_stopped_or_paused(busy: Caller, server: str, power: str) -> None:
    assert busy.get(f"/v2/servers/ABCD/{server}")["details"]["powerState"] == power


@pytest.mark.parametrize(
    ("server", "kind", "storage"),
    [
        ("VA1ABCDWEB01", "standard", "standard"),
        ("VA1ABCDDB01", "standard", "premium"),
        ("VA1ABCDCACHE01", "hyperscale", "hyperscale"),
    ],
)
def test_kinds_of_servers_and_storage(busy: Caller, server: str, kind: str, storage: str) -> None:
    found = busy.get(f"/v2/servers/ABCD/{server}")

    assert (found["type"], found["storageType"]) == (kind, storage)


def test_archiving_many_servers_answers_200_with_one_item_each(busy: Caller) -> None:
    ids = ["VA1ABCDWEB01", "VA1ABCDWEB02", "VA1ABCDWEB03"]

    answer = busy.send("POST", "/v2/operations/ABCD/servers/archive", ids)

    assert answer.status_code == 200
    assert sorted(each["server"].upper() for each in answer.json()) == ids
    assert all(each["isQueued"] and rels(each) == ["status"] for each in answer.json())


def test_a_server_in_the_making_is_told_with_its_status_and_itself_by_uuid(admin: Caller) -> None:
    body = {"name": "NEW", "groupId": admin.groups()["Shop"]["id"], "sourceServerId": "UBUNTU-64-TEMPLATE"}

    answer = admin.send("POST", "/v2/servers/ABCD", body)

    assert (answer.status_code, rels(answer.json())) == (202, ["status", "self"])
    assert re.search(r"/[0-9a-f]{32}\?uuid=True$", answer.json()["links"][1]["href"])


@pytest.mark.parametrize(("member", "value"), [("groupId", "GROUP"), ("description", "words")])
def test_group_and_description_are_set_at_once_with_204(admin: Caller, member: str, value: str) -> None:
    wanted = admin.groups()["Default Group"]["id"] if value == "GROUP" else value

    answer = admin.send("PATCH", WEB, [{"op": "set", "member": member, "value": wanted}])

    assert (answer.status_code, answer.content) == (204, b"")
    assert admin.get(WEB)[member] == wanted


def test_the_number_of_a_snapshot_is_small_and_only_its_links_tell_it(admin: Caller) -> None:
    (snapshot,) = admin.get("/v2/servers/ABCD/VA1ABCDDB01")["details"]["snapshots"]

    assert set(snapshot) == {"name", "links"}
    assert re.search(r"/snapshots/\d{1,3}$", snapshot["links"][1]["href"])


def test_names_follow_the_convention_with_dashes_and_three_digits(admin: Caller) -> None:
    body = {"name": "SRV-", "groupId": admin.groups()["Shop"]["id"], "sourceServerId": "UBUNTU"}
    made = [admin.send("POST", "/v2/servers/ABCD", body).json() for _ in range(2)]

    assert [admin.get(each["links"][1]["href"])["name"] for each in made] == ["VA1ABCDSRV-01", "VA1ABCDSRV-02"]


def test_every_name_of_two_thousand_fits_the_convention() -> None:
    convention = re.compile(r"[A-Z]{2}[0-9]ABCD[A-Z0-9-]{1,8}?(0[1-9]|[1-9][0-9]{1,3})")

    with Sandbox(scenario="fleet", pace=0) as sandbox, Caller(sandbox.url) as caller:
        names = [name for group in caller.groups().values() for name in server_ids(group)]

    assert len(names) > 100
    assert all(convention.fullmatch(name) for name in names)
    assert max(map(len, names)) <= 16
