"""API v1: sessions by cookie, accounts and sub-accounts, suspending, users, billing."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

from kb.sandbox.clock import MovableClock
from kb.sandbox.serve import Sandbox
from tests.sandbox.caller import Caller

LOGON = {"APIKey": "ROOTV1KEY", "Password": "demo-v1-password-1"}
NOW = datetime(2026, 7, 10, 12, tzinfo=UTC)


@pytest.fixture
def family() -> Iterator[Sandbox]:
    with Sandbox(scenario="family", clock=MovableClock(NOW, stopped=True), pace=0) as started:
        yield started


@pytest.fixture
def v1(family: Sandbox) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=family.url) as http:
        answer = http.post("/REST/Auth/Logon/JSON", json=LOGON)
        assert answer.json() == {"Success": True, "Message": "Login successful.", "StatusCode": 0}
        yield http


def _call(http: httpx.Client, method: str, **said: object) -> dict[str, Any]:
    answer = http.post(f"/REST/{method}/JSON", json=said)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def test_the_list_of_accounts_is_the_tree_from_the_own_one_down(v1: httpx.Client) -> None:
    told = _call(v1, "Account/GetAccounts")

    assert [(each["AccountAlias"], each["ParentAlias"], each["Location"]) for each in told["Accounts"]] == [
        ("ROOT", "", "VA1"),
        ("ACRN", "ROOT", "UC1"),
        ("LEAF", "ACRN", "DE1"),
    ]
    assert set(told["Accounts"][0]) == {
        "AccountAlias", "ParentAlias", "Location", "BusinessName", "IsActive", "SupportLevel",
    }  # fmt: skip
    below = _call(v1, "Account/GetAccounts", AccountAlias="acrn")["Accounts"]
    assert [each["AccountAlias"] for each in below] == ["ACRN", "LEAF"]


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("json", {"accountalias": "LEAF"}),
        ("data", {"AccountAlias": "LEAF"}),
        ("params", {"AccountAlias": "LEAF"}),
    ],
)
def test_members_come_as_json_as_a_form_or_in_the_query(v1: httpx.Client, how: str, said: dict[str, str]) -> None:
    answer = v1.request("POST", "/REST/Account/GetAccountDetails/JSON", **{how: said})  # type: ignore[arg-type]

    assert answer.json()["AccountDetails"]["BusinessName"] == "Leaf Press"


def test_the_same_comes_as_xml(v1: httpx.Client) -> None:
    answer = v1.post("/REST/Account/GetAccounts/XML")

    root = ElementTree.fromstring(answer.text)
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    assert (root.tag, root.attrib["StatusCode"], root.attrib["Success"]) == ("GetAccountsResponse", "0", "true")
    assert [each.attrib["AccountAlias"] for each in root.findall("Accounts/Account")] == ["ROOT", "ACRN", "LEAF"]


def test_a_published_client_signs_in_with_a_doubled_slash_and_reads_xml(family: Sandbox) -> None:
    answer = httpx.post(family.url + "/REST//Auth/logon", params=LOGON)

    assert ElementTree.fromstring(answer.text).attrib["StatusCode"] == "0"
    assert answer.cookies


@pytest.mark.parametrize(
    ("method", "said", "code"),
    [
        ("Account/SuspendAccount", {}, 1600),
        ("Account/SuspendAccount", {"AccountAlias": "NONE"}, 5),
        ("Account/GetAccountDetails", {"AccountAlias": "NONE"}, 5),
        ("Billing/GetServerEstimate", {"ServerName": "VA1ROOTNO01"}, 5),
        ("Billing/GetGroupEstimate", {"HardwareGroupUUID": "0" * 32}, 5),
        ("Billing/GetInvoiceDetails", {"InvoiceID": "ROOT00000000"}, 5),
        ("Billing/GetGroupSummaries", {"StartDate": "soon"}, 3),
        ("Server/DeleteTemplate", {"Name": "VA1ROOTFILES01"}, 5),
        ("Queue/GetRequestStatus", {"RequestID": "1"}, 5),
    ],
)
def test_what_does_not_succeed_is_200_with_a_code(v1: httpx.Client, method: str, said: Any, code: int) -> None:
    told = _call(v1, method, **said)

    assert (told["Success"], told["StatusCode"]) == (False, code)
    assert told["Message"]


def test_without_a_session_the_code_is_100(family: Sandbox) -> None:
    with httpx.Client(base_url=family.url) as http, Caller(family.url, ("pat.root", "demo-admin-1")) as pat:
        bearer = pat.http.headers["Authorization"].removeprefix("Bearer ")
        wrong = http.post("/REST/Auth/Logon/JSON", json={**LOGON, "Password": "wrong"}).json()
        bare = _call(http, "Account/GetAccounts")
        http.cookies.set("Tier3.API.Cookie", bearer)
        with_v2_token = _call(http, "Account/GetAccounts")

    assert [each["StatusCode"] for each in (wrong, bare, with_v2_token)] == [100, 100, 100]


def test_a_session_is_no_token_of_v2_and_ends_with_logout(v1: httpx.Client) -> None:
    token = v1.cookies["Tier3.API.Cookie"]
    assert v1.get("/v2/accounts/ROOT", headers={"Authorization": f"Bearer {token}"}).status_code == 401

    _call(v1, "Auth/Logout")

    assert _call(v1, "Account/GetAccounts")["StatusCode"] == 100


def test_keys_reach_the_own_account_and_those_below(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("scenario") / "two.yaml"
    key = "items: [{kind: v1key, id: K, body: {password: p}}]"
    file.write_text(
        f"title: t\naccounts:\n- {{alias: ONE, name: n, primary: VA1, {key}}}\n- {{alias: TWO, name: n, primary: VA1}}"
    )
    with Sandbox(scenario=str(file), pace=0) as sandbox, httpx.Client(base_url=sandbox.url) as http:
        http.post("/REST/Auth/Logon/JSON", json={"APIKey": "K", "Password": "p"})

        assert _call(http, "Account/GetAccounts", AccountAlias="TWO")["StatusCode"] == 5


def test_suspending_stops_servers_and_is_not_closing(v1: httpx.Client, family: Sandbox) -> None:
    _call(v1, "Account/SuspendAccount", AccountAlias="ACRN")
    with Caller(family.url, ("pat.root", "demo-admin-1")) as pat:
        assert pat.get("/v2/accounts/ACRN")["status"] == "Disabled"
        assert pat.get("/v2/servers/ACRN/UC1ACRNWEB01")["details"]["powerState"] == "stopped"
        listed = _call(v1, "Account/GetAccounts")["Accounts"]
        assert [each["IsActive"] for each in listed] == [True, False, True]

        assert _call(v1, "Account/EnableAccount", AccountAlias="ACRN")["Success"] is True

        assert pat.get("/v2/accounts/ACRN")["status"] == "Active"
        assert pat.get("/v2/servers/ACRN/UC1ACRNWEB01")["details"]["powerState"] == "stopped"


def test_users_have_their_roles_as_numbers(v1: httpx.Client) -> None:
    (user,) = _call(v1, "User/GetUsers", AccountAlias="LEAF")["Users"]

    assert (user["UserName"], user["Roles"]) == ("lou.leaf", [9])


def test_the_ledger_has_an_invoice_for_each_closed_month_and_all_but_the_last_are_paid(
    v1: httpx.Client, family: Sandbox
) -> None:
    told = _call(v1, "Billing/GetBillingHistory", AccountAlias="ACRN")
    with Caller(family.url, ("pat.root", "demo-admin-1")) as pat:
        june = pat.get("/v2/invoice/ACRN/2026/6")

    newest = told["BillingHistory"][0]
    assert (newest["InvoiceID"], newest["Debit"]) == (june["id"], june["totalAmount"])
    assert newest["Date"] == "2026-07-01T00:00:00Z"
    assert told["OutstandingBalance"] == june["totalAmount"] > 0
    debits, credits = (sum(each[name] for each in told["BillingHistory"]) for name in ("Debit", "Credit"))
    assert debits - credits == pytest.approx(told["OutstandingBalance"])
    details = _call(v1, "Billing/GetInvoiceDetails", AccountAlias="ACRN", InvoiceID=june["id"])["Invoice"]
    assert details["Total"] == sum(each["ItemTotal"] for each in details["LineItems"]) == june["totalAmount"]


def test_the_summary_agrees_with_the_invoice(v1: httpx.Client, family: Sandbox) -> None:
    told = _call(v1, "Billing/GetAccountSummary", AccountAlias="ACRN")
    with Caller(family.url, ("pat.root", "demo-admin-1")) as pat:
        july = pat.get("/v2/invoice/ACRN/2026/7")

    assert told["MonthToDateTotal"] == july["totalAmount"]
    assert told["MonthlyEstimate"] > told["MonthToDate"]
    assert told["PreviousHour"] == pytest.approx(told["CurrentHour"])


def test_estimates_of_groups_are_sums_of_those_of_servers(v1: httpx.Client, family: Sandbox) -> None:
    with Caller(family.url, ("pat.root", "demo-admin-1")) as pat:
        links = pat.get("/v2/datacenters/ACRN/UC1?groupLinks=true")["links"]
    root = next(link["id"] for link in links if link["rel"] == "group")

    group = _call(v1, "Billing/GetGroupEstimate", AccountAlias="ACRN", HardwareGroupUUID=root)
    servers = [
        _call(v1, "Billing/GetServerEstimate", AccountAlias="ACRN", ServerName=f"UC1ACRNWEB0{n}") for n in (1, 2)
    ]

    assert group["CurrentHour"] == pytest.approx(sum(each["CurrentHour"] for each in servers))
    hours = _call(v1, "Billing/GetServerHourlyCharges", AccountAlias="ACRN", ServerName="UC1ACRNWEB01")
    assert [each["Cost"] for each in hours["HourlyCharges"]] == [pytest.approx(servers[0]["CurrentHour"])] * 24
    day = {"StartDate": "2026-07-01", "EndDate": "2026-07-01"}
    summaries = _call(v1, "Billing/GetGroupSummaries", AccountAlias="ACRN", **day)["GroupTotals"]
    total = next(each for each in summaries if each["GroupName"] == "Default Group")
    assert total["Total"] == pytest.approx(24 * group["CurrentHour"], abs=0.02)


def test_a_template_is_deleted_through_the_queue() -> None:
    with Sandbox(scenario="busy", pace=0) as sandbox, httpx.Client(base_url=sandbox.url) as http:
        http.post("/REST/Auth/Logon/JSON", json={"APIKey": "DEMOV1KEY", "Password": "demo-v1-password-1"})
        request = _call(http, "Server/DeleteTemplate", Name="VA1ABCDBASE01")["RequestID"]

        assert _call(http, "Queue/GetRequestStatus", RequestID=request)["PercentComplete"] == 100
        assert _call(http, "Server/DeleteTemplate", Name="VA1ABCDBASE01")["StatusCode"] == 5


def test_aliases_of_the_mail_relay_are_made_disabled_and_removed(v1: httpx.Client) -> None:
    made = _call(v1, "SMTPRelay/CreateAlias")
    name = made["RelayAlias"]
    assert made["Password"]
    assert _call(v1, "SMTPRelay/ListAliases")["RelayAliases"] == [{"RelayAlias": name, "Status": "Active"}]

    assert _call(v1, "SMTPRelay/DisableAlias", RelayAlias=name)["Success"] is True
    assert _call(v1, "SMTPRelay/ListAliases")["RelayAliases"][0]["Status"] == "Disabled"
    assert _call(v1, "SMTPRelay/RemoveAlias", RelayAlias=name)["Success"] is True

    assert _call(v1, "SMTPRelay/ListAliases")["RelayAliases"] == []
    assert _call(v1, "SMTPRelay/RemoveAlias", RelayAlias=name)["StatusCode"] == 5
