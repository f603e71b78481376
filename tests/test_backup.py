import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text

from kb.backup import holds_anything, reading_backup, replace_all, write_backup
from kb.checklist.audit import Audit, audit
from kb.checklist.chain import chain_of
from kb.checklist.event import Draft
from kb.checklist.store import RunStore
from kb.database import Database
from kb.errors import StoreError, UsageError
from kb.tables import metadata, sign_ins, staff_looks
from tests.checklist.samples import CHECKLIST, MANUAL, START, Clock
from tests.databases import new_postgres_database, sqlite_database

CHAIN = chain_of(b"key")
READER = "r" * 43
KINDS = ("sqlite", "postgresql")


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    with made(request, request.param, tmp_path / "data") as found:
        yield found


@contextmanager
def made(request: pytest.FixtureRequest, kind: str, folder: Path) -> Iterator[Database]:
    if kind == "sqlite":
        yield from sqlite_database(folder)
    else:
        yield from new_postgres_database(request.getfixturevalue("postgres_url"))


def filled(database: Database) -> str:
    """A run with some events, a sign-in and a look of the staff."""
    store = RunStore(database, Clock(), CHAIN)
    run = store.start(CHECKLIST, READER, "reader")
    store.start(MANUAL, READER, "reader")
    for number in range(5):
        tick(store, run, number)
    with database.writing() as connection:
        connection.execute(insert(sign_ins).values(key="k", sealed=b"secret", until=START))
        connection.execute(insert(staff_looks).values(at=START, staff="local:kim", run=run, how="code"))
    return run


def tick(store: RunStore, run: str, number: int) -> None:
    wanted = Draft(f"event-{number}", "tick", "reader", "pack", number, {"ünï": "\U0001f4e6\n"})
    store.record(run, wanted.id, lambda _events: wanted)


def verified(database: Database) -> Audit:
    done = audit(database, CHAIN)
    assert [] == done.findings
    return done


def all_rows(database: Database) -> dict[str, set[str]]:
    with database.looking() as connection:
        return {
            name: {repr(row) for row in connection.execute(select(table))} for name, table in metadata.tables.items()
        }


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_backed_up_is_restored_into_either_kind_of_database(
    request: pytest.FixtureRequest, database: Database, kind: str, tmp_path: Path
) -> None:
    filled(database)
    file = tmp_path / "backup"
    write_backup(database, file)
    with made(request, kind, tmp_path / "other") as other:
        with reading_backup(file) as source:
            replace_all(other, source)
        assert {**all_rows(database), "sign_ins": set()} == all_rows(other)
        assert (2, 7) == (verified(other).runs, verified(other).events)


def test_after_a_restore_everything_can_go_on(
    request: pytest.FixtureRequest, database: Database, tmp_path: Path
) -> None:
    run = filled(database)
    write_backup(database, tmp_path / "backup")
    with made(request, "postgresql", tmp_path) as other:
        with reading_backup(tmp_path / "backup") as source:
            replace_all(other, source)
        store = RunStore(other, Clock(), CHAIN)
        tick(store, run, 99)
        store.start(MANUAL, READER, "reader")
        with other.writing() as connection:
            connection.execute(insert(staff_looks).values(at=START, staff="local:kim", run=run, how="code"))
        assert 3 == verified(other).runs


def test_a_restore_replaces_all_that_was_there(database: Database, tmp_path: Path) -> None:
    filled(database)
    file = tmp_path / "backup"
    write_backup(database, file)
    before = {**all_rows(database), "sign_ins": set()}
    store = RunStore(database, Clock(), CHAIN)
    tick(store, store.start(MANUAL, READER, "reader"), 7)
    with reading_backup(file) as source:
        replace_all(database, source)
    assert before == all_rows(database)


def test_what_was_known_before_a_restore_is_not_taken_for_what_is_there(database: Database, tmp_path: Path) -> None:
    """A request that read a run before its database was replaced by an older one decides again."""
    run = filled(database)
    store = RunStore(database, Clock(), CHAIN)
    write_backup(database, tmp_path / "backup")
    tick(store, run, 7)
    known = store.journal(run)
    with reading_backup(tmp_path / "backup") as source:
        replace_all(database, source)
    wanted = Draft("late", "tick", "reader", "pack")
    store.record(run, wanted.id, lambda _events: wanted, wanted, known)
    assert ["event-4", "late"] == [event.id for event in store.events(run)[-2:]]
    verified(database)


def test_backups_made_while_many_write_are_each_whole(database: Database, tmp_path: Path) -> None:
    """Whatever was acknowledged before a backup began is in it; nothing in it is half."""
    store = RunStore(database, Clock(), CHAIN)
    runs = [store.start(CHECKLIST, READER, "reader") for _ in range(3)]
    acknowledged = dict.fromkeys(runs, 1)
    over = threading.Event()

    def write(run: str) -> None:
        for number in count():
            if over.is_set():
                return
            tick(store, run, number)
            acknowledged[run] = number + 2

    with ExitStack() as stack:
        threads = [threading.Thread(target=write, args=(run,)) for run in runs]
        for thread in threads:
            thread.start()
            stack.callback(thread.join)
        stack.callback(over.set)
        for number in range(4):
            known, file = dict(acknowledged), tmp_path / f"backup-{number}"
            write_backup(database, file)
            with reading_backup(file) as source:
                verified(source)
                kept = RunStore(source, Clock(), CHAIN)
                assert all(len(kept.events(run)) >= many for run, many in known.items())
    verified(database)


def test_a_backup_is_one_file_that_only_its_owner_reads_without_sign_ins(database: Database, tmp_path: Path) -> None:
    filled(database)
    folder = tmp_path / "backups"
    folder.mkdir()
    write_backup(database, folder / "backup")
    assert ["backup"] == [file.name for file in folder.iterdir()]
    assert 0o600 == (folder / "backup").stat().st_mode & 0o777
    assert b"secret" not in (folder / "backup").read_bytes()


def test_reading_a_backup_leaves_it_as_it_is(database: Database, tmp_path: Path) -> None:
    filled(database)
    file = tmp_path / "backup"
    write_backup(database, file)
    content = file.read_bytes()
    file.chmod(0o400)
    with reading_backup(file) as source:
        verified(source)
    assert content == file.read_bytes()


def test_a_restore_that_fails_changes_nothing(database: Database, tmp_path: Path) -> None:
    filled(database)
    file = tmp_path / "backup"
    write_backup(database, file)
    before = all_rows(database)
    with reading_backup(file) as source:
        with source.writing() as connection:
            connection.execute(text("DROP TABLE heads"))
        with pytest.raises(StoreError):
            replace_all(database, source)
    assert before == all_rows(database)


def test_an_empty_database_holds_nothing_and_a_used_one_does(database: Database) -> None:
    assert not holds_anything(database)
    filled(database)
    assert holds_anything(database)


@pytest.mark.parametrize("content", [b"", b"no database at all" * 100, None])
def test_what_is_no_backup_is_refused(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "backup"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(UsageError, match="backup"), reading_backup(file):
        pass


def test_a_folder_that_cannot_be_written_is_named(database: Database, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nowhere"):
        write_backup(database, tmp_path / "nowhere" / "backup")
