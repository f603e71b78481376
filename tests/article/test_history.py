from datetime import date
from pathlib import Path

import pytest

from kb.article.git_repository import GitRepository
from kb.article.history import PATTERN, ArticleHistory, history_of
from kb.article.threads import Threads
from kb.errors import UsageError
from tests.repository import Repository

BODY = "".join(f"This is sentence number {number} of a text about apples and pears.\n" for number in range(12))
OTHER = "".join(f"Zebra {number * 7919} runs quickly over hills, far from water.\n" for number in range(12))


def histories(repository: Repository, ref: str = "HEAD") -> dict[str, ArticleHistory]:
    with GitRepository(repository.folder) as opened:
        threads = Threads(opened.read)
        for commit in opened.commits(opened.commit_of(ref), PATTERN):
            threads.follow(commit)
        return {path: history_of(thread, opened) for path, thread in threads.living.items()}


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "repository")


def text(day: str, body: str = BODY) -> str:
    return f'{{{{{{\n  "title": "Pie",\n  "date": "{day}",\n  "author": "Ann"\n}}}}}}\n{body}'


def past(history: ArticleHistory) -> list[str]:
    return [edition.day.isoformat() for edition in history.past]


def kinds(history: ArticleHistory) -> list[str]:
    return [note.kind for note in history.notes]


def test_one_edition_for_each_date_by_its_value_the_last_text_that_bore_it(repository: Repository) -> None:
    repository.commit({"pie.md": text("1-5-2015")})
    repository.commit({"pie.md": text("01-05-2015", BODY + "Better.\n")})
    repository.commit({"pie.md": text("2016-03-01")})

    (history,) = histories(repository).values()

    assert past(history) == ["2015-01-05"]
    with GitRepository(repository.folder) as opened:
        assert opened.read(history.past[0].object) == text("01-05-2015", BODY + "Better.\n").encode()
        assert opened.read(history.object) == text("2016-03-01").encode()
    assert [note.message for note in history.notes] == [
        "1 edits left the date 2015-01-05; the last of these texts is the edition"
    ]


def test_renames_and_moved_folders_are_followed_also_with_an_edit(repository: Repository) -> None:
    repository.commit({"A/pie.md": text("01-01-2015"), "A/tart.md": text("01-01-2015", OTHER)})
    repository.commit(
        {
            "A/pie.md": None,
            "A/tart.md": None,
            "B/pie.md": text("01-01-2016", BODY + "More.\n"),
            "B/tart.md": text("01-01-2015", OTHER),
        }
    )
    repository.commit({"B/pie.md": None, "B/cake.md": text("01-01-2017", BODY)})

    found = histories(repository)

    assert {path: past(history) for path, history in found.items()} == {
        "B/cake.md": ["2015-01-01", "2016-01-01"],
        "B/tart.md": [],
    }


@pytest.mark.parametrize("path", ["pie.md", "Other/pie.md", "cake.md"])
def test_a_delete_and_an_add_in_other_commits_are_stitched_and_told(repository: Repository, path: str) -> None:
    repository.commit({"pie.md": text("01-01-2015"), "keep.md": text("01-01-2015", OTHER)})
    repository.commit({"pie.md": None})
    repository.commit({"keep.md": text("02-01-2015", OTHER)})
    repository.commit({path: text("01-01-2016")})

    history = histories(repository)[path]

    assert past(history) == ["2015-01-01"]
    assert kinds(history) == ["stitched"]


def test_an_add_before_the_delete_is_stitched_too(repository: Repository) -> None:
    repository.commit({"A/pie.md": text("01-01-2015")})
    repository.commit({"A/pie.md": text("01-01-2016", BODY)})
    repository.commit({"B/pie.md": text("01-01-2016", BODY)})
    repository.commit({"A/pie.md": None})

    assert past(histories(repository)["B/pie.md"]) == ["2015-01-01"]


def test_another_article_under_another_name_is_not_stitched(repository: Repository) -> None:
    repository.commit({"pie.md": text("01-01-2015")})
    repository.commit({"pie.md": None})
    repository.commit({"zebra.md": text("01-01-2016", OTHER)})

    assert past(histories(repository)["zebra.md"]) == []


def test_dates_that_ran_backwards_are_reported_and_kept(repository: Repository) -> None:
    repository.commit({"pie.md": text("12-20-2015")})
    repository.commit({"pie.md": text("01-04-2015", BODY + "New year.\n")})
    repository.commit({"pie.md": text("02-01-2016")})

    history = histories(repository)["pie.md"]

    assert past(history) == ["2015-01-04", "2015-12-20"]
    assert kinds(history) == ["date-backwards"]
    assert "2015-12-20 to 2015-01-04" in history.notes[0].message


def test_a_text_without_a_date_is_no_edition_and_is_reported(repository: Repository) -> None:
    repository.commit({"pie.md": "No front matter.\n"})
    repository.commit({"pie.md": text("01-01-2016")})

    history = histories(repository)["pie.md"]

    assert past(history) == []
    assert kinds(history) == ["date-missing"]


def test_only_first_parents_count(repository: Repository) -> None:
    repository.commit({"pie.md": text("01-01-2015")})
    repository.git("checkout", "-q", "-b", "side")
    repository.commit({"pie.md": text("01-01-2016")})
    repository.commit({"pie.md": text("01-01-2017")})
    repository.git("checkout", "-q", "main")
    repository.git("merge", "-q", "--no-ff", "-m", "merge", "side")

    assert past(histories(repository)["pie.md"]) == ["2015-01-01"]


def test_a_missing_blob_is_reported_and_the_others_are_read(repository: Repository) -> None:
    repository.commit({"pie.md": text("01-01-2015")})
    name = repository.git("rev-parse", "HEAD:pie.md")
    repository.commit({"pie.md": text("01-01-2016")})
    repository.commit({"pie.md": None, "cake.md": text("01-01-2017")})
    lost = repository.folder / ".git" / "objects" / name[:2] / name[2:]
    lost.chmod(0o644)
    lost.unlink()

    history = histories(repository)["cake.md"]

    assert past(history) == ["2016-01-01"]
    assert kinds(history) == ["blob-missing"]


def test_a_ref_that_is_not_there_is_wrong_use(repository: Repository) -> None:
    repository.commit({"pie.md": text("01-01-2015")})

    with pytest.raises(UsageError, match="no commit nowhere"):
        histories(repository, "nowhere")


def test_a_folder_that_is_no_repository_is_wrong_use(tmp_path: Path) -> None:
    with GitRepository(tmp_path) as opened, pytest.raises(UsageError):
        opened.commit_of("HEAD")


def test_names_with_blanks_signs_and_other_letters_are_read(repository: Repository) -> None:
    repository.commit({'Á & "B"/ä pie.md': text("01-01-2015")})
    repository.commit({'Á & "B"/ä pie.md': text("01-01-2016")})

    assert past(histories(repository)['Á & "B"/ä pie.md']) == ["2015-01-01"]
    assert date(2015, 1, 1) == histories(repository)['Á & "B"/ä pie.md'].past[0].day
