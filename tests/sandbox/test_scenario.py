"""Scenarios: those that come with kb all start, wrong ones are refused with the place of the fault."""

from pathlib import Path

import pytest

from kb.sandbox.errors import ScenarioInvalid
from kb.sandbox.scenario import names, read_scenario
from kb.sandbox.serve import Sandbox
from tests.sandbox.caller import Caller, server_ids


@pytest.mark.parametrize("name", names())
def test_every_scenario_starts_and_its_users_sign_in(name: str) -> None:
    with Sandbox(scenario=name, pace=0, faults="slow:0") as sandbox:
        for user, password, _ in read_scenario(name).users:
            Caller(sandbox.url, (user, password)).close()


def test_the_empty_account_holds_only_its_own_vpn_server_and_network() -> None:
    with Sandbox(scenario="empty", pace=0) as sandbox:
        caller = Caller(sandbox.url)
        groups, networks = caller.groups(), caller.get("/v2-experimental/networks/ABCD/VA1")
        claimed = caller.get(networks[0]["links"][1]["href"])
        invoice = caller.get("/v2/invoice/ABCD/2020/1")
        caller.close()

    assert [server_ids(group) for group in groups.values()] == [[]] * 4
    assert len(networks) == 1
    assert [each["server"] for each in claimed] == ["VA1ABCDVPN01"]
    assert invoice["totalAmount"] == 0


def test_vpn_servers_of_the_customers_own_are_in_default_groups_and_billed() -> None:
    with Sandbox(scenario="own-vpn", pace=0) as sandbox:
        caller = Caller(sandbox.url)
        found = {dc: server_ids(caller.groups(dc)["Default Group"]) for dc in ("VA1", "UC1")}
        root = caller.get(f"/v2/groups/ABCD/{caller.root()}/billing")["groups"]
        caller.close()

    assert found == {"VA1": ["VA1ABCDVPN02", "VA1ABCDOVPN03"], "UC1": ["UC1ABCDVPN01"]}
    billed = {name: costs for group in root.values() for name, costs in group["servers"].items()}
    assert billed["va1abcdvpn02"]["monthlyEstimate"] > 0
    assert billed["va1abcdovpn03"]["monthlyEstimate"] > 0


def test_neither_of_two_networks_names_the_vpn_server() -> None:
    with Sandbox(scenario="two-networks", pace=0) as sandbox:
        caller = Caller(sandbox.url)
        networks = caller.get("/v2-experimental/networks/ABCD/VA1")
        claimed = [caller.get(each["links"][1]["href"]) for each in networks]
        caller.close()

    assert claimed == [[], []]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title: t", "accounts"),
        ("title: t\naccounts: [{alias: ABCD, name: n, primary: XX1}]", r"accounts\[0\]\.primary"),
        ("title: t\naccounts: [{alias: ABCD, name: n, primary: VA1, colour: red}]", "colour"),
        ("title: [", "cannot be read"),
        (
            "title: t\naccounts: [{alias: ABCD, name: n, primary: VA1, items: [{kind: schedule, id: a, body: {}}]}]",
            r"items\[0\]\.body",
        ),
        ("- a\n- b", "object"),
    ],
)
def test_a_wrong_scenario_is_refused_with_the_place(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(text)

    with pytest.raises(ScenarioInvalid, match=message):
        Sandbox(scenario=str(file))
