"""The database host: subscriptions from their making to their end, and what lies inside them."""

from collections.abc import Iterator

import pytest

from kb.sandbox.serve import Sandbox
from tests.sandbox.caller import VIEWER, Caller

ALL = "/_database/v1/ABCD/subscriptions"
NEW = {
    "instanceType": "MySQL",
    "location": "VA1",
    "externalId": "orders",
    "machineConfig": {"cpu": 2, "memory": 4, "storage": 10},
    "backupRetentionDays": 7,
    "users": [{"name": "admin", "password": "a-Strong-1"}],
    "backupTime": {"hour": 9, "minute": 15},
}


@pytest.fixture
def admin(sandbox: Sandbox) -> Iterator[Caller]:
    with Caller(sandbox.url) as caller:
        yield caller


@pytest.fixture
def made(admin: Caller) -> str:
    """The address of a new subscription."""
    answer = admin.send("POST", ALL, NEW)
    assert answer.status_code == 201
    return f"{ALL}/{answer.json()['id']}"


def test_a_subscription_has_the_members_of_the_documentation(admin: Caller, made: str) -> None:
    found = admin.get(made)

    assert set(found) == {
        "id", "location", "instanceType", "externalId", "status", "backupTime", "backupRetentionDays", "servers",
        "host", "port", "certificate", "backups",
    }  # fmt: skip
    assert (found["externalId"], found["backupTime"], found["status"]) == ("orders", "9:15", "Active")
    (server,) = found["servers"]
    assert (server["cpu"], server["memory"], server["storage"]) == (2, 4, 10)
    assert set(server) == {"id", "alias", "location", "cpu", "memory", "storage", "attributes", "connections"}


def test_a_new_one_is_configured_first(sandbox: Sandbox, admin: Caller) -> None:
    sandbox.world.pace = 3600

    assert admin.send("POST", ALL, NEW).json()["status"] == "Configuring"
    assert admin.get(f"{ALL}?status=CONFIGURING")[0]["externalId"] == "orders"


def test_the_number_of_a_deleted_one_does_not_come_back(admin: Caller, made: str) -> None:
    admin.send("DELETE", made)

    assert f"{ALL}/{admin.send('POST', ALL, NEW).json()['id']}" != made


def test_size_and_backups_are_changed_and_storage_does_not_shrink(admin: Caller, made: str) -> None:
    bigger = {"machineConfig": {"cpu": 4, "memory": 8, "storage": 20}, "backupRetentionDays": 3}
    smaller = {"machineConfig": {"cpu": 4, "memory": 8, "storage": 5}}

    assert admin.send("PATCH", made, bigger).json()["servers"][0]["storage"] == 20
    assert admin.send("PATCH", made, smaller).status_code == 400
    assert admin.get(made)["backupRetentionDays"] == 3


def test_backups_are_made_restored_and_deleted(admin: Caller, made: str) -> None:
    assert admin.send("POST", f"{made}/backups").status_code == 202
    (backup,) = admin.get(f"{made}/backups")
    own = f"{made}/backups/{backup['id']}"

    assert (backup["backupType"], isinstance(backup["backupTime"], int)) == ("Manual", True)
    assert admin.send("POST", f"{own}/operations", {"type": "restore"}).status_code == 202
    assert admin.send("DELETE", own).status_code == 202
    assert admin.send("DELETE", own).status_code == 404


def test_notifications_are_made_verified_changed_and_deleted(admin: Caller, made: str) -> None:
    wanted = {"destinationType": "EMAIL", "recipient": "a@shop.example", "notificationTypes": ["CPU_UTILIZATION"]}
    first = admin.send("POST", f"{made}/notifications", wanted).json()
    own = f"{made}/notifications/{first['id']}"

    assert admin.send("POST", f"{own}/operations", {"type": "verify", "token": "t"}).status_code == 204
    assert admin.send("PUT", own, {**wanted, "recipient": "b@shop.example"}).status_code == 200
    assert admin.get(f"{made}/notifications") == [{**first, "recipient": "b@shop.example", "verified": True}]
    assert admin.send("DELETE", own).status_code == 204
    assert admin.get(f"{made}/notifications") == []


def test_the_certificate_is_a_file(admin: Caller, made: str) -> None:
    answer = admin.http.get(f"{made}/certificate")

    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="orders.pem"'


def test_only_a_replicated_one_fails_over(admin: Caller, made: str) -> None:
    twin = admin.send("POST", ALL, {**NEW, "instanceType": "MySQL_REPLICATION"}).json()["id"]

    assert admin.send("POST", f"{made}/operations", {"type": "failover"}).status_code == 400
    assert admin.send("POST", f"{ALL}/{twin}/operations", {"type": "failover"}).status_code == 202


def test_the_history_tells_who_did_what_the_newest_first(admin: Caller, made: str) -> None:
    admin.send("DELETE", made)

    told = admin.get("/_database/v1/ABCD/history")
    assert [each["message"] for each in told] == ["orders: deleted.", "orders: created."]
    assert {each["user"] for each in told} == {"alex.abcd"}
    assert admin.get(f"/_database/v1/ABCD/history?subscriptionId={made.rpartition('/')[2]}") == told
    assert admin.get("/_database/v1/ABCD/history?subscriptionId=1") == []


def test_where_subscriptions_can_be_made_and_what_is_promoted(admin: Caller) -> None:
    assert [each["dataCenter"] for each in admin.get("/_database/v1/datacenters")] == ["UC1", "VA1"]
    assert admin.get("/_database/v1/ABCD/promotions") == []


@pytest.mark.parametrize(
    "wrong",
    [{"instanceType": "Odd"}, {"location": "XX1"}, {"users": []}, {"machineConfig": {"cpu": 1}}, {"externalId": ""}],
)
def test_wrong_subscriptions_are_refused(admin: Caller, wrong: dict[str, object]) -> None:
    assert admin.send("POST", ALL, {**NEW, **wrong}).status_code == 400


def test_a_viewer_makes_none(sandbox: Sandbox) -> None:
    with Caller(sandbox.url, VIEWER) as viewer:
        assert viewer.send("POST", ALL, NEW).status_code == 403
