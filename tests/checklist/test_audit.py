from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Column, Integer, String, insert, null, select, text, true, update
from sqlalchemy.exc import IntegrityError

from kb.checklist.anchor import anchor_lines, read_anchor
from kb.checklist.audit import audit
from kb.checklist.chain import chain_of
from kb.checklist.event import Draft
from kb.checklist.ownership import Ownership
from kb.checklist.purge import Purge
from kb.checklist.store import RunStore
from kb.database import Database
from kb.errors import NotFound, UsageError
from kb.tables import UtcDateTime, metadata, snapshots
from tests.checklist.samples import CHECKLIST, MANUAL, START, Clock

READER = "r" * 43
CHAIN = chain_of(b"key")
KINDS = ("tick", "untick", "tick", "untick")


@pytest.fixture
def database(new_database: Database) -> Database:
    return new_database


@pytest.fixture
def run(store: RunStore) -> str:
    """A run of five events, started between two others."""
    store.start(MANUAL, READER, "reader")
    run = store.start(CHECKLIST, READER, "reader")
    for kind in KINDS:
        add(store, run, kind)
    store.start(MANUAL, READER, "reader")
    return run


def add(store: RunStore, run: str, kind: Any) -> None:
    version = len(store.events(run))
    wanted = Draft(f"{kind}-{version}", kind, "user:pat", "pack", version, {"who": "Pat"})
    store.record(run, wanted.id, lambda _events: wanted)


def tamper(database: Database, *statements: str, run: str) -> None:
    """What somebody does who can write the database but has no key."""
    with database.writing() as connection:
        for statement in statements:
            connection.execute(text(statement), {"run": run} if ":run" in statement else {})


def found(database: Database, run: str, **more: Any) -> list[tuple[str, int | None]]:
    """What the audit finds in this run; it must find nothing in any other."""
    findings = audit(database, CHAIN, **more).findings
    assert {run} >= {finding.run for finding in findings}
    return [(finding.code, finding.version) for finding in findings]


MINE = "WHERE run = :run AND version"
ADJUST_HEAD = (
    "UPDATE heads SET version = 3, mac = (SELECT mac FROM events WHERE run = :run AND version = 3) WHERE run = :run",
)
DELETE_RUN = (
    "DELETE FROM events WHERE run = :run",
    "DELETE FROM heads WHERE run = :run",
    "DELETE FROM run_readers WHERE run = :run",
    "DELETE FROM runs WHERE id = :run",
)


def test_untouched_runs_verify_and_are_counted(database: Database, run: str) -> None:
    done = audit(database, CHAIN)
    assert run
    assert (3, 7, 2, 0, []) == (done.runs, done.events, done.snapshots, done.before, done.findings)


def test_runs_that_start_at_the_same_moment_verify(database: Database, store: RunStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _number: store.start(CHECKLIST, READER, "reader"), range(16)))
    done = audit(database, CHAIN)
    assert (16, []) == (done.runs, done.findings)


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ((f'UPDATE events SET body = \'{{"who": "Sam"}}\' {MINE} = 3',), [("event-altered", 3)]),
        ((f"UPDATE events SET actor = 'user:sam' {MINE} = 3",), [("event-altered", 3)]),
        ((f"UPDATE events SET id = 'another' {MINE} = 3",), [("event-altered", 3)]),
        ((f"UPDATE events SET at = '2026-03-01 09:00:00.000000+00' {MINE} = 3",), [("event-altered", 3)]),
        ((f"UPDATE events SET kind = 'request' {MINE} = 3",), [("event-altered", 3)]),
        ((f"UPDATE events SET step = 'empty' {MINE} = 3",), [("event-altered", 3)]),
        ((f"UPDATE events SET seen = 0 {MINE} = 3",), [("event-altered", 3)]),
        ((f"UPDATE events SET digest = mac {MINE} = 3",), [("event-altered", 3)] * 2),
        ((f"UPDATE events SET mac = digest {MINE} = 3",), [("event-altered", 3)]),
        ((f"UPDATE events SET mac = NULL {MINE} = 3",), [("event-unchained", 3)]),
        ((f"UPDATE events SET key = '0123456789abcdef' {MINE} = 3",), [("other-key", 3)]),
        ((f"UPDATE events SET salt = NULL {MINE} = 3",), [("event-erased", 3)]),
        ((f"DELETE FROM events {MINE} = 3",), [("event-missing", 3)]),
        ((f"DELETE FROM events {MINE} = 1",), [("event-missing", 1)]),
        (("DELETE FROM events WHERE run = :run",), [("event-missing", 1), ("tail-cut", 1)]),
    ],
)
def test_an_altered_or_missing_event_is_named(
    database: Database, run: str, statements: Sequence[str], expected: list[tuple[str, int]]
) -> None:
    tamper(database, *statements, run=run)
    assert expected == found(database, run)


def test_events_that_changed_places_are_named_with_the_place_they_had(database: Database, run: str) -> None:
    tamper(
        database,
        f"UPDATE events SET version = 9 {MINE} = 3",
        f"UPDATE events SET version = 3 {MINE} = 4",
        f"UPDATE events SET version = 4 {MINE} = 9",
        run=run,
    )
    assert [("event-moved", 3), ("event-moved", 4)] == found(database, run)
    assert "recorded as event 4" in audit(database, CHAIN).findings[0].text


def test_an_event_of_another_run_is_no_event_of_this_one(database: Database, store: RunStore, run: str) -> None:
    other = store.start(CHECKLIST, READER, "reader")
    add(store, other, "tick")
    copied = "id, at, actor, kind, step, seen, body, snapshot, salt, digest, mac, key"
    tamper(
        database,
        f"DELETE FROM events {MINE} = 2",
        f"INSERT INTO events (run, version, {copied}) SELECT '{run}', 2, {copied} FROM events "
        f"WHERE run = '{other}' AND version = 2",
        run=run,
    )
    assert [("event-altered", 2), ("event-altered", 3)] == found(database, run)


@pytest.mark.parametrize(
    ("adjust", "expected"),
    [
        ((), [("tail-cut", 4)]),
        (("UPDATE heads SET version = 3 WHERE run = :run",), [("tail-cut", 3), ("head-altered", None)]),
        (ADJUST_HEAD, [("head-altered", None)]),
        (("DELETE FROM heads WHERE run = :run",), [("head-missing", None)]),
    ],
)
def test_a_cut_tail_is_found_whatever_was_done_to_the_head(
    database: Database, run: str, adjust: Sequence[str], expected: list[tuple[str, int]]
) -> None:
    tamper(database, f"DELETE FROM events {MINE} > 3", *adjust, run=run)
    codes = [(one.code, one.version) for one in audit(database, CHAIN).findings if one.run == run]
    assert expected == codes


def test_what_is_recorded_later_does_not_seal_a_cut(database: Database, store: RunStore, run: str) -> None:
    tamper(
        database,
        f"DELETE FROM events {MINE} > 3",
        *ADJUST_HEAD,
        run=run,
    )
    add(store, run, "untick")
    add(store, run, "tick")
    assert 5 == len(store.events(run))
    assert [("head-altered", None)] == found(database, run)


def test_an_event_that_kb_did_not_record_is_named(database: Database, run: str) -> None:
    tamper(
        database,
        "INSERT INTO events (run, version, id, at, actor, kind, step, seen, body) "
        "VALUES (:run, 6, 'forged', '2026-03-01 09:00:00.000000+00', 'user:pat', 'request', 'hand-in', 5, '{}')",
        run=run,
    )
    assert [("event-unchained", 6), ("event-added", 6)] == found(database, run)


def test_a_deleted_run_is_missed_without_any_anchor(database: Database, run: str) -> None:
    tamper(database, *DELETE_RUN, run=run)
    assert [("run-missing", "number 2")] == [(one.code, one.run) for one in audit(database, CHAIN).findings]


def test_the_run_started_last_is_missed_too_and_a_new_one_does_not_take_its_place(
    database: Database, store: RunStore, run: str
) -> None:
    last = store.start(MANUAL, READER, "reader")
    tamper(database, *DELETE_RUN, run=last)
    assert [("run-missing", "number 4")] == [(one.code, one.run) for one in audit(database, CHAIN).findings]
    tamper(database, "UPDATE register SET runs = 3", run=run)
    store.start(MANUAL, READER, "reader")
    assert ["register-altered"] == [one.code for one in audit(database, CHAIN).findings]


def test_a_run_that_points_at_another_checklist_is_named(database: Database, run: str) -> None:
    tamper(
        database,
        "UPDATE runs SET snapshot = (SELECT min(hash) FROM snapshots WHERE hash <> runs.snapshot) WHERE id = :run",
        run=run,
    )
    assert [("run-altered", None)] == found(database, run)


@pytest.mark.parametrize(
    "column", ["edition = '2015-11-04'", "article = 'c/d'", "revision = ''", "started = '2020-01-01 00:00:00+00'"]
)
def test_what_is_told_of_a_run_must_agree_with_its_events(database: Database, run: str, column: str) -> None:
    tamper(database, f"UPDATE runs SET {column} WHERE id = :run", run=run)
    assert [("run-altered", None)] == found(database, run)


def test_a_run_given_to_an_account_that_never_linked_it_is_named(database: Database, store: RunStore, run: str) -> None:
    other = store.start(CHECKLIST, READER, "reader")
    linked = Draft("linked", "linked", "ABCD/pat", body={"account": "ABCD"})
    store.record(other, linked.id, lambda _events: linked)
    Ownership(database, Clock()).give(other, "ABCD")
    assert [] == audit(database, CHAIN).findings
    Ownership(database, Clock()).give(run, "WXYZ")
    assert [("run-altered", None)] == found(database, run)


def test_an_altered_snapshot_is_named(database: Database, run: str) -> None:
    other = replace(CHECKLIST, title="Staying").as_json()
    with database.writing() as connection:
        connection.execute(update(snapshots).where(snapshots.c.hash == CHECKLIST.hash).values(body=other))
    assert run
    assert ["snapshot-altered"] == [one.code for one in audit(database, CHAIN).findings]


def test_another_key_is_told_from_tampering(database: Database, run: str) -> None:
    codes = {one.code for one in audit(database, chain_of(b"new key")).findings}
    assert run
    assert {"other-key"} == codes


def test_with_the_earlier_key_old_and_new_events_verify(database: Database, store: RunStore, run: str) -> None:
    changed = chain_of(b"new key", [b"key"])
    add(replace(store, chain=changed), run, "tick")
    replace(store, chain=changed).start(MANUAL, READER, "reader")
    assert [] == audit(database, changed).findings


def test_a_run_from_before_the_chain_is_no_fault_and_its_next_event_takes_it_in(
    database: Database, store: RunStore, run: str
) -> None:
    tamper(
        database,
        "UPDATE events SET snapshot = NULL, salt = NULL, digest = NULL, mac = NULL, key = NULL",
        "DELETE FROM heads",
        "DELETE FROM register",
        run=run,
    )
    before = audit(database, CHAIN)
    assert (3, 7, 7, []) == (before.runs, before.events, before.before, before.findings)
    add(store, run, "tick")
    after = audit(database, CHAIN)
    assert (8, 2, []) == (after.events, after.before, after.findings)
    tamper(database, f"UPDATE events SET actor = 'user:sam' {MINE} = 3", run=run)
    assert [("event-altered", 3)] == found(database, run)


def test_a_purged_run_verifies_and_only_what_can_be_counted_is_left(
    database: Database, store: RunStore, run: str
) -> None:
    assert 5 == Purge(database, CHAIN).run(run, "asked for", START)
    done = audit(database, CHAIN)
    assert (1, 8, []) == (done.purged, done.events, done.findings)
    left = store.events(run)
    assert ["started", *KINDS, "purged"] == [event.kind for event in left]
    assert {("", "")} == {(event.actor, str(event.body).strip("{}")) for event in left[:-1]}
    assert {"events": 5, "reason": "asked for"} == left[-1].body
    assert not store.admits(run, READER)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (f'UPDATE events SET body = \'{{"reason": "none"}}\' {MINE} = 6', [("event-altered", 6)]),
        (f"UPDATE events SET at = '2027-03-01 09:00:00.000000+00' {MINE} = 6", "all"),
        (f'UPDATE events SET body = \'{{"who": "Sam"}}\' {MINE} = 3', [("event-altered", 3)]),
        (f"DELETE FROM events {MINE} = 6", "all"),
    ],
)
def test_a_tampered_tombstone_is_named(
    database: Database, run: str, statement: str, expected: list[tuple[str, int]] | str
) -> None:
    Purge(database, CHAIN).run(run, "asked for", START)
    tamper(database, statement, run=run)
    told = found(database, run)
    if expected == "all":
        assert {("event-erased", version) for version in range(1, 6)} < set(told)
    else:
        assert expected == told


def test_a_forged_tombstone_hides_nothing(database: Database, run: str) -> None:
    """Somebody erases what was said and adds an event that says it was a purge."""
    tamper(
        database,
        "UPDATE events SET salt = NULL, actor = '', body = '{}', id = 'purged-2' WHERE run = :run AND version = 2",
        "INSERT INTO events (run, version, id, at, actor, kind, step, seen, body, snapshot, salt, digest, mac, key) "
        "SELECT run, 6, 'purged-6', at, 'operator', 'purged', '', 0, '{}', snapshot, salt, digest, mac, key "
        "FROM events WHERE run = :run AND version = 5",
        "UPDATE heads SET version = 6 WHERE run = :run",
        "UPDATE runs SET purged = started WHERE id = :run",
        run=run,
    )
    told = found(database, run)
    assert {("event-erased", 2), ("event-altered", 6), ("head-altered", None)} <= set(told)


def test_nothing_can_be_added_to_a_purged_run_and_a_second_purge_does_nothing(
    database: Database, store: RunStore, run: str
) -> None:
    purge = Purge(database, CHAIN)
    purge.run(run, "asked for", START)
    assert 0 == purge.run(run, "asked for", START)
    with pytest.raises(NotFound, match="erased"):
        add(store, run, "tick")
    with pytest.raises(NotFound, match="erased"):
        store.run(run)


def test_an_anchor_knows_runs_and_ends_that_a_whole_older_database_lacks(
    database: Database, store: RunStore, run: str, tmp_path: Path
) -> None:
    """Whoever puts an older copy of the whole database back leaves nothing that the database could tell."""
    rows = {table: _all(database, table) for table in ("events", "heads", "register")}
    add(store, run, "tick")
    newest = store.start(MANUAL, READER, "reader")
    file = tmp_path / "anchor"
    file.write_text("\n".join(anchor_lines(database, CHAIN, START)))
    tamper(database, *DELETE_RUN, run=newest)
    tamper(database, *(f"DELETE FROM {table}" for table in rows), run=run)
    for table, kept in rows.items():
        _put_back(database, table, kept)
    assert [] == audit(database, CHAIN).findings
    told = {(one.run, one.code) for one in audit(database, CHAIN, read_anchor(file, CHAIN)).findings}
    assert {(run, "tail-cut"), (newest, "run-missing")} == told


def test_an_anchor_still_holds_when_more_was_recorded_and_purged(
    database: Database, store: RunStore, run: str, tmp_path: Path
) -> None:
    file = tmp_path / "anchor"
    file.write_text("\n".join(anchor_lines(database, CHAIN, START)))
    add(store, run, "tick")
    Purge(database, CHAIN).run(run, "asked for", START)
    store.start(MANUAL, READER, "reader")
    assert [] == audit(database, CHAIN, read_anchor(file, CHAIN)).findings


@pytest.mark.parametrize(("old", "new"), [('"runs": 3', '"runs": 2'), (", 5, ", ", 4, "), ("\n", "\n\n")])
def test_an_altered_anchor_is_refused(database: Database, run: str, tmp_path: Path, old: str, new: str) -> None:
    file = tmp_path / "anchor"
    file.write_text("\n".join(anchor_lines(database, CHAIN, START)).replace(old, new, 1))
    assert run
    with pytest.raises(UsageError, match="anchor"):
        read_anchor(file, CHAIN)


def _all(database: Database, table: str) -> list[dict[str, Any]]:
    with database.reading() as connection:
        return [dict(row) for row in connection.execute(select(metadata.tables[table])).mappings()]


def _put_back(database: Database, table: str, rows: list[dict[str, Any]]) -> None:
    with database.writing() as connection:
        connection.execute(insert(metadata.tables[table]), rows)


GUARDED = [
    column
    for name in ("runs", "events", "heads", "register", "snapshots")
    for column in metadata.tables[name].columns
    if name == "events" or not (column.primary_key or column.foreign_keys)
]
OTHER = {String: "another", Integer: 77, UtcDateTime: START - timedelta(days=400), JSON: {"another": 1}}


@pytest.mark.parametrize("emptied", [False, True])
@pytest.mark.parametrize("column", GUARDED, ids=str)
def test_no_cell_can_be_altered_or_emptied_unnoticed(
    database: Database, run: str, column: Column[Any], *, emptied: bool
) -> None:
    """Whichever column a later version adds to these tables, it must be guarded too."""
    table = metadata.tables[column.table.name]
    row = (table.c.run == run) & (table.c.version == 3) if table.name == "events" else true()
    before = _all(database, table.name)
    with suppress(IntegrityError), database.writing() as connection:  # some the database itself refuses
        connection.execute(update(table).where(row).values({column: null() if emptied else OTHER[type(column.type)]}))
    altered = before != _all(database, table.name)
    assert altered == bool(audit(database, CHAIN).findings)
