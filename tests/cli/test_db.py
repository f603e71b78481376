import threading
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from kb.checklist.chain import chain_of
from kb.checklist.store import RunStore
from kb.cli import commands
from kb.cli.folder import data_folder, secret_key
from kb.cli.serve import database_url
from kb.database import open_database
from kb.errors import UsageError
from tests.checklist.samples import CHECKLIST, Clock
from tests.served import serving
from tests.web.samples import write_library

Kb = Callable[..., Result]


@pytest.fixture
def kb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kb:
    library = tmp_path / "library"
    library.mkdir()
    monkeypatch.setenv("KB_LIBRARY", str(library))
    for name in ("KB_DATABASE_URL", "KB_SECRET_KEY", "KB_EARLIER_SECRET_KEYS"):
        monkeypatch.delenv(name, raising=False)
    return lambda *words: CliRunner().invoke(commands, words)


@pytest.fixture
def backup(kb: Kb, tmp_path: Path) -> Path:
    """A backup of a database with one run, which is still there."""
    start(data_folder(tmp_path / "library", None))
    kb("db", "backup", str(tmp_path / "backup"))
    return tmp_path / "backup"


def start(folder: Path) -> str:
    database = open_database(database_url(folder))
    run = RunStore(database, Clock(), chain_of(secret_key(folder).encode())).start(CHECKLIST, "r" * 43, "reader")
    database.close()
    return run


def tamper(file: Path, statement: str) -> None:
    database = open_database(f"sqlite:///{file}")
    with database.writing() as connection:
        connection.execute(text(statement))
    database.close()


def test_a_backup_says_what_it_holds_and_what_it_does_not(kb: Kb, backup: Path, tmp_path: Path) -> None:
    done = kb("db", "backup", str(tmp_path / "another"))
    assert 0 == done.exit_code
    assert "holds 1 runs with 1 events" in done.output
    assert "secret.key" in done.output
    assert backup.read_bytes()


def test_a_backup_replaces_another_only_when_told_to(kb: Kb, backup: Path) -> None:
    assert isinstance(kb("db", "backup", str(backup)).exception, UsageError)
    assert 0 == kb("db", "backup", str(backup), "--force").exit_code


def test_a_restore_replaces_what_is_there_only_when_told_to(kb: Kb, backup: Path, tmp_path: Path) -> None:
    start(tmp_path / "library" / ".kb")
    refused = kb("db", "restore", str(backup))
    assert "--force" in str(refused.exception)
    assert "2 runs" in kb("runs", "verify").output
    done = kb("db", "restore", str(backup), "--force")
    assert 0 == done.exit_code
    assert "Restored: 1 runs with 1 events." in done.output


def test_a_restore_into_an_empty_place_needs_the_key_to_be_verified(kb: Kb, backup: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    done = kb("db", "restore", str(backup), "--data", str(other))
    assert 1 == done.exit_code
    assert "KB_SECRET_KEY" in done.output
    assert "Nothing was restored." in done.output
    (other / "secret.key").write_text((tmp_path / "library" / ".kb" / "secret.key").read_text())
    assert 0 == kb("db", "restore", str(backup), "--data", str(other)).exit_code


def test_a_backup_that_was_altered_is_not_restored(kb: Kb, backup: Path, tmp_path: Path) -> None:
    tamper(backup, "UPDATE events SET actor = 'somebody'")
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "secret.key").write_text((tmp_path / "library" / ".kb" / "secret.key").read_text())
    done = kb("db", "restore", str(backup), "--data", str(folder))
    assert 1 == done.exit_code
    assert "event 1 (started) was altered" in done.output
    assert "0 runs" in kb("runs", "verify", "--data", str(folder)).output
    assert 1 == kb("db", "restore", str(backup), "--data", str(folder), "--force").exit_code
    assert "1 runs" in kb("runs", "verify", "--data", str(folder)).output


def test_a_site_serves_while_it_is_backed_up_and_restored(kb: Kb, tmp_path: Path, free_port: int) -> None:
    library, data = tmp_path / "library", tmp_path / "data"
    write_library(library)
    answers: list[int] = []
    over = threading.Event()
    with serving(library, data, free_port) as served:

        def readers() -> None:
            with httpx.Client(base_url=served.url, headers={"Origin": served.url}) as client:
                while not over.is_set():
                    answers.append(client.post("/runs/", data={"article": "house/moving-out"}).status_code)

        reader = threading.Thread(target=readers)
        reader.start()
        try:
            made = [kb("db", "backup", str(tmp_path / str(number)), "--data", str(data)) for number in range(2)]
        finally:
            over.set()
            reader.join()
        assert [0, 0] == [done.exit_code for done in made]
        assert 0 == kb("db", "restore", str(tmp_path / "0"), "--data", str(data), "--force").exit_code
        again = httpx.post(f"{served.url}/runs/", data={"article": "house/moving-out"}, headers={"Origin": served.url})
        assert 303 == again.status_code
    assert {303} == set(answers) - {429}
    assert 0 == kb("runs", "verify", "--data", str(data)).exit_code
