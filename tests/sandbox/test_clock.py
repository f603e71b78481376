"""Clocks that can be set and moved."""

from datetime import UTC, datetime, timedelta

from kb.sandbox.clock import MovableClock, system_clock

NOON = datetime(2026, 12, 31, 12, tzinfo=UTC)


def test_a_stopped_clock_moves_only_when_told() -> None:
    clock = MovableClock(NOON, stopped=True)
    assert clock() == clock() == NOON

    clock.advance(timedelta(hours=13))

    assert clock() == datetime(2027, 1, 1, 1, tzinfo=UTC)


def test_a_running_clock_runs_on_from_where_it_was_set() -> None:
    passed = [NOON]
    clock = MovableClock(datetime(2019, 9, 10, tzinfo=UTC), source=lambda: passed[0])

    passed[0] += timedelta(seconds=90)

    assert clock() == datetime(2019, 9, 10, 0, 1, 30, tzinfo=UTC)


def test_the_system_clock_knows_its_zone() -> None:
    assert system_clock().tzinfo is UTC
