"""Invoices, group billing and server pricing."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kb.sandbox.clock import MovableClock
from kb.sandbox.serve import Sandbox
from tests.sandbox.caller import Caller

START = datetime(2026, 7, 10, 12, tzinfo=UTC)
HOURS_IN_JULY = 744


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(START, stopped=True)


@pytest.fixture
def timed(clock: MovableClock) -> Iterator[Caller]:
    with Sandbox(clock=clock, pace=0) as sandbox, Caller(sandbox.url) as caller:
        yield caller


def test_an_invoice_has_the_fields_of_the_wire_and_no_nulls(timed: Caller) -> None:
    invoice = timed.get("/v2/invoice/abcd/2026/7")

    assert set(invoice) == {
        "id", "terms", "companyName", "accountAlias", "pricingAccountAlias", "address1", "city", "stateProvince",
        "postalCode", "billingContactEmail", "invoiceCCEmail", "totalAmount", "invoiceDate", "lineItems",
    }  # fmt: skip
    assert invoice["invoiceDate"] == "2026-08-01T00:00:00Z"
    assert invoice["id"].startswith("ABCD")
    assert len(invoice["id"]) == 12


@pytest.mark.parametrize("name", ["pricingAccount", "pricingAccountAlias", "PRICINGACCOUNTALIAS"])
def test_both_spellings_of_the_pricing_account_are_taken(timed: Caller, name: str) -> None:
    assert timed.get(f"/v2/invoice/ABCD/2026/7?{name}=PAR")["pricingAccountAlias"] == "PAR"


def test_december_is_invoiced_in_january(timed: Caller) -> None:
    assert timed.get("/v2/invoice/ABCD/2025/12")["invoiceDate"] == "2026-01-01T00:00:00Z"


@pytest.mark.parametrize("month", ["2020/1", "2026/8", "2030/12"])
def test_a_month_without_usage_is_an_empty_invoice(timed: Caller, month: str) -> None:
    invoice = timed.get(f"/v2/invoice/ABCD/{month}")

    assert (invoice["totalAmount"], invoice["lineItems"]) == (0, [])


@pytest.mark.parametrize("month", ["2026/0", "2026/13", "26/7", "2026/x", "x/7"])
def test_what_is_no_month_is_refused(timed: Caller, month: str) -> None:
    assert timed.http.get(f"/v2/invoice/ABCD/{month}").status_code == 400


def test_everything_that_is_billed_has_its_line_and_the_own_vpn_has_none(timed: Caller) -> None:
    lines = _lines(timed)

    assert set(lines) == {
        "Additional Networks - VA1", "Additional Networks - UC1", "Archived Servers - VA1",
        "External IP Address (VA1)", "Server Group: Databases - VA1", "Server Group: Default Group - VA1",
        "Server Group: Shop - VA1", "Server Group: Default Group - UC1", "Shared Load Balancer - VA1",
        "Load Balancer - UC1", "Site to Site VPN - VA1",
    }  # fmt: skip
    assert "VPN01" not in str(lines)
    assert (lines["External IP Address (VA1)"]["quantity"], lines["External IP Address (VA1)"]["unitCost"]) == (3, 2.0)
    assert lines["Additional Networks - VA1"]["itemTotal"] == 45.0
    assert lines["Site to Site VPN - VA1"]["itemTotal"] == 45.0


def test_a_shared_load_balancer_costs_29_76_in_a_month_of_744_hours(timed: Caller, clock: MovableClock) -> None:
    clock.set(datetime(2026, 8, 1, tzinfo=UTC))
    timed.sign_in()

    assert _lines(timed)["Shared Load Balancer - VA1"]["itemTotal"] == 29.76


def test_deleted_servers_move_to_their_own_line(timed: Caller) -> None:
    timed.send("DELETE", "/v2/servers/ABCD/VA1ABCDWEB01")

    lines = _lines(timed)

    assert [each["description"] for each in lines["Deleted Servers - VA1"]["itemDetails"]] == ["VA1ABCDWEB01"]
    assert [each["description"] for each in lines["Server Group: Shop - VA1"]["itemDetails"]] == ["VA1ABCDWEB02"]


def test_what_is_by_the_hour_stops_and_what_is_by_the_month_stays_whole(timed: Caller, clock: MovableClock) -> None:
    timed.send("DELETE", "/v2/servers/ABCD/VA1ABCDWEB01")
    timed.send("DELETE", timed.get("/v2/siteToSiteVpn?account=ABCD")[0]["links"][0]["href"])
    before = _lines(timed)
    clock.set(datetime(2026, 8, 5, tzinfo=UTC))
    timed.sign_in()

    after, august = _lines(timed), _lines(timed, "2026/8")

    assert after["Deleted Servers - VA1"] == before["Deleted Servers - VA1"]
    assert after["External IP Address (VA1)"]["quantity"] == 3
    assert after["Site to Site VPN - VA1"]["itemTotal"] == 45.0
    assert august["External IP Address (VA1)"]["quantity"] == 2
    assert not {"Deleted Servers - VA1", "Site to Site VPN - VA1"} & set(august)


def test_one_second_into_a_month_costs_its_month_flat_price(timed: Caller, clock: MovableClock) -> None:
    clock.set(datetime(2026, 8, 1, 0, 0, 1, tzinfo=UTC))
    timed.sign_in()
    timed.send("DELETE", timed.get("/v2/siteToSiteVpn?account=ABCD")[0]["links"][0]["href"])

    assert _lines(timed, "2026/8")["Site to Site VPN - VA1"]["itemTotal"] == 45.0


def test_a_stopped_server_costs_storage_and_licence_and_an_archived_one_less(timed: Caller) -> None:
    path = "/v2/servers/ABCD/VA1ABCDDB01"
    running = _hour(timed, "VA1ABCDDB01", "Databases")
    timed.send("POST", "/v2/operations/ABCD/servers/powerOff", ["VA1ABCDDB01"])
    stopped = _hour(timed, "VA1ABCDDB01", "Databases")
    timed.send("POST", "/v2/operations/ABCD/servers/archive", ["VA1ABCDDB01"])
    archived = _hour(timed, "VA1ABCDDB01", "Archive")

    # 4 vCPU, 16 GB memory, 250 GB premium, Windows
    assert running == pytest.approx(4 * 0.01 + 16 * 0.015 + 250 * 0.0007 + 4 * 0.04)
    assert stopped == pytest.approx(250 * 0.0007 + 4 * 0.04)
    assert archived == pytest.approx(250 * 0.0001)
    assert timed.get(path)["status"] == "archived"


def test_group_billing_has_objects_keyed_by_id(timed: Caller) -> None:
    groups = timed.groups()

    billing = timed.get(f"/v2/groups/ABCD/{timed.root()}/billing")

    assert set(billing["groups"]) == {group["id"] for group in groups.values()}
    archive = billing["groups"][groups["Archive"]["id"]]
    assert archive["name"] == "Archive"
    costs = archive["servers"]["va1abcdoldweb01"]
    assert costs["archiveCost"] == costs["monthlyEstimate"] == round(80 * 0.0001 * HOURS_IN_JULY, 2)
    assert billing["groups"][groups["Templates"]["id"]]["servers"] == {}


def test_the_month_to_date_of_a_server_is_what_its_invoice_says(timed: Caller) -> None:
    costs = timed.get(f"/v2/groups/ABCD/{timed.groups()['Shop']['id']}/billing")["groups"]
    web = next(each["servers"]["va1abcdweb01"] for each in costs.values() if each["name"] == "Shop")

    line = _lines(timed)["Server Group: Shop - VA1"]

    assert web["monthToDate"] == line["itemDetails"][0]["cost"]
    assert web["monthlyEstimate"] == pytest.approx(web["currentHour"] * HOURS_IN_JULY, abs=0.01)


def test_server_pricing_is_by_unit_and_hour(timed: Caller) -> None:
    link = next(each for each in timed.get("/v2/servers/ABCD/VA1ABCDDB01")["links"] if each["rel"] == "billing")

    assert link["href"] == "/v2/billing/abcd/serverPricing/va1abcddb01"
    assert timed.get(link["href"]) == {"cpu": 0.01, "memoryGB": 0.015, "storageGB": 0.0007, "managedOS": 0.0}


@pytest.fixture
def odd(clock: MovableClock) -> Iterator[Caller]:
    """An account with what only invoices show, on the first of February."""
    clock.set(datetime(2026, 2, 1, tzinfo=UTC))
    with Sandbox(scenario="odds-and-ends", clock=clock, pace=0) as sandbox, Caller(sandbox.url) as caller:
        yield caller


def test_what_no_list_shows_has_its_line(odd: Caller) -> None:
    lines = {name: (each["quantity"], each["unitCost"]) for name, each in _lines(odd, "2026/1").items()}

    assert lines["DNS Zones"] == (2, 5.0)
    assert lines["Bandwidth: GB Transmitted (VA1)"] == (HOURS_IN_JULY, 0.05)
    assert lines["Intrusion Prevention Agents - VA1"] == (1, 52.08)
    assert lines["AppFog Applications"] == lines["Object Storage"] == (1, 29.76)
    assert lines["Promotional Credit"] == (1, -25.0)


def test_a_service_task_is_charged_once_and_a_promotion_ends(odd: Caller) -> None:
    assert _lines(odd, "2025/12")["Service Task: Data export"]["itemTotal"] == 3 * 195
    assert "Service Task: Data export" not in _lines(odd, "2026/1")
    credited = [f"{year}/{month}" for year, month in [(2025, 9), (2025, 10), (2026, 1), (2026, 2), (2026, 5)]]
    found = ["Promotional Credit" in _lines(odd, month) for month in credited]
    assert found == [False, True, True, False, False]  # of February nothing was used yet


def test_a_promotion_never_pays_out(odd: Caller, clock: MovableClock) -> None:
    clock.set(datetime(2026, 2, 1, 1, tzinfo=UTC))
    odd.send("DELETE", "/v2/servers/ABCD/VA1ABCDWEB01")

    invoice = odd.get("/v2/invoice/ABCD/2026/2")
    assert invoice["totalAmount"] == round(sum(each["itemTotal"] for each in invoice["lineItems"]), 2) >= 0


def test_bandwidth_is_no_cost_of_the_server_itself(odd: Caller) -> None:
    compute = 2 * 0.01 + 4 * 0.015 + 60 * 0.00021

    assert _hour(odd, "VA1ABCDWEB01", "Default Group") == pytest.approx(compute, abs=0.0001)


def test_a_managed_server_that_is_off_is_not_managed_and_a_paused_one_is(clock: MovableClock) -> None:
    with Sandbox(scenario="busy", clock=clock, pace=0) as sandbox, Caller(sandbox.url) as caller:
        costs = []
        for verb in ("pause", "powerOn", "powerOff"):
            caller.send("POST", f"/v2/operations/ABCD/servers/{verb}", ["VA1ABCDERP01"])
            costs.append(_hour(caller, "VA1ABCDERP01", "Managed"))

    off = 200 * 0.00021 + 4 * 0.04
    assert costs == pytest.approx([off + 0.21, off + 0.21 + 4 * 0.01 + 16 * 0.015, off], abs=0.0001)


def test_older_invoices_call_a_shared_load_balancer_a_vip() -> None:
    clock = MovableClock(datetime(2015, 2, 1, tzinfo=UTC), stopped=True)
    with Sandbox(clock=clock, pace=0) as sandbox, Caller(sandbox.url) as caller:
        clock.set(datetime(2015, 2, 10, tzinfo=UTC))
        found = [set(_lines(caller, month)) for month in ("2014/12", "2015/1")]

    assert "Load Balanced VIP - VA1" in found[0]
    assert "Shared Load Balancer - VA1" in found[1]


DEEDS = st.sampled_from(["delete", "powerOff", "powerOn", "archive", "address", "network", "balancer", "wait"])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(["demo", "odds-and-ends"]),
    st.lists(st.tuples(DEEDS, st.integers(0, 3), st.integers(1, 900)), max_size=12),
)
def test_invoices_add_up_whatever_happens(scenario: str, deeds: list[tuple[str, int, int]]) -> None:
    clock = MovableClock(START, stopped=True)
    with Sandbox(scenario=scenario, clock=clock, pace=0) as sandbox, Caller(sandbox.url) as caller:
        for deed, which, hours in deeds:
            _do(caller, deed, which)
            clock.advance(timedelta(hours=hours))
            caller.sign_in()
        months = [(2026 + (6 + step) // 12, (6 + step) % 12 + 1) for step in range(-2, 18)]
        invoices = [caller.get(f"/v2/invoice/ABCD/{year}/{month}") for year, month in months]

    for invoice in invoices:
        assert _cents(invoice["totalAmount"]) == sum(_cents(line["itemTotal"]) for line in invoice["lineItems"]) >= 0
        for line in invoice["lineItems"]:
            assert line["quantity"] * _cents(line["unitCost"]) == _cents(line["itemTotal"]) != 0
            if line["itemDetails"]:
                assert sum(_cents(each["cost"]) for each in line["itemDetails"]) == _cents(line["itemTotal"])


def _do(caller: Caller, deed: str, which: int) -> None:
    server = ["VA1ABCDWEB01", "VA1ABCDDB01", "VA1ABCDOLDWEB01", "UC1ABCDRPT01"][which]
    match deed:
        case "delete":
            caller.send("DELETE", f"/v2/servers/ABCD/{server}")
        case "powerOff" | "powerOn" | "archive":
            caller.send("POST", f"/v2/operations/ABCD/servers/{deed}", [server])
        case "address":
            caller.send("POST", f"/v2/servers/ABCD/{server}/publicIPAddresses", {"ports": []})
        case "network":
            caller.send("POST", "/v2-experimental/networks/ABCD/GB3/claim")
        case "balancer":
            caller.send("POST", "/v2/sharedLoadBalancers/ABCD/GB3", {"name": "n", "description": "d"})


def _cents(amount: float) -> int:
    assert abs(amount * 100 - round(amount * 100)) < 1e-6
    return round(amount * 100)


def _lines(caller: Caller, month: str = "2026/7") -> dict[str, dict[str, Any]]:
    return {each["description"]: each for each in caller.get(f"/v2/invoice/ABCD/{month}")["lineItems"]}


def _hour(caller: Caller, server: str, group: str) -> float:
    billing = caller.get(f"/v2/groups/ABCD/{caller.groups()[group]['id']}/billing")["groups"]
    return float(next(each["servers"][server.lower()]["currentHour"] for each in billing.values()))
