from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kb.article.article import Article
from kb.article.compare import compare
from kb.article.library import Library
from kb.article.problem import errors
from kb.article.side_file_check import changes_problems
from kb.cli.new import new, new_edition
from kb.errors import UsageError
from kb.settings import read_settings

JSON = '{{{\n  "title": "Bread",\n  "date": "03-01-2019",\n  "author": "Ann",\n  "sticky": false\n}}}\n'
YAML = "---\ntitle: Bread\ndate: 2019-03-01  # as agreed\nauthor: Ann\n---\n"
TOML = '+++\ntitle = "Bread"\ndate = 2019-03-01\nauthor = "Ann"\n+++\n'
STEPS = "## Steps\n\n1. Open the list of servers.\n2. Click Stop and wait.\n3. Delete the server.\n"
SIDE = """# Kept words.
procedures:
  - heading: Steps
    steps:
      - {step: 1, starts: Open, id: open}
      - {step: 2, starts: Click Stop, id: stop}  # both
      - {step: 3, starts: Delete, id: delete}
    changes:
      since: 2018-03-01
      weight: content
      steps:
        open: {was: [open], how: same}
        stop: {how: new}
        delete: {how: new}
    finished: {title: Done, text: Well done.}
"""
PARTLY = SIDE.replace("      - {step: 2, starts: Click Stop, id: stop}  # both\n", "").replace(
    "        stop: {how: new}\n", ""
)
SINCE_2018 = STEPS.replace("2. Click Stop and wait.\n3. Delete the server.\n", "")


@pytest.fixture
def library(tmp_path: Path) -> Path:
    (tmp_path / "Food").mkdir()
    return tmp_path


def begin(library: Path, *words: str) -> Result:
    return CliRunner().invoke(new, [*words, "--library", str(library), "--author", "Ann"], catch_exceptions=False)


def next_of(library: Path, name: str = "food/bread", day: str = "2020-05-06") -> Result:
    command = [name, "--library", str(library), "--date", day]
    return CliRunner().invoke(new_edition, command, catch_exceptions=False)


def article(library: Path, address: str = "food/bread") -> Article:
    found = Library.load(library, read_settings(library)).article_at(address)
    assert found
    return found


def files(library: Path) -> dict[str, str]:
    return {path.relative_to(library).as_posix(): path.read_text() for path in library.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "front, opening",
    [
        (JSON, '{{{\n  "title": "White bread",\n  "date": "05-06-2020"'),
        (YAML, "---\ntitle: White bread\ndate: 2020-05-06\n"),
        (TOML, "+++\ntitle = "),
    ],
)
def test_a_new_article_is_written_like_the_others_and_has_no_problem(library: Path, front: str, opening: str) -> None:
    (library / "Food" / "bread.md").write_text(front + "Text of the article.\n")

    done = begin(library, "Food/white-bread", "--date", "2020-05-06")

    assert done.exit_code == 0
    assert (library / "Food" / "white-bread.md").read_text().startswith(opening)
    edition = article(library, "food/white-bread").current
    assert (edition.title, edition.date, edition.author, edition.problems) == (
        "White bread",
        date(2020, 5, 6),
        "Ann",
        (),
    )


def test_in_an_empty_library_it_is_yaml_and_of_today(library: Path) -> None:
    begin(library, "Food/tea", "--title", "Tea: green")

    edition = article(library, "food/tea").current
    assert (edition.title, edition.problems) == ("Tea: green", ())
    assert edition.date
    assert (library / "Food" / "tea.md").read_text().startswith("---\n")


@pytest.mark.parametrize(
    "name",
    [
        "Food/bread",
        "Food/bread.md",
        "Food/Bread",
        "Food/bread@2018-01-01",
        "Food/2019-01-01",
        "../bread",
        "Food/.bread",
        "search",
    ],
)
def test_what_is_there_or_cannot_be_an_article_is_refused(library: Path, name: str) -> None:
    (library / "Food" / "bread.md").write_text(YAML + "Text.\n")
    before = files(library)

    with pytest.raises(UsageError):
        begin(library, name)

    assert files(library) == before


@pytest.mark.parametrize(
    "front, dated",
    [(JSON, '"date": "05-06-2020",'), (YAML, "date: 2020-05-06  # as agreed"), (TOML, "date = 2020-05-06")],
)
def test_a_new_edition_keeps_the_old_text_beside_and_changes_only_the_date(
    library: Path, front: str, dated: str
) -> None:
    (library / "Food" / "bread.md").write_bytes((front + "Text.\n").replace("\n", "\r\n").encode())
    before = (library / "Food" / "bread.md").read_bytes()

    next_of(library)

    assert (library / "Food" / "bread@2019-03-01.md").read_bytes() == before
    after = (library / "Food" / "bread.md").read_bytes().split(b"\r\n")
    changed = [new for old, new in zip(before.split(b"\r\n"), after, strict=True) if old != new]
    assert [line.decode().strip() for line in changed] == [dated]
    assert [str(edition.date) for edition in article(library).editions] == ["2020-05-06", "2019-03-01"]


@pytest.mark.parametrize("side", ["", SIDE, PARTLY])
def test_its_side_file_maps_every_step_as_same(library: Path, side: str) -> None:
    (library / "Food" / "bread.md").write_text(YAML + STEPS)
    if side:
        (library / "Food" / "bread.checklist.yaml").write_text(side)

    next_of(library)

    found = article(library)
    assert errors(found.current.problems) == []
    assert [problem for problem in changes_problems(found) if "@" not in problem.path] == []
    comparison = compare(found, *found.editions)
    hows = [part.match.how for part in comparison.steps if part.match]
    assert (hows, comparison.proposed, comparison.weight) == (["same"] * 3, False, "wording")


def test_the_old_side_file_is_kept_and_its_other_words_stay(library: Path) -> None:
    (library / "Food" / "bread@2018-03-01.md").write_text(YAML.replace("2019", "2018") + SINCE_2018)
    (library / "Food" / "bread.md").write_text(YAML + STEPS)
    (library / "Food" / "bread.checklist.yaml").write_text(SIDE)

    next_of(library)

    assert (library / "Food" / "bread@2019-03-01.checklist.yaml").read_text() == SIDE
    now = (library / "Food" / "bread.checklist.yaml").read_text()
    assert now.startswith("# Kept words.\n")
    assert "# both" in now
    assert "finished: {title: Done, text: Well done.}" in now
    assert "since: 2019-03-01" in now
    assert "2018" not in now


def test_an_article_without_steps_gets_no_side_file(library: Path) -> None:
    (library / "Food" / "bread.md").write_text(YAML + "Text.\n")

    next_of(library)

    assert sorted(files(library)) == ["Food/bread.md", "Food/bread@2019-03-01.md"]


@pytest.mark.parametrize("name", ["bread@2019-03-01.md", "bread@2019-03-01.checklist.yaml"])
def test_it_overwrites_nothing(library: Path, name: str) -> None:
    (library / "Food" / "bread.md").write_text(YAML + STEPS)
    (library / "Food" / "bread.checklist.yaml").write_text(SIDE)
    (library / "Food" / name).write_text("Something of mine.\n")
    before = files(library)

    with pytest.raises(UsageError, match=r"exists already|cannot be understood"):
        next_of(library)

    assert {path: text for path, text in files(library).items() if path in before} == before


@pytest.mark.parametrize("day", ["2019-03-01", "2018-01-01"])
def test_a_new_edition_must_be_newer(library: Path, day: str) -> None:
    (library / "Food" / "bread.md").write_text(YAML + STEPS)

    with pytest.raises(UsageError, match="must be newer"):
        next_of(library, day=day)


@pytest.mark.parametrize("side", ["", SIDE])
@pytest.mark.parametrize(
    "left",
    [["bread.md"], ["bread.md", "bread.checklist.yaml"], ["bread.md", "bread.checklist.yaml", "bread@2019-03-01.md"]],
)
def test_what_was_broken_off_is_finished_by_doing_it_again(library: Path, side: str, left: list[str]) -> None:
    """The files are written in one order; `left` had not been written when it was broken off."""
    (library / "Food" / "bread.md").write_text(YAML + STEPS)
    if side:
        (library / "Food" / "bread.checklist.yaml").write_text(side)
    before = files(library)
    next_of(library)
    finished = files(library)
    for name in left:
        path = f"Food/{name}"
        if path in before:
            (library / path).write_text(before[path])
        else:
            (library / path).unlink(missing_ok=True)

    next_of(library)

    assert files(library) == finished
