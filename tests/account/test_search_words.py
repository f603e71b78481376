"""Where we could not look, in words."""

import pytest

from kb.account.inventory import Inventory
from kb.account.kind import DATABASE, Kind
from kb.account.search_words import gaps_in_words, searched_nothing
from kb.checklist.check import Searched


def inventory(*searched: tuple[str, str, bool], unconfigured: tuple[Kind, ...] = ()) -> Inventory:
    return Inventory((), tuple(Searched(kind, place, done) for kind, place, done in searched), unconfigured)


@pytest.mark.parametrize(
    ("searched", "gaps"),
    [
        ([("server", "VA1", True)], ""),
        ([("server", "VA1", True), ("server", "UC1", False)], "servers in UC1"),
        (
            [
                *[(kind, "UC1", False) for kind in ("server", "template")],
                *[(kind, "VA1", True) for kind in ("server", "template")],
                ("network", "VA1", False),
                ("network", "UC1", False),
                ("site-to-site VPN", "", False),
            ],
            "servers and templates in UC1; site-to-site VPNs and networks",
        ),
    ],
)
def test_gaps_are_named_by_kind_and_place(searched: list[tuple[str, str, bool]], gaps: str) -> None:
    expected = f"We could not look everywhere. Not searched: {gaps}. Check again in a few minutes." if gaps else ""
    assert gaps_in_words(inventory(*searched)) == expected


def test_what_this_site_cannot_search_is_no_gap() -> None:
    assert gaps_in_words(inventory(("relational database", "", False), unconfigured=(DATABASE,))) == ""


def test_a_search_without_one_complete_place_knows_nothing() -> None:
    assert searched_nothing(inventory(("server", "VA1", False)))
    assert not searched_nothing(inventory(("server", "VA1", False), ("network", "VA1", True)))
