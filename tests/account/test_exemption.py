"""Which server and network come with the account."""

import pytest

from kb.account.exemption import Owner, doubt_networks, judge_networks, judge_server, settle_by_answers
from kb.account.kind import NETWORK, SERVER
from kb.account.resource import OWN, Resource

OWNER = Owner("ABCD", "VA1")


def server(name: str, place: str = "VA1") -> Resource:
    return Resource(SERVER, name.lower(), name, place)


def network(key: str, place: str = "VA1") -> Resource:
    return Resource(NETWORK, key, f"vlan_{key}", place)


@pytest.mark.parametrize(
    ("name", "place", "group_type", "state"),
    [
        ("VA1ABCDVPN01", "VA1", "system", "ignored"),
        ("va1abcdvpn01", "VA1", "system", "ignored"),
        ("VA1ABCDVPN01", "VA1", "archive", "ignored"),
        ("VA1ABCDVPN01", "VA1", "default", "left"),
        ("VA1ABCDVPN01", "VA1", "Default", "left"),
        ("VA1ABCDVPN01", "UC1", "system", "left"),
        ("UC1ABCDVPN01", "UC1", "system", "left"),
        ("VA1ABCDVPN02", "VA1", "system", "left"),
        ("VA1ABCDOVPN01", "VA1", "system", "left"),
        ("VA1ABCDVPN010", "VA1", "system", "left"),
        ("VA1ABCVPN01", "VA1", "system", "left"),
    ],
)
def test_only_the_accounts_own_vpn_server_is_ignored(name: str, place: str, group_type: str, state: str) -> None:
    judged = judge_server(OWNER, server(name, place), group_type)
    assert judged.state == state
    assert judged.note == (OWN if state == "ignored" else "")


@pytest.mark.parametrize(
    ("keys", "claims", "states"),
    [
        (["a"], {}, ["ignored"]),  # the only one left there
        (["a"], {"a": ["VA1ABCDWEB01"]}, ["ignored"]),
        (["a", "b"], {"a": ["VA1ABCDVPN01", "VA1ABCDWEB01"]}, ["ignored", "left"]),
        (["a", "b"], {"b": ["va1abcdvpn01"]}, ["left", "ignored"]),
        (["a", "b"], {"a": ["VA1ABCDVPN02"]}, ["unsure", "unsure"]),
        (["a", "b", "c"], {}, ["unsure", "unsure", "unsure"]),
        ([], {}, []),
    ],
)
def test_a_network_of_the_primary_data_centre(keys: list[str], claims: dict[str, list[str]], states: list[str]) -> None:
    by_id = {f"network:{key}": names for key, names in claims.items()}
    judged = judge_networks(OWNER, [network(key) for key in keys], by_id)
    assert [item.state for item in judged] == states


def test_networks_elsewhere_always_count() -> None:
    judged = judge_networks(OWNER, [network("a", "UC1")], {"network:a": ["VA1ABCDVPN01"]})
    assert [item.state for item in judged] == ["left"]


@pytest.mark.parametrize(
    ("answers", "states"),
    [
        ({}, ["unsure", "unsure"]),
        ({"network:a": "nothing"}, ["ignored", "left"]),
        ({"network:b": "nothing"}, ["left", "ignored"]),
        ({"network:a": "something"}, ["left", "unsure"]),
        ({"network:a": "something", "network:b": "something"}, ["left", "left"]),
        ({"network:a": "nothing", "network:b": "nothing"}, ["ignored", "left"]),  # an account has one own network
        ({"network:c": "nothing"}, ["unsure", "unsure"]),
    ],
)
def test_answers_settle_unsure_networks(answers: dict[str, str], states: list[str]) -> None:
    unsure = judge_networks(OWNER, [network("a"), network("b")], {})
    assert [item.state for item in settle_by_answers(unsure, answers)] == states


def test_answers_change_nothing_that_is_certain() -> None:
    certain = judge_networks(OWNER, [network("a"), network("b")], {"network:a": ["VA1ABCDVPN01"]})
    assert settle_by_answers(certain, {"network:a": "something", "network:b": "nothing"}) == certain


def test_a_customers_server_of_that_name_proves_nothing_about_networks() -> None:
    networks = judge_networks(OWNER, [network("a"), network("b")], {"network:a": ["VA1ABCDVPN01"]})
    doubted = doubt_networks(OWNER, [server("VA1ABCDVPN01"), *networks])
    assert [item.state for item in doubted] == ["left", "unsure", "unsure"]
