"""Long lists are parted by letters that tell titles apart."""

import pytest

from kb.web.initials import FEWEST, by_initial


def parted(titles: list[str]) -> dict[str, list[str]]:
    return {part.letter: [entry.item for entry in part.entries] for part in by_initial(titles, str)}


def test_what_many_titles_begin_with_is_passed_over() -> None:
    names = ["Alfresco", "zurmo", "Élan", "Drupal", "WordPress", "Joomla", "Magento", "Odoo", "Trac"]
    titles = [f"Getting started with {name}" for name in names[:-1]] + ["Getting Started With Trac", "Gardening"]
    parts = by_initial(titles, str)
    entries = {entry.item: entry for part in parts for entry in part.entries}
    assert "Getting started with " == entries["Getting started with zurmo"].start
    assert ("Getting Started With ", "Trac") == (
        entries["Getting Started With Trac"].start,
        entries["Getting Started With Trac"].rest,
    )
    assert ("", "Gardening") == (entries["Gardening"].start, entries["Gardening"].rest)
    assert sorted(titles) == sorted(entries)
    assert ["Alfresco", "Drupal", "Élan", "Gardening", "Joomla", "Magento"] == [
        entry.rest for entry in parts[0].entries
    ]


def test_letters_with_few_titles_share_a_part() -> None:
    titles = [f"{letter}{number}" for letter in "abc" for number in range(FEWEST // 2)]
    assert {"A–B": titles[:FEWEST], "C": titles[FEWEST:]} == parted(titles)


def test_digits_come_first_and_signs_last() -> None:
    assert ["0–9", "A", "#"] == list(parted(["apple", "…", "3 apples", "10 pears"]))


@pytest.mark.parametrize("titles", [[], ["One"], ["Same", "Same"]])
def test_nothing_is_lost_in_short_lists(titles: list[str]) -> None:
    assert titles == [one for part in parted(titles).values() for one in part]


def test_anchors_differ() -> None:
    parts = by_initial([f"{letter}{n}" for letter in "äbcdé§1" for n in range(9)], str)
    assert len(parts) == len({part.anchor for part in parts})
