import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from kb.checklist.chain import chain_of
from kb.checklist.event import Draft
from kb.checklist.store import RunStore
from kb.cli import commands
from kb.cli.folder import secret_key
from kb.cli.serve import database_url
from kb.database import open_database
from kb.errors import KbError
from tests.checklist.samples import CHECKLIST, FAILED, MANUAL, Clock, checked, draft

Kb = Callable[..., Result]


@pytest.fixture
def kb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Kb:
    monkeypatch.setenv("KB_LIBRARY", str(tmp_path))
    monkeypatch.delenv("KB_DATABASE_URL", raising=False)
    return lambda *words: CliRunner().invoke(commands, words)


@pytest.fixture
def run(tmp_path: Path) -> str:
    """A run of the account ABCD; another reader has one of another article."""
    folder = tmp_path / ".kb"
    folder.mkdir()
    database = open_database(database_url(folder))
    store = RunStore(database, Clock(), chain_of(secret_key(folder).encode()))
    store.start(MANUAL, "s" * 43, "reader")
    run = store.start(CHECKLIST, "r" * 43, "reader")
    said = (draft("linked", account="ABCD"), draft("tick", "pack"), draft("note", "pack", text="<b>|"))
    for wanted in (*said, checked("empty", FAILED)):
        add(store, run, wanted)
    database.close()
    return run


def add(store: RunStore, run: str, wanted: Draft) -> None:
    store.record(run, wanted.id, lambda _events: wanted)


def tamper(tmp_path: Path, statement: str) -> None:
    database = open_database(database_url(tmp_path / ".kb"))
    with database.writing() as connection:
        connection.execute(text(statement))
    database.close()


def test_runs_are_listed_newest_first_with_how_far_they_are(kb: Kb, run: str) -> None:
    _, first, second = kb("runs", "list").output.splitlines()
    assert run in first
    assert "1 of 3" in first
    assert "a/b" in second


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["--article", "a/b"], ["a/b"]),
        (["--status", "in-progress"], ["house/moving-out", "a/b"]),
        (["--status", "finished"], []),
        (["--since", "2026-03-01", "--most", "1"], ["house/moving-out"]),
        (["--since", "2026-03-02"], []),
    ],
)
def test_a_list_is_narrowed(kb: Kb, run: str, words: list[str], found: list[str]) -> None:
    assert run
    told = json.loads(kb("runs", "list", "--format", "json", *words).output)
    assert found == [line["article"] for line in told]


def test_a_run_is_shown_with_its_steps_and_events(kb: Kb, run: str) -> None:
    said = kb("runs", "show", run).output
    assert "1 of 3 done, account ABCD" in said
    assert "There is a problem: 1 sofa is left" in said
    assert "All 5 events are as they were recorded." in said


def test_a_record_is_exported_as_json_with_everything_that_was_recorded(kb: Kb, run: str) -> None:
    told = json.loads(kb("runs", "export", run).output)
    assert (True, "ABCD", "2026-02-01", 5) == (
        told["intact"], told["account"], told["edition"], len(told["events"])
    )  # fmt: skip
    assert {"left"} == {item["state"] for item in told["events"][-1]["body"]["evidence"]}


def test_a_record_as_markdown_escapes_what_people_wrote(kb: Kb, run: str) -> None:
    said = kb("runs", "export", run, "--format", "markdown").output
    assert "Noted: \\<b\\>\\|" in said
    assert "| sofa | Sofa | Attic | left |" in said


def test_a_record_as_html_is_one_file_that_needs_nothing_else(kb: Kb, run: str, tmp_path: Path) -> None:
    file = tmp_path / "record.html"
    assert 0 == kb("runs", "export", run, "--format", "html", "--output", str(file)).exit_code
    page = file.read_text()
    assert "&lt;b&gt;" in page
    assert not re.search(r"""(src|href)=["']""", page)
    assert "Sofa" in page


def test_untouched_runs_verify(kb: Kb, run: str) -> None:
    done = kb("runs", "verify")
    assert run
    assert 0 == done.exit_code
    assert "2 runs with 6 events and 2 checklists were checked" in done.output


def test_tampering_is_named_and_exits_1(kb: Kb, run: str, tmp_path: Path) -> None:
    tamper(tmp_path, "UPDATE events SET actor = 'somebody' WHERE kind = 'tick'")
    done = kb("runs", "verify")
    assert 1 == done.exit_code
    assert f"run {run}: event 3 (tick) was altered" in done.output


def test_a_changed_key_is_named_as_that(kb: Kb, run: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    old = (tmp_path / ".kb" / "secret.key").read_text()
    monkeypatch.setenv("KB_SECRET_KEY", "another")
    done = kb("runs", "verify")
    assert run
    assert 1 == done.exit_code
    assert "[other-key]" in done.output
    assert "altered" not in done.output
    assert "KB_EARLIER_SECRET_KEYS" in done.output
    monkeypatch.setenv("KB_EARLIER_SECRET_KEYS", old)
    assert 0 == kb("runs", "verify").exit_code


def test_an_anchor_is_only_written_when_all_is_well_and_later_tells_what_is_missing(
    kb: Kb, run: str, tmp_path: Path
) -> None:
    anchor = str(tmp_path / "anchor")
    assert 0 == kb("runs", "verify", "--write-anchor", anchor).exit_code
    assert 0 == kb("runs", "verify", "--anchor", anchor).exit_code
    tamper(tmp_path, f"DELETE FROM events WHERE run = '{run}' AND version = 5")
    done = kb("runs", "verify", "--anchor", anchor, "--write-anchor", str(tmp_path / "other"))
    assert "its last when the anchor was made, is missing" in done.output
    assert not (tmp_path / "other").exists()


def test_a_purge_is_announced_first_and_then_verifies(kb: Kb, run: str) -> None:
    assert f"{run}\n1 checklists would be purged" in kb("runs", "purge", "--account", "ABCD", "--dry-run").output
    assert f"{run}: 5 events erased" in kb("runs", "purge", "--account", "ABCD").output
    assert "purged" in kb("runs", "list", "--status", "purged").output
    assert "erased" in kb("runs", "show", run).output
    assert 0 == kb("runs", "verify").exit_code


def test_nothing_of_a_purged_run_is_left_in_the_files(kb: Kb, run: str, tmp_path: Path) -> None:
    written = [file for file in (tmp_path / ".kb").iterdir() if b"Sofa" in file.read_bytes()]
    assert written
    kb("runs", "purge", run)
    assert not [file for file in (tmp_path / ".kb").iterdir() if b"Sofa" in file.read_bytes()]


def test_runs_without_any_event_for_long_are_purged_by_age(kb: Kb, run: str) -> None:
    assert run
    assert "2 checklists were purged" in kb("runs", "purge", "--older-than", "10d").output
    assert "0 checklists were purged" in kb("runs", "purge", "--older-than", "10d").output
    assert "400d" in kb("runs", "purge", "--older-than", "long").output


@pytest.mark.parametrize(
    "words",
    [
        ["purge"],
        ["purge", "x", "--older-than", "1d"],
        ["purge", "x"],
        ["show", "x"],
        ["export", "x"],
        ["export-heads", "/proc/none/heads"],
        ["verify", "--anchor", "/proc/none/heads"],
    ],
)
def test_what_cannot_be_meant_is_refused(kb: Kb, run: str, words: list[str]) -> None:
    assert run
    assert isinstance(kb("runs", *words).exception, KbError)
