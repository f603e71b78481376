"""When scheduled activities happen, against a reckoning day by day."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.sandbox.world.activities import DAYS, planned, read_offset

BEGIN = datetime(2026, 1, 30, 22, tzinfo=UTC)  # a Friday
PLAN = {"status": "on", "type": "reboot", "beginDateUTC": BEGIN.isoformat(), "repeat": "daily", "expire": "never"}


def _next(since: datetime, **changes: Any) -> datetime | None:
    following = planned({**PLAN, **changes}, since)["next"]
    return datetime.fromisoformat(following) if following else None


@pytest.mark.parametrize(
    ("repeat", "since", "expected"),
    [
        ("never", BEGIN - timedelta(days=1), BEGIN),
        ("never", BEGIN, None),
        ("daily", BEGIN - timedelta(days=9), BEGIN),
        ("daily", BEGIN, BEGIN + timedelta(days=1)),
        ("daily", BEGIN + timedelta(days=1, hours=1), BEGIN + timedelta(days=2)),
        ("weekly", BEGIN + timedelta(days=1), BEGIN + timedelta(days=7)),
        ("weekly", BEGIN + timedelta(days=7), BEGIN + timedelta(days=14)),
        ("monthly", BEGIN, datetime(2026, 2, 28, 22, tzinfo=UTC)),
        ("monthly", datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 30, 22, tzinfo=UTC)),
        ("monthly", datetime(2046, 3, 1, tzinfo=UTC), datetime(2046, 3, 30, 22, tzinfo=UTC)),
    ],
)
def test_the_next_occurrence(repeat: str, since: datetime, expected: datetime | None) -> None:
    assert _next(since, repeat=repeat) == expected


@given(
    st.sets(st.sampled_from(DAYS), min_size=1).map(sorted),
    st.integers(0, 40 * 24 * 60).map(lambda minutes: BEGIN + timedelta(minutes=minutes)),
    st.sampled_from(["-08:00", "+00:00", "+05:30"]),
)
def test_days_of_the_week_are_those_of_the_callers_own_zone(days: list[str], since: datetime, zone: str) -> None:
    found = _next(since, repeat="customWeekly", customWeeklyDays=days, timeZoneOffset=zone)

    candidates = [BEGIN + timedelta(days=each) for each in range(60)]
    local = read_offset(zone)
    assert found == next(each for each in candidates if each > since and DAYS[(each + local).weekday()] in days)


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "off"},
        {"expire": "afterCount", "expireCount": 3, "count": 3},
        {"expire": "afterDate", "expireDateUTC": (BEGIN + timedelta(hours=3)).isoformat()},
        {"repeat": "customWeekly", "customWeeklyDays": []},
    ],
)
def test_what_is_off_or_has_expired_does_not_happen(changes: dict[str, Any]) -> None:
    assert _next(BEGIN, **changes) is None


@pytest.mark.parametrize(
    ("text", "hours"),
    [("-08:00", -8), ("-08:00:00", -8), ("+05:30", 5.5), ("05:30", 5.5), ("", 0), ("soon", 0), (None, 0)],
)
def test_offsets_from_utc(text: str | None, hours: float) -> None:
    assert read_offset(text) == timedelta(hours=hours)
