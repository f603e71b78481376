"""Codes that open a run elsewhere: once made, redeemed, ended by time or by their maker. On both databases."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from kb.checklist.chain import chain_of
from kb.checklist.ownership import Ownership
from kb.checklist.sharing import LIFE, MOST, Allows, Codes
from kb.checklist.store import RunStore
from kb.database import Database
from kb.errors import NotFound, Refused
from kb.tables import readers, run_codes, viewers
from tests.checklist.samples import MANUAL, Clock

OTHER = "another reader"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(database: Database, clock: Clock) -> RunStore:
    return RunStore(database, clock, chain_of(b"key"))


@pytest.fixture
def codes(database: Database, clock: Clock) -> Codes:
    return Codes(database, clock)


@pytest.fixture
def run(store: RunStore) -> str:
    return store.start(MANUAL, "reader", "reader")


def test_a_resume_code_lets_another_reader_tick(codes: Codes, store: RunStore, run: str) -> None:
    code = codes.make(run, "tick")
    assert not store.admits(run, OTHER)
    assert run == codes.redeem(code, "tick", OTHER)
    assert run == codes.redeem(code, "tick", OTHER)
    assert store.admits(run, OTHER)
    assert [1] == [one.browsers for one in codes.of(run)]


def test_a_share_code_lets_another_reader_look_and_no_more(codes: Codes, store: RunStore, run: str) -> None:
    assert run == codes.redeem(codes.make(run, "see"), "see", OTHER)
    assert codes.shows(run, OTHER)
    assert not codes.shows(run, "a third")
    assert not store.admits(run, OTHER)


@pytest.mark.parametrize(("made", "used"), [("see", "tick"), ("tick", "see")])
def test_a_code_of_one_kind_is_worth_nothing_as_the_other(
    codes: Codes, store: RunStore, run: str, made: Allows, used: Allows
) -> None:
    with pytest.raises(NotFound):
        codes.redeem(codes.make(run, made), used, OTHER)
    assert not store.admits(run, OTHER)
    assert not codes.shows(run, OTHER)


@pytest.mark.parametrize("allows", ["tick", "see"])
def test_an_ended_code_lets_nobody_in_and_those_it_let_in_out(
    codes: Codes, store: RunStore, run: str, allows: Allows
) -> None:
    code, kept = codes.make(run, allows), codes.make(run, allows)
    codes.redeem(code, allows, OTHER)
    codes.redeem(kept, allows, "a third")
    codes.revoke(run, codes.of(run)[0].name)
    with pytest.raises(NotFound):
        codes.redeem(code, allows, "a fourth")
    admitted: Callable[[str, str], bool] = store.admits if allows == "tick" else codes.shows
    assert not admitted(run, OTHER)
    assert admitted(run, "a third")
    assert 1 == len(codes.of(run))


def test_the_browser_that_started_the_run_stays_whatever_code_it_used(codes: Codes, store: RunStore, run: str) -> None:
    codes.redeem(codes.make(run, "tick"), "tick", "reader")
    codes.revoke(run, codes.of(run)[0].name)
    assert store.admits(run, "reader")


def test_nobody_can_end_a_code_of_another_run(codes: Codes, store: RunStore, run: str) -> None:
    code = codes.make(run, "see")
    other = store.start(MANUAL, OTHER, "reader")
    codes.revoke(other, codes.of(run)[0].name)
    codes.revoke(run, "")
    assert run == codes.redeem(code, "see", OTHER)


@pytest.mark.parametrize("allows", ["tick", "see"])
def test_a_code_ends_by_itself(codes: Codes, run: str, clock: Clock, allows: Allows) -> None:
    code = codes.make(run, allows)
    clock.at += LIFE[allows] + timedelta(seconds=5)
    with pytest.raises(NotFound):
        codes.redeem(code, allows, OTHER)
    assert () == codes.of(run)


def test_looking_ends_with_the_code_and_ticking_does_not(codes: Codes, store: RunStore, run: str, clock: Clock) -> None:
    codes.redeem(codes.make(run, "see"), "see", OTHER)
    codes.redeem(codes.make(run, "tick"), "tick", "a third")
    clock.at += max(LIFE.values()) + timedelta(seconds=5)
    assert not codes.shows(run, OTHER)
    assert store.admits(run, "a third")
    assert ["tick"] == [one.allows for one in codes.of(run)]  # so that it can be put out again


def test_only_hashes_are_stored(codes: Codes, run: str, database: Database) -> None:
    made = [codes.make(run, "tick"), codes.make(run, "see")]
    codes.redeem(made[0], "tick", OTHER)
    codes.redeem(made[1], "see", OTHER)
    with database.reading() as connection:
        kept = [str(row) for table in (run_codes, readers, viewers) for row in connection.execute(select(table))]
    assert not [secret for secret in (*made, OTHER) if any(secret in row for row in kept)]


def test_there_is_a_most_of_links(codes: Codes, run: str) -> None:
    for _ in range(MOST):
        codes.make(run, "see")
    with pytest.raises(Refused, match="End one"):
        codes.make(run, "tick")


def test_a_run_belongs_to_the_first_account_that_it_was_given_to(database: Database, clock: Clock, run: str) -> None:
    ownership = Ownership(database, clock)
    assert "" == ownership.account_of(run)
    for alias in ("ABCD", "WXYZ", "ABCD"):
        ownership.give(run, alias)
    assert "ABCD" == ownership.account_of(run)
    assert run in ownership.runs_of("ABCD")
    assert run not in ownership.runs_of("WXYZ")
