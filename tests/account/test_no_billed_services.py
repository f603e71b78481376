"""The check that nothing is billed any more."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from kb.account.no_billed_services import NoBilledServices
from kb.checklist.check import Asked, Outcome, Verdict
from kb.errors import SignedOut
from tests.account.fake_api import (
    API,
    BACKUP,
    BASES,
    DB,
    LB,
    NOW,
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
    with_public_ip,
)

NOTHING = {"buckets": "nothing", "apps": "nothing", "dns": "nothing"}


def verdict(
    api: FakeApi,
    answers: Mapping[str, str],
    params: Mapping[str, Any] | None = None,
    bases: Mapping[str, str] = BASES,
) -> Verdict:
    with account_of(api, bases) as account:
        return NoBilledServices().verdict(account, asked(params, answers))


def test_an_empty_account_passes_once_the_reader_told_the_rest() -> None:
    said = verdict(empty_account(), NOTHING)
    assert said.outcome is Outcome.PASSED
    assert said.reason == "NothingLeft"
    assert said.told == ("buckets", "apps", "DNS")
    assert said.account == "ABCD"


def test_open_questions_leave_it_unknown() -> None:
    said = verdict(empty_account(), {"buckets": "nothing"})
    assert said.outcome is Outcome.UNKNOWN
    assert said.reason == "ReaderMustTell"
    assert said.asks == ("apps", "dns")


def test_something_told_fails_it() -> None:
    said = verdict(empty_account(), {**NOTHING, "buckets": "something"})
    assert said.outcome is Outcome.FAILED
    assert said.message == "You told us that there are still buckets."


def test_what_is_left_is_counted_by_kind() -> None:
    api = empty_account()
    servers = [server("VA1ABCDWEB01"), server("VA1ABCDWEB02", power="stopped")]
    put_group(api, "va1", group("va1-root", servers=servers))
    put_networks(api, "uc1", [network("n2", 2)])
    said = verdict(api, NOTHING)
    assert said.message == "3 services are still billed: 2 servers, 1 network."
    assert said.outcome is Outcome.FAILED
    assert [item.id for item in said.left] == ["network:n2", "server:va1abcdweb01", "server:va1abcdweb02"]


def test_one_service_is_said_in_the_singular() -> None:
    api = empty_account()
    put_networks(api, "uc1", [network("n2", 2)])
    assert verdict(api, NOTHING).message == "1 service is still billed: 1 network."


def test_the_accounts_own_network_is_shown_as_ignored() -> None:
    said = verdict(empty_account(), NOTHING)
    assert [(item.id, item.state, item.note) for item in said.evidence] == [
        ("network:own", "ignored", "ignored: comes with the account")
    ]


def test_an_undecidable_network_is_asked_about() -> None:
    api = empty_account()
    put_networks(api, "va1", [network("n1", 1), network("n2", 2)])
    said = verdict(api, NOTHING)
    assert said.outcome is Outcome.UNKNOWN
    assert said.reason == "ReaderMustTell"
    assert said.asks == ("network:n1", "network:n2")
    assert [question.id for question in said.questions] == ["network:n1", "network:n2"]
    assert {item.state for item in said.evidence} == {"unsure"}


def test_the_answer_about_one_network_settles_the_others() -> None:
    api = empty_account()
    put_networks(api, "va1", [network("n1", 1), network("n2", 2)])
    said = verdict(api, {**NOTHING, "network:n1": "nothing"})
    assert said.outcome is Outcome.FAILED
    assert [item.id for item in said.left] == ["network:n2"]
    assert said.asks == ()
    assert said.told == ("network vlan_1_10.1.1", "buckets", "apps", "DNS")


def test_an_answer_about_a_network_may_be_changed_later() -> None:
    api = empty_account()
    put_networks(api, "va1", [network("n1", 1), network("n2", 2)])
    said = verdict(api, {**NOTHING, "network:n1": "nothing"})
    assert [question.id for question in said.questions] == ["network:n1", "network:n2"]
    corrected = verdict(api, {**NOTHING, "network:n1": "something", "network:n2": "nothing"})
    assert [item.id for item in corrected.left] == ["network:n1"]


def test_a_user_who_may_not_see_a_part_is_told_who_can() -> None:
    api = empty_account()
    put(api, f"{API}/v2-experimental/networks/abcd/uc1", 403)
    assert verdict(api, NOTHING).message == (
        "Nothing billed was found so far. We could not look everywhere. Not searched: networks in UC1. "
        "Your user may not see all of it. An Account Administrator can."
    )


@pytest.mark.parametrize(
    ("route", "kind", "place"),
    [
        (f"{API}/v2/groups/abcd/uc1-root?serverdetail=detailed", "server", "UC1"),
        (f"{API}/v2-experimental/networks/abcd/uc1", "network", "UC1"),
        (f"{API}/v2/sharedloadbalancers/abcd/uc1", "shared load balancer", "UC1"),
        (f"{LB}/abcd/uc1/loadbalancers", "load balancer", "UC1"),
        (f"{API}/v2/sitetositevpn?account=abcd", "site-to-site VPN", ""),
        (f"{DB}/abcd/subscriptions", "relational database", ""),
        (f"{BACKUP}/accountpolicies", "stored backup", ""),
    ],
)
@pytest.mark.parametrize(
    "reply", [500, httpx.ReadTimeout("late"), (200, "nonsense"), (200, [1, 2]), (200, {}), (403, {})]
)
def test_a_place_that_cannot_be_searched_keeps_it_from_passing(route: str, kind: str, place: str, reply: Any) -> None:
    api = empty_account()
    put(api, route, reply)
    said = verdict(api, NOTHING)
    assert said.outcome is Outcome.UNKNOWN
    assert said.reason == "SearchIncomplete"
    assert (kind, place) in {(item.kind, item.place) for item in said.searched if not item.complete}
    assert said.reached


def test_one_failing_place_does_not_hide_what_others_show() -> None:
    api = empty_account()
    put(api, f"{API}/v2/groups/abcd/uc1-root?serverdetail=detailed", 500)
    put_group(api, "va1", group("va1-root", servers=[server("VA1ABCDWEB01")]))
    said = verdict(api, NOTHING)
    assert said.outcome is Outcome.FAILED
    assert said.message == (
        "1 service is still billed: 1 server. We could not look everywhere. Not searched: servers, templates and "
        "public IP addresses in UC1. Check again in a few minutes."
    )


@pytest.mark.parametrize("reply", [500, 503, httpx.ConnectError("refused"), httpx.ReadTimeout("late")])
def test_out_of_reach_is_unknown_and_never_failed(reply: Any) -> None:
    api = empty_account()
    put(api, f"{API}/v2/datacenters/abcd?grouplinks=true", reply)
    said = verdict(api, NOTHING)
    assert (said.outcome, said.reason, said.reached) == (Outcome.UNKNOWN, "Unreachable", False)


def test_an_account_without_data_centres_was_not_searched() -> None:
    api = empty_account()
    put(api, f"{API}/v2/datacenters/abcd?grouplinks=true", [])
    assert verdict(api, NOTHING).outcome is Outcome.UNKNOWN


def test_a_user_who_may_not_look_is_told_so() -> None:
    api = empty_account()
    put(api, f"{API}/v2/datacenters/abcd?grouplinks=true", (403, {"message": "No."}))
    said = verdict(api, NOTHING)
    assert (said.outcome, said.reason, said.reached) == (Outcome.UNKNOWN, "NotAllowed", True)


def test_a_withdrawn_token_is_raised() -> None:
    api = empty_account()
    put(api, f"{API}/v2/groups/abcd/uc1-root?serverdetail=detailed", 401)
    with pytest.raises(SignedOut):
        verdict(api, NOTHING)


def test_a_service_that_this_site_cannot_ask_is_asked_of_the_reader() -> None:
    bases = {"api": BASES["api"], "load_balancer": BASES["load_balancer"], "backup": BASES["backup"]}
    said = verdict(empty_account(), NOTHING, bases=bases)
    assert (said.outcome, said.asks) == (Outcome.UNKNOWN, ("database",))
    assert [item.kind for item in said.searched if not item.complete] == ["relational database"]
    told = verdict(empty_account(), {**NOTHING, "database": "nothing"}, bases=bases)
    assert told.outcome is Outcome.PASSED
    assert told.told == ("relational databases", "buckets", "apps", "DNS")


def test_kinds_narrow_what_is_searched_and_asked() -> None:
    api = empty_account()
    put_group(api, "va1", group("va1-root", servers=[with_public_ip(server("VA1ABCDWEB01"), "203.0.113.7")]))
    put_networks(api, "uc1", [network("n2", 2)])
    servers = verdict(api, {}, {"kinds": ["server"], "asks": []})
    rest = verdict(api, {}, {"kinds": ["public-ip", "network", "load-balancer"], "asks": ["dns"]})
    assert [item.id for item in servers.left] == ["server:va1abcdweb01"]
    assert {item.kind for item in servers.searched} == {"server"}
    assert servers.asks == ()
    assert [item.id for item in rest.left] == ["network:n2", "public-ip:va1abcdweb01/203.0.113.7"]
    assert {item.kind for item in rest.searched} == {
        "public IP address",
        "network",
        "load balancer",
        "shared load balancer",
    }
    assert rest.asks == ("dns",)


@pytest.mark.parametrize("params", [{"kinds": ["servers"]}, {"asks": ["bucket"]}])
def test_a_name_that_does_not_exist_never_passes(params: dict[str, Any]) -> None:
    said = verdict(empty_account(), NOTHING, params)
    assert (said.outcome, said.reason) == (Outcome.UNKNOWN, "UnknownParameter")


def test_its_questions_are_known_without_an_account() -> None:
    check = NoBilledServices()
    assert [question.id for question in check.questions({})] == ["buckets", "apps", "dns"]
    assert check.questions({"kinds": ["server"]}) == ()
    assert [question.id for question in check.questions({"kinds": ["server"], "asks": ["dns"]})] == ["dns"]


def test_a_verdict_survives_being_stored() -> None:
    api = empty_account()
    put_networks(api, "va1", [network("n1", 1), network("n2", 2)])
    said = verdict(api, {})
    assert Verdict.from_json(said.as_json()) == said


def test_the_check_only_reads() -> None:
    api = empty_account()
    with account_of(api) as account:
        NoBilledServices().verdict(account, Asked(NOW))
    assert {request.method for request in api.seen} == {"GET"}
