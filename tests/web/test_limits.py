from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from kb.access import LIMITS, Access, Rate
from kb.database import Database
from kb.errors import TooMany
from kb.tables import rate_limits
from kb.web.limits import Limits
from tests.databases import postgres_database, sqlite_database
from tests.web.samples import Clock

FEW, MANY = Rate(3, 60), Rate(400, 60)
PAT, SAM = {"reader": "pat"}, {"reader": "sam"}


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        yield from sqlite_database(tmp_path / "data")
    else:
        yield from postgres_database(request.getfixturevalue("postgres_url"))


@pytest.fixture
def limits(either: Database, clock: Clock, request: pytest.FixtureRequest) -> Limits:
    """Its key is its own, because the tests share one PostgreSQL."""
    access = Access(limits={**LIMITS, "starts": FEW, "events": MANY, "codes": Rate(0, 1)}, readers_per_address=2)
    return Limits(either, request.node.nodeid.encode(), clock, access, chance=lambda: 0.5)


def taken(limits: Limits, name: str, callers: dict[str, str], times: int) -> int:
    """How many of so many are let through."""
    count = 0
    for _ in range(times):
        try:
            limits.take(name, lambda: callers)
        except TooMany:
            continue
        count += 1
    return count


def test_all_of_a_period_may_come_at_once_and_no_more(limits: Limits) -> None:
    assert 3 == taken(limits, "starts", PAT, 10)


def test_room_comes_back_evenly(limits: Limits, clock: Clock) -> None:
    taken(limits, "starts", PAT, 3)
    clock.at += timedelta(seconds=20)
    assert 1 == taken(limits, "starts", PAT, 5)
    clock.at += timedelta(hours=1)
    assert 3 == taken(limits, "starts", PAT, 5)


def test_whoever_is_refused_is_told_when_it_will_be_taken(limits: Limits, clock: Clock) -> None:
    taken(limits, "starts", PAT, 3)
    clock.at += timedelta(seconds=5)
    with pytest.raises(TooMany) as refused:
        limits.take("starts", lambda: PAT)
    assert 15 == refused.value.after
    clock.at += timedelta(seconds=15)
    limits.take("starts", lambda: PAT)


def test_each_caller_and_each_limit_is_counted_apart(limits: Limits) -> None:
    taken(limits, "starts", PAT, 3)
    assert 3 == taken(limits, "starts", SAM, 5)
    assert 5 == taken(limits, "checks", PAT, 5)


def test_those_who_share_an_address_have_more_room_together(limits: Limits) -> None:
    office = {"address": "203.0.113.7"}
    assert 3 == taken(limits, "starts", {**PAT, **office}, 10)
    assert 3 == taken(limits, "starts", {**SAM, **office}, 10)
    assert 0 == taken(limits, "starts", {"reader": "kim", **office}, 10)


def test_what_is_refused_for_one_caller_counts_for_none(limits: Limits) -> None:
    taken(limits, "starts", PAT, 3)
    taken(limits, "starts", {**PAT, "account": "ABCD"}, 10)
    assert 3 == taken(limits, "starts", {"account": "ABCD"}, 10)


def test_what_is_given_back_can_be_taken_again(limits: Limits) -> None:
    for _ in range(10):
        limits.take("starts", lambda: PAT)
        limits.give_back("starts", PAT)
    assert 3 == taken(limits, "starts", PAT, 10)


def test_a_limit_that_is_off_counts_nothing(limits: Limits) -> None:
    silent = Limits(None, limits.key, limits.clock, limits.access)  # type: ignore[arg-type]
    assert 50 == taken(silent, "codes", PAT, 50)


def test_two_processes_count_together(limits: Limits) -> None:
    other = Limits(limits.database, limits.key, limits.clock, limits.access)
    assert 2 == taken(limits, "starts", PAT, 2)
    assert 1 == taken(other, "starts", PAT, 5)


def test_many_at_once_get_exactly_their_share(limits: Limits) -> None:
    with ThreadPoolExecutor(8) as pool:
        counts = pool.map(lambda _: taken(limits, "starts", {**PAT, "account": "x", "address": "y"}, 5), range(8))
    assert 3 == sum(counts)


def test_of_a_limit_of_many_a_sample_is_counted_for_all(limits: Limits) -> None:
    """One of twenty is written down as twenty: after twenty of those the limit of four hundred is reached."""
    asked = iter(range(10**6))
    sampled = Limits(limits.database, limits.key, limits.clock, limits.access, chance=lambda: next(asked) % 20 / 20)
    assert 360 <= taken(sampled, "events", PAT, 450) <= 440


def test_while_it_lasts_a_refusal_needs_no_database(limits: Limits, clock: Clock) -> None:
    always = Limits(limits.database, limits.key, limits.clock, limits.access, chance=lambda: 0.0)
    assert 20 == taken(always, "events", PAT, 60)
    silent = Limits(None, limits.key, limits.clock, limits.access, refused=always.refused)  # type: ignore[arg-type]
    assert 0 == taken(silent, "events", PAT, 60)
    assert always.refused
    clock.at += timedelta(seconds=3)
    assert 1 == taken(always, "events", PAT, 1)


def test_the_table_holds_no_address_and_no_name(limits: Limits) -> None:
    limits.take("starts", lambda: {"reader": "pat", "address": "203.0.113.7"})
    with limits.database.reading() as connection:
        assert all(len(row.key) == 64 and "pat" not in row.key for row in connection.execute(select(rate_limits)))


def test_rows_that_limit_nothing_any_more_are_swept(limits: Limits, clock: Clock) -> None:
    taken(limits, "starts", PAT, 3)
    taken(limits, "starts", SAM, 3)
    clock.at += timedelta(hours=1)
    sweeping = Limits(limits.database, limits.key, limits.clock, limits.access, chance=lambda: 0.0)
    sweeping.take("starts", lambda: {"reader": "kim"})
    with limits.database.reading() as connection:
        past = rate_limits.c.busy_until < int(clock.at.timestamp() * 1_000_000)
        assert 0 == connection.execute(select(func.count()).where(past)).scalar_one()
