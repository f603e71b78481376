"""`kb check` says whom a new edition touches, and never makes a database."""

from datetime import UTC, datetime
from pathlib import Path

from click.testing import CliRunner, Result

from kb.article.library import Library
from kb.checklist.chain import chain_of
from kb.checklist.checklist import checklist_of
from kb.checklist.event import Draft
from kb.checklist.store import RunStore
from kb.cli.check import check as command
from kb.database import open_database
from kb.settings import Settings
from tests import house_editions

GIVEN_UP = Draft("x", "abandoned", "reader", body={"reason": "Stayed."})


def check(library: Path) -> Result:
    return CliRunner().invoke(command, [str(library)])


def start(library: Path, count: int, *, abandoned: int = 0) -> None:
    """Start runs on the library as it is now, and abandon some of them."""
    article = Library.load(library, Settings()).article_at(house_editions.ARTICLE)
    assert article
    database = open_database(f"sqlite:///{library / '.kb' / 'kb.sqlite3'}")
    store = RunStore(database, lambda: datetime.now(UTC), chain_of(b"key"))
    for number in range(count):
        run = store.start(checklist_of(article, article.current, article.current.procedures[0]), "reader", "reader")
        if number < abandoned:
            store.record(run, GIVEN_UP.id, lambda _events: GIVEN_UP)
    database.close()


def test_it_counts_the_checklists_in_progress_that_follow_earlier_steps(tmp_path: Path) -> None:
    library = house_editions.write_old(tmp_path)
    start(library, 4, abandoned=1)
    house_editions.write_both(library)
    start(library, 2)
    assert (
        "House/moving-out.md: 3 checklists in progress follow earlier steps: 3 offered the move"
        in check(library).stderr
    )


def test_it_says_how_much_the_change_matters(tmp_path: Path) -> None:
    library = house_editions.write_old(tmp_path)
    start(library, 1)
    house_editions.write_both(library, "danger")
    assert "1 checklist in progress follows earlier steps: 1 held back until moved" in check(library).stderr


def test_it_says_nothing_where_nobody_is_touched(tmp_path: Path) -> None:
    library = house_editions.write_both(tmp_path)
    start(library, 2)
    assert "in progress" not in check(library).stderr


def test_without_a_database_it_makes_none(tmp_path: Path) -> None:
    library = house_editions.write_both(tmp_path)
    assert "in progress" not in check(library).stderr
    assert not (library / ".kb").exists()


def test_a_database_that_cannot_be_read_is_no_fault_of_the_articles(tmp_path: Path) -> None:
    library = house_editions.write_both(tmp_path)
    (library / ".kb").mkdir()
    (library / ".kb" / "kb.sqlite3").write_bytes(b"This is no database." * 100)
    found = check(library)
    assert 0 == found.exit_code and "in progress" not in found.stderr


def test_the_database_is_left_as_it_is(tmp_path: Path) -> None:
    library = house_editions.write_old(tmp_path)
    start(library, 1)
    file = library / ".kb" / "kb.sqlite3"
    before = file.read_bytes()
    house_editions.write_both(library)
    check(library)
    assert before == file.read_bytes()
