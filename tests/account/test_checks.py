"""The checks of roles and of the inventory."""

from typing import Any

import pytest

from kb.account.checks import CHECKS
from kb.checklist.check import Outcome, Verdict
from kb.errors import SignedOut
from tests.account.fake_api import (
    API,
    BASES,
    FakeApi,
    account_of,
    asked,
    empty_account,
    group,
    network,
    put,
    put_group,
    put_networks,
    server,
)


def role(roles: tuple[str, ...], **params: str) -> Verdict:
    api = FakeApi()
    with account_of(api, roles=roles) as account:
        said = CHECKS["account.has_role"].verdict(account, asked(params))
    assert api.asked == []
    return said


@pytest.mark.parametrize("roles", [("AccountAdmin",), ("ServerAdmin", "accountadmin")])
def test_a_user_with_the_role_passes(roles: tuple[str, ...]) -> None:
    said = role(roles, role="AccountAdmin")
    assert (said.outcome, said.message) == (Outcome.PASSED, "You are an Account Administrator of ABCD.")


@pytest.mark.parametrize("roles", [(), ("ServerAdmin",), ("AccountViewer", "BillingAdmin")])
def test_a_user_without_the_role_is_told_who_can(roles: tuple[str, ...]) -> None:
    said = role(roles, role="AccountAdmin")
    assert (said.outcome, said.reason) == (Outcome.FAILED, "RoleMissing")
    assert said.message == (
        "Your user pat.abcd is not an Account Administrator of ABCD. Ask an Account Administrator to sign in here and "
        "do this, or to give your user that role in the Control Portal; then sign in again."
    )


@pytest.mark.parametrize(
    ("wire", "words"), [("DNSManager", "a DNS Manager"), ("NetworkAdmin", "a Network Manager"), ("Other", "an Other")]
)
def test_a_role_is_called_as_the_portal_calls_it(wire: str, words: str) -> None:
    assert role((wire,), role=wire).message == f"You are {words} of ABCD."


def listed(api: FakeApi, **fields: Any) -> Verdict:
    with account_of(api, **fields) as account:
        return CHECKS["account.services_listed"].verdict(account, asked())


def test_a_complete_inventory_passes_with_its_cost() -> None:
    api = empty_account()
    put_group(api, "va1", group("va1-root", servers=[server("VA1ABCDWEB01")]))
    costs = {"groups": {"g": {"servers": {"va1abcdweb01": {"monthlyEstimate": 77.76}}}}}
    put(api, f"{API}/v2/groups/abcd/va1-root/billing", costs)
    put_networks(api, "uc1", [network("n2", 2)])
    said = listed(api)
    assert (said.outcome, said.reason) == (Outcome.PASSED, "ServicesListed")
    assert said.message == "We found 2 services: 1 server, 1 network. Together they cost about $122.76 a month."
    assert len(said.evidence) == 3


def test_unknown_costs_are_counted_and_never_guessed() -> None:
    api = empty_account()
    put_group(api, "va1", group("va1-root", servers=[server("VA1ABCDWEB01")]))
    put_networks(api, "uc1", [network("n2", 2)])
    assert "about $45.00 a month, without 1 whose cost is not known." in listed(api).message


def test_an_empty_inventory_passes() -> None:
    assert listed(empty_account()).message == "We found no service that is billed."


def test_a_gap_leaves_the_list_unknown() -> None:
    api = empty_account()
    put(api, f"{API}/v2-experimental/networks/abcd/uc1", 500)
    said = listed(api)
    assert (said.outcome, said.reason) == (Outcome.UNKNOWN, "SearchIncomplete")
    assert said.message == (
        "We found no service that is billed. We could not look everywhere. Not searched: networks in UC1. "
        "Check again in a few minutes."
    )


def test_a_service_that_this_site_cannot_ask_is_named() -> None:
    said = listed(empty_account(), bases={**BASES, "database": ""})
    assert said.outcome is Outcome.UNKNOWN
    assert said.message.endswith("This site cannot look for relational databases.")


def test_an_inventory_out_of_reach_is_unknown() -> None:
    said = listed(FakeApi({f"{API}/v2/datacenters/abcd?grouplinks=true".lower(): 500}))
    assert (said.outcome, said.reason, said.reached) == (Outcome.UNKNOWN, "Unreachable", False)
    assert said.account == ""


def test_a_withdrawn_token_is_raised_from_the_list() -> None:
    with pytest.raises(SignedOut):
        listed(FakeApi({f"{API}/v2/datacenters/abcd?grouplinks=true".lower(): 401}))


@pytest.mark.parametrize("name", ["account.has_role", "account.services_listed"])
def test_they_ask_the_reader_nothing(name: str) -> None:
    assert CHECKS[name].questions({}) == ()
