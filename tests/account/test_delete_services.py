"""Deleting what is still billed."""

from typing import Any

import httpx
import pytest

from kb.account.actions import ACTIONS
from kb.checklist.check import Progressed, Target
from kb.errors import Forbidden, SignedOut, Unreachable
from tests.account.fake_api import (
    API,
    DB,
    LB,
    FakeApi,
    account_of,
    asked,
    empty_account,
    group,
    network,
    put_group,
    put_networks,
    server,
    with_public_ip,
)

DELETE = ACTIONS["account.delete_services"]
SERVER = Target("server:va1abcdweb01", "server", "VA1ABCDWEB01", "VA1", "")
NETWORK = Target("network:n2", "network", "vlan_2", "UC1", "", 1)
IP = Target("public-ip:va1abcdweb01/203.0.113.7", "public IP address", "203.0.113.7", "VA1", "")
SHARED = Target("shared-load-balancer:s1", "shared load balancer", "lb", "VA1", "")
BALANCER = Target("load-balancer:l1", "load balancer", "lb", "VA1", "")
VPN = Target("vpn:ab12", "site-to-site VPN", "Office", "VA1", "")
DATABASE = Target("database:7", "relational database", "orders", "VA1", "")

STATUS = {"rel": "status", "href": "/v2/operations/abcd/status/va1-1001", "id": "va1-1001"}
QUEUED = {"server": "va1abcdweb01", "isQueued": True, "links": [STATUS]}
FOLLOW = "api /v2/operations/abcd/status/va1-1001"


def plan(api: FakeApi, params: dict[str, Any] | None = None, answers: dict[str, str] | None = None) -> list[Target]:
    with account_of(api) as account:
        return list(DELETE.plan(account, asked(params, answers)))


def carry_out(api: FakeApi, target: Target) -> Progressed:
    with account_of(api) as account:
        return DELETE.carry_out(account, target)


def follow(api: FakeApi, target: Target, operation: str) -> Progressed:
    with account_of(api) as account:
        return DELETE.follow(account, target, operation)


def test_the_plan_has_all_that_is_left_and_networks_last() -> None:
    api = empty_account()
    archived = server("VA1ABCDOLD01", "stopped", status="archived")
    put_group(
        api, "va1", group("va1-root", servers=[server("VA1ABCDWEB01")], groups=[group("a", "archive", [archived])])
    )
    put_networks(api, "uc1", [network("n2", 2)])
    assert [(target.id, target.phase) for target in sorted(plan(api), key=lambda target: target.phase)] == [
        ("server:va1abcdold01", 0),
        ("server:va1abcdweb01", 0),
        ("network:n2", 1),
    ]


def test_the_confirmation_says_what_goes_with_a_server() -> None:
    api = empty_account()
    put_group(api, "va1", group("va1-root", servers=[with_public_ip(server("VA1ABCDWEB01"), "203.0.113.7")]))
    targets = plan(api)
    assert [target.id for target in targets] == ["server:va1abcdweb01"]
    assert targets[0].consequence == "deleted with its 2 disks and 1 public IP address; cannot be undone"


def test_a_public_address_is_planned_when_its_server_is_not() -> None:
    api = empty_account()
    put_group(api, "va1", group("va1-root", servers=[with_public_ip(server("VA1ABCDWEB01"), "203.0.113.7")]))
    assert [target.id for target in plan(api, {"kinds": ["public-ip"]})] == [IP.id]


def test_what_is_ignored_or_unsure_is_never_planned() -> None:
    api = empty_account()
    vpn = with_public_ip(server("VA1ABCDVPN01"), "203.0.113.1")
    put_group(api, "va1", group("va1-root", groups=[group("system", "system", [vpn])]))
    put_networks(api, "va1", [network("n1", 1), network("n2", 2)])
    assert plan(api) == []


def test_a_network_that_the_reader_named_is_planned_and_the_own_one_is_not() -> None:
    api = empty_account()
    put_networks(api, "va1", [network("n1", 1), network("n2", 2)])
    assert [target.id for target in plan(api, answers={"network:n1": "nothing"})] == ["network:n2"]
    assert [target.id for target in plan(api, answers={"network:n2": "something"})] == ["network:n2"]


def test_what_is_already_being_deleted_or_cannot_be_is_not_planned() -> None:
    api = empty_account()
    going = with_public_ip(server("VA1ABCDWEB01", status="queuedForDelete"), "203.0.113.7")
    put_group(api, "va1", group("va1-root", servers=[going]))
    assert plan(api) == []


@pytest.mark.parametrize(("reply", "error"), [(500, Unreachable), (401, SignedOut), (403, Forbidden)])
def test_planning_without_an_account_raises(reply: int, error: type[Exception]) -> None:
    with pytest.raises(error):
        plan(FakeApi({f"{API}/v2/datacenters/abcd?grouplinks=true".lower(): reply}))


@pytest.mark.parametrize(
    ("target", "route", "reply", "expected"),
    [
        (SERVER, "DELETE https://api.example/v2/servers/abcd/va1abcdweb01", (202, QUEUED), ("running", FOLLOW)),
        (
            IP,
            "DELETE https://api.example/v2/servers/abcd/va1abcdweb01/publicipaddresses/203.0.113.7",
            (202, STATUS),
            ("running", FOLLOW),
        ),
        (NETWORK, "POST https://api.example/v2-experimental/networks/abcd/uc1/n2/release", 204, ("done", "")),
        (NETWORK, "POST https://api.example/v2-experimental/networks/abcd/uc1/n2/release", (200, {}), ("done", "")),
        (SHARED, "DELETE https://api.example/v2/sharedloadbalancers/abcd/va1/s1", 204, ("done", "")),
        (
            BALANCER,
            "DELETE https://lb.example/abcd/va1/loadbalancers/l1",
            (202, {"id": "r1", "status": "ACTIVE", "links": [{"rel": "loadbalancer", "href": "", "resourceId": "l1"}]}),
            ("running", "load_balancer /ABCD/VA1/loadbalancers/requests/r1"),
        ),
        (VPN, "DELETE https://api.example/v2/sitetositevpn/ab12?account=abcd", (200, "54851"), ("running", "reread")),
        (DATABASE, "DELETE https://db.example/v1/abcd/subscriptions/7", 204, ("running", "reread")),
    ],
)
def test_each_kind_has_its_one_request(target: Target, route: str, reply: Any, expected: tuple[str, str]) -> None:
    api = FakeApi({route.lower(): reply})
    progressed = carry_out(api, target)
    assert (progressed.state, progressed.operation) == expected
    assert api.asked == [route.lower()]


@pytest.mark.parametrize(
    ("reply", "state", "message"),
    [
        (404, "done", "It was already gone."),
        (
            (403, {"message": "Denied."}),
            "refused",
            "An Account Administrator, a Server Administrator or a Server Operator can delete this. Your user may not.",
        ),
        ((400, {"message": "Not now."}), "refused", "Not now."),
        (400, "refused", "The account API refused it (400)."),
        (
            (202, {"isQueued": False, "errorMessage": "The operation cannot be queued because …"}),
            "refused",
            "The operation cannot be queued because …",
        ),
        (
            httpx.ConnectError("no"),
            "refused",
            "The account API could not be reached, so nothing was sent. Try again later.",
        ),
        (
            httpx.ReadTimeout("late"),
            "unknown",
            "We do not know whether the request arrived. We look again before anything else.",
        ),
        (500, "unknown", "We do not know whether the request arrived. We look again before anything else."),
    ],
)
def test_a_request_is_sent_once_and_its_fate_is_told(reply: Any, state: str, message: str) -> None:
    api = FakeApi({"delete https://api.example/v2/servers/abcd/va1abcdweb01": reply})
    progressed = carry_out(api, SERVER)
    assert (progressed.state, progressed.message, progressed.operation) == (state, message, "")
    assert len(api.asked) == 1


def test_already_in_desired_state_is_looked_at_again() -> None:
    said = {"isQueued": False, "errorMessage": "The server already in desired state."}
    progressed = carry_out(FakeApi({"delete https://api.example/v2/servers/abcd/va1abcdweb01": said}), SERVER)
    assert (progressed.state, progressed.operation) == ("running", "reread")


@pytest.mark.parametrize(
    "target", [Target("backup:p/s", "stored backup", "b", "", ""), Target("dns:1", "zone", "", "", "")]
)
def test_what_it_cannot_delete_is_refused_and_nothing_is_sent(target: Target) -> None:
    api = FakeApi()
    assert carry_out(api, target).state == "refused"
    assert api.asked == []


def test_a_name_never_leads_the_request_elsewhere() -> None:
    api = FakeApi()
    carry_out(api, Target("server:../../v2/groups/abcd/root?x", "server", "", "VA1", ""))
    assert api.seen[0].url.raw_path == b"/v2/servers/ABCD/..%2F..%2Fv2%2Fgroups%2Fabcd%2Froot%3Fx"


@pytest.mark.parametrize("call", [lambda api: carry_out(api, SERVER), lambda api: follow(api, SERVER, FOLLOW)])
def test_only_a_withdrawn_token_is_raised(call: Any) -> None:
    def withdrawn(request: httpx.Request) -> httpx.Response:
        return httpx.Response(401)

    with pytest.raises(SignedOut):
        call(withdrawn)


@pytest.mark.parametrize(
    ("status", "state", "operation"),
    [
        ("notStarted", "running", FOLLOW),
        ("executing", "running", FOLLOW),
        ("resumed", "running", FOLLOW),
        ("succeeded", "done", ""),
        ("failed", "refused", ""),
        ("unknown", "running", "reread"),
    ],
)
def test_an_operation_is_followed_to_its_end(status: str, state: str, operation: str) -> None:
    api = FakeApi({f"{API}/v2/operations/abcd/status/va1-1001".lower(): {"status": status}})
    progressed = follow(api, SERVER, FOLLOW)
    assert (progressed.state, progressed.operation) == (state, operation)


@pytest.mark.parametrize(("status", "state"), [("ACTIVE", "running"), ("COMPLETE", "done"), ("FAILED", "refused")])
def test_a_load_balancer_request_is_followed_on_its_own_host(status: str, state: str) -> None:
    api = FakeApi({f"{LB}/abcd/va1/loadbalancers/requests/r1".lower(): {"id": "r1", "status": status}})
    assert follow(api, BALANCER, "load_balancer /ABCD/VA1/loadbalancers/requests/r1").state == state


@pytest.mark.parametrize("reply", [500, httpx.ReadTimeout("late"), (400, {})])
def test_an_operation_that_cannot_be_asked_now_is_asked_again_later(reply: Any) -> None:
    api = FakeApi({f"{API}/v2/operations/abcd/status/va1-1001".lower(): reply})
    progressed = follow(api, SERVER, FOLLOW)
    assert (progressed.state, progressed.operation) == ("running", FOLLOW)


def test_an_operation_that_the_api_forgot_is_told_by_the_thing_itself() -> None:
    assert follow(FakeApi(), SERVER, FOLLOW).operation == "reread"


@pytest.mark.parametrize(
    ("target", "route", "reply", "operation", "state"),
    [
        (SERVER, f"{API}/v2/servers/abcd/va1abcdweb01", 404, "", "done"),
        (SERVER, f"{API}/v2/servers/abcd/va1abcdweb01", server("VA1ABCDWEB01"), "", "refused"),
        (SERVER, f"{API}/v2/servers/abcd/va1abcdweb01", server("X", status="queuedForDelete"), "", "running"),
        (SERVER, f"{API}/v2/servers/abcd/va1abcdweb01", 500, "", "unknown"),
        (NETWORK, f"{API}/v2-experimental/networks/abcd/uc1/n2", 404, "", "done"),
        (NETWORK, f"{API}/v2-experimental/networks/abcd/uc1/n2", network("n2", 2), "", "refused"),
        (SHARED, f"{API}/v2/sharedloadbalancers/abcd/va1/s1", {"status": "deleted"}, "", "done"),
        (VPN, f"{API}/v2/sitetositevpn/ab12?account=abcd", {"id": "AB12"}, "reread", "running"),
        (VPN, f"{API}/v2/sitetositevpn/ab12?account=abcd", 404, "reread", "done"),
        (DATABASE, f"{DB}/abcd/subscriptions/7", {"status": "Active"}, "reread", "running"),
        (DATABASE, f"{DB}/abcd/subscriptions/7", {"status": "Deleted"}, "reread", "done"),
    ],
)
def test_an_unknown_outcome_is_read_again_and_never_sent_again(
    target: Target, route: str, reply: Any, operation: str, state: str
) -> None:
    api = FakeApi({route.lower(): reply})
    assert follow(api, target, operation).state == state
    assert {request.method for request in api.seen} == {"GET"}
