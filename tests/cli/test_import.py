import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kb.article.library import Library
from kb.cli.import_ import REPORT, import_
from kb.errors import UsageError
from kb.settings import read_settings
from tests.repository import Repository

FRONT = '{{{\n  "title": "Pie",\n  "date": "%s",\n  "author": "Ann"\n}}}\n'
BODY = "Apples and pears are cooked for an hour.\n![Pie](../images/pie.png)\n"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "repository")
    made.commit({"Food/pie.md": FRONT % "01-01-2015" + BODY, "images/pie.png": "old", "README.md": "About.\n"})
    made.commit({"Food/pie.md": FRONT % "01-01-2016" + BODY, "images/pie.png": "new", "attachments/a b.doc": "word"})
    made.commit({"Food/gone.md": FRONT % "01-01-2016" + "Gone.\n", ".travis.yml": "x", "lib/run.js": "x"})
    made.commit({"Food/gone.md": None})
    return made


def run(repository: Repository, into: Path, *options: str) -> Result:
    command = [str(repository.folder), "--into", str(into), *options]
    return CliRunner().invoke(import_, command, catch_exceptions=False)


def state(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Every file below with its content and when it was changed."""
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}


def test_a_history_becomes_a_library_of_editions_with_its_images_and_attachments(
    repository: Repository, tmp_path: Path
) -> None:
    done = run(repository, tmp_path / "new")

    assert done.exit_code == 0
    assert "1 articles, 2 editions, 3 other files." in done.stderr
    assert "1 articles were deleted before" in done.stderr
    files = {path.relative_to(tmp_path / "new").as_posix() for path in (tmp_path / "new").rglob("*") if path.is_file()}
    assert files == {
        "Food/pie.md",
        "Food/pie@2015-01-01.md",
        "images/pie.png",
        "attachments/a b.doc",
        "README.md",
        REPORT,
    }
    assert (tmp_path / "new" / "images" / "pie.png").read_text() == "new"
    article = Library.load(tmp_path / "new", read_settings(tmp_path / "new")).article_at("food/pie")
    assert article
    assert [str(edition.date) for edition in article.editions] == ["2016-01-01", "2015-01-01"]


def test_the_repository_is_not_touched(repository: Repository, tmp_path: Path) -> None:
    before = state(repository.folder)

    run(repository, tmp_path / "new")

    assert state(repository.folder) == before


def test_what_is_doubtful_is_in_the_report(repository: Repository, tmp_path: Path) -> None:
    repository.commit({"Food/pie.md": FRONT % "06-01-2015" + BODY})

    done = run(repository, tmp_path / "new")

    assert "Food/pie.md: date-backwards the date went back from 2016-01-01 to 2015-06-01" in done.stdout
    report = json.loads((tmp_path / "new" / REPORT).read_text())
    assert [note["kind"] for note in report["notes"]] == ["date-backwards"]
    assert report["commit"] == repository.git("rev-parse", "HEAD")


def test_images_are_linked_where_the_working_file_is_the_wanted_one(repository: Repository, tmp_path: Path) -> None:
    (repository.folder / "attachments" / "a b.doc").write_text("changed since")

    run(repository, tmp_path / "new", "--link")

    assert (tmp_path / "new" / "images" / "pie.png").samefile(repository.folder / "images" / "pie.png")
    assert (tmp_path / "new" / "attachments" / "a b.doc").read_text() == "word"
    assert (tmp_path / "new" / "Food" / "pie.md").stat().st_nlink == 1


def test_another_ref_can_be_named(repository: Repository, tmp_path: Path) -> None:
    repository.git("tag", "first", "HEAD~3")

    run(repository, tmp_path / "new", "--ref", "first")

    assert (tmp_path / "new" / "images" / "pie.png").read_text() == "old"
    assert not (tmp_path / "new" / "Food" / "pie@2015-01-01.md").exists()


def test_an_edition_that_is_a_file_already_is_not_made_again(repository: Repository, tmp_path: Path) -> None:
    kept = FRONT % "01-01-2015" + "Kept by hand.\n"
    repository.commit({"Food/pie@2015-01-01.md": kept})

    run(repository, tmp_path / "new")

    assert (tmp_path / "new" / "Food" / "pie@2015-01-01.md").read_text() == kept


def test_a_folder_with_something_in_it_is_refused_and_left_alone(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "mine.md").write_text("mine")

    with pytest.raises(UsageError, match="not empty"):
        run(repository, tmp_path / "new")

    assert [path.name for path in (tmp_path / "new").iterdir()] == ["mine.md"]


def test_a_folder_inside_the_repository_is_refused(repository: Repository) -> None:
    with pytest.raises(UsageError, match="never touched"):
        run(repository, repository.folder / "new")


def test_nothing_is_left_behind_when_it_fails(repository: Repository, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no commit nowhere"):
        run(repository, tmp_path / "new", "--ref", "nowhere")

    assert [path.name for path in tmp_path.iterdir()] == ["repository"]


def test_paths_that_lead_out_of_the_folder_are_not_written(repository: Repository, tmp_path: Path) -> None:
    """git itself refuses to make such a tree from files, so it is made by hand."""
    content = repository.git("hash-object", "-w", "README.md")
    inner = _tree(repository, f"100644 blob {content}\tx.md\n")
    commit = repository.git("commit-tree", _tree(repository, f"040000 tree {inner}\t..\n"), "-m", "bad")

    done = run(repository, tmp_path / "deep" / "new", "--ref", commit)

    assert done.exit_code == 0
    assert [path.name for path in (tmp_path / "deep").rglob("*")] == ["new", REPORT]


def _tree(repository: Repository, entries: str) -> str:
    command = ["git", "mktree"]
    done = subprocess.run(command, input=entries, cwd=repository.folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()
