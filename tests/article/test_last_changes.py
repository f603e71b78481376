"""When a file changed last is what git says, and nothing where git says nothing."""

from datetime import UTC, datetime
from pathlib import Path

from kb.article.last_changes import last_changes
from tests.repository import Repository


def test_a_file_changed_on_the_day_of_its_last_commit_but_not_of_its_first(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "repository")
    repository.commit({"help/a.md": "1", "help/ä b.md": "1", "elsewhere.md": "1"})
    assert {} == last_changes(tmp_path / "repository" / "help")
    repository.commit({"help/ä b.md": "2", "elsewhere.md": "2"})
    today = datetime.now(UTC).date()
    changes = last_changes(tmp_path / "repository" / "help")
    assert ["ä b.md"] == list(changes)
    assert 1 >= abs((today - changes["ä b.md"]).days)


def test_outside_of_a_repository_nothing_is_known(tmp_path: Path) -> None:
    assert {} == last_changes(tmp_path)
    assert {} == last_changes(tmp_path / "missing")


def test_a_repository_without_commits_tells_nothing(tmp_path: Path) -> None:
    Repository(tmp_path / "new")
    assert {} == last_changes(tmp_path / "new")
