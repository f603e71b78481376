"""Calendar months in UTC."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from kb.sandbox.world.months import Month


@pytest.mark.parametrize(("year", "month", "hours"), [(2026, 7, 744), (2026, 6, 720), (2024, 2, 696), (2025, 2, 672)])
def test_months_are_as_long_as_the_calendar_says(year: int, month: int, hours: int) -> None:
    assert Month(year, month).hours == hours


def test_december_ends_in_the_next_year() -> None:
    assert Month(2025, 12).end == datetime(2026, 1, 1, tzinfo=UTC)


def test_a_moment_belongs_to_its_month_in_utc() -> None:
    west = timezone(timedelta(hours=-8))

    assert Month.of(datetime(2026, 6, 30, 20, tzinfo=west)) == Month(2026, 7)


@pytest.mark.parametrize(
    ("started", "ended", "hours", "touched"),
    [
        (datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 7, 2, tzinfo=UTC), 24, True),
        (datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC), 744, True),
        (datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC), 0, False),
        (datetime(2026, 8, 1, tzinfo=UTC), datetime(2026, 8, 2, tzinfo=UTC), 0, False),
        (datetime(2026, 7, 31, 23, 59, 59, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC), 1 / 3600, True),
    ],
)
def test_overlap(started: datetime, ended: datetime, hours: float, touched: bool) -> None:
    month = Month(2026, 7)

    assert month.overlap(started, ended) == pytest.approx(hours)
    assert month.touched(started, ended) is touched
