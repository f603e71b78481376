"""Which invoices still come."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from kb.account.forecast import fate_of, forecast
from kb.account.month import Month
from kb.checklist.check import Record


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def record(requested: str | None, basis: str = "none", **fields: object) -> Record:
    """A record whose moments are given as text; `now` is three days after the last of them unless given."""
    moments = {
        name: at(str(value)) for name, value in fields.items() if name in ("now", "basis_at", "cleared") and value
    }
    asked = at(requested) if requested else None
    known = [moment for moment in (asked, *moments.values()) if moment]
    now = moments.get("now", max(known, default=at("2019-09-10")) + timedelta(days=3))
    return Record(
        now=now,
        requested=asked,
        basis=basis,  # type: ignore[arg-type]
        basis_at=moments.get("basis_at"),
        left=fields.get("left"),  # type: ignore[arg-type]
        cleared=moments.get("cleared"),
    )


# requested, basis, fields, sure months, expected months, open end
RULES_2019 = [
    # 1 everything gone before the request, in the same month
    ("2019-09-10T12:00", "checked", {"basis_at": "2019-09-08T09:00"}, ["September 2019"], [], False),
    ("2019-09-10T12:00", "said-done", {"basis_at": "2019-09-10T11:59"}, ["September 2019"], [], False),
    # 2 found gone in an earlier month: that month's invoice is a usual one
    ("2019-10-01T00:05", "checked", {"basis_at": "2019-09-30T23:55"}, ["October 2019"], [], False),
    # 3 gone after the request, still in its month: the text announces a second invoice
    (
        "2019-09-10T12:00",
        "said-left",
        {"cleared": "2019-09-12", "left": 0},
        ["September 2019"],
        ["October 2019"],
        False,
    ),
    # 4 gone in the next month
    ("2019-09-30T12:00", "said-left", {"cleared": "2019-10-01"}, ["September 2019", "October 2019"], [], False),
    ("2019-12-31T12:00", "said-left", {"cleared": "2020-01-02"}, ["December 2019", "January 2020"], [], False),
    # 5 gone later still
    (
        "2019-12-31T12:00",
        "said-left",
        {"cleared": "2020-02-29"},
        ["December 2019", "January 2020", "February 2020"],
        [],
        False,
    ),
    # 6 still there
    ("2019-09-10T12:00", "said-left", {"left": 2}, ["September 2019", "October 2019"], [], True),
    ("2019-09-10T12:00", "said-left", {}, ["September 2019", "October 2019"], [], True),
    (
        "2019-11-10T12:00",
        "said-left",
        {"left": 1, "now": "2020-01-05"},
        ["November 2019", "December 2019", "January 2020"],
        [],
        True,
    ),
    # a later look that found something outweighs the word or the check before
    ("2019-09-10T12:00", "said-done", {"left": 1}, ["September 2019", "October 2019"], [], True),
    ("2019-09-10T12:00", "checked", {"left": 1}, ["September 2019", "October 2019"], [], True),
    # 8 the same day: the time of day decides
    ("2019-09-10T12:00", "checked", {"basis_at": "2019-09-10T11:50"}, ["September 2019"], [], False),
    ("2019-09-10T12:00", "said-left", {"cleared": "2019-09-10T12:30"}, ["September 2019"], ["October 2019"], False),
    # nobody knows
    ("2019-12-10T12:00", "none", {}, ["December 2019"], ["January 2020"], False),
    ("2020-02-29T12:00", "none", {}, ["February 2020"], ["March 2020"], False),
    # months are counted in UTC
    ("2020-02-29T23:59", "checked", {"basis_at": "2020-02-29T23:58"}, ["February 2020"], [], False),
    # not asked yet: as if asked now
    (None, "none", {"now": "2019-12-31T10:00"}, ["December 2019"], ["January 2020"], False),
    (None, "none", {"now": "2019-12-31T10:00", "left": 0}, ["December 2019"], [], False),
    (None, "none", {"now": "2019-12-31T10:00", "left": 3}, ["December 2019", "January 2020"], [], True),
]


@pytest.mark.parametrize(("requested", "basis", "fields", "sure", "expected", "open_end"), RULES_2019)
def test_the_rules_of_2019(
    requested: str | None, basis: str, fields: dict[str, object], sure: list[str], expected: list[str], open_end: bool
) -> None:
    decided = forecast(record(requested, basis, **fields), "2019")
    assert [str(month) for month in decided.sure] == sure
    assert [str(month) for month in decided.expected] == expected
    assert decided.open_end is open_end


@pytest.mark.parametrize("case", RULES_2019)
def test_the_rules_of_2015_always_say_the_month_of_the_request(case: tuple[object, ...]) -> None:
    requested, basis, fields = case[:3]
    decided = forecast(record(requested, basis, **fields), "2015")  # type: ignore[arg-type]
    assert [str(month) for month in decided.months] == case[3][:1]  # type: ignore[index]
    assert not decided.open_end


def test_a_month_boundary_between_check_and_request_is_seen() -> None:
    decided = forecast(record("2019-10-01T00:05", "checked", basis_at="2019-09-30T23:55"), "2019")
    assert decided.before == Month(2019, 9)


def test_a_request_counts_in_the_month_of_utc() -> None:
    new_year_in_tokyo = datetime(2020, 1, 1, 8, 0, tzinfo=timezone(timedelta(hours=9)))
    decided = forecast(Record(new_year_in_tokyo, new_year_in_tokyo, "checked", new_year_in_tokyo, 0), "2019")
    assert [str(month) for month in decided.sure] == ["December 2019"]


@pytest.mark.parametrize(
    ("basis", "left", "cleared", "fate"),
    [
        ("checked", 0, None, "gone"),
        ("checked", None, None, "gone"),
        ("said-done", None, None, "gone"),
        ("said-left", 0, "2019-09-12", "cleared"),
        ("said-left", None, None, "left"),
        ("none", None, None, "unsure"),
        ("none", 0, "2019-09-12", "unsure"),
        ("none", 4, None, "left"),
        ("said-left", 1, "2019-09-12", "left"),  # something came back
    ],
)
def test_what_became_of_the_services(basis: str, left: int | None, cleared: str | None, fate: str) -> None:
    assert fate_of(record("2019-09-10T12:00", basis, left=left, cleared=cleared)) == fate
