from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kb.cli.diff import WIDTH, diff
from kb.errors import NotFound, UsageError

FRONT = "---\ntitle: Bread\ndate: {day}\nauthor: Ann\n---\n"
STEPS = "## Steps\n\n1. Open the list of {what}.\n2. Click Stop and wait.\n"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    (tmp_path / "Food").mkdir()
    for name, day, what in (
        ("bread", "2020-01-01", "servers"),
        ("bread@2019-01-01", "2019-01-01", "networks"),
        ("bread@2018-01-01", "2018-01-01", "files"),
    ):
        (tmp_path / "Food" / f"{name}.md").write_text(FRONT.format(day=day) + STEPS.format(what=what))
    (tmp_path / "Food" / "tea.md").write_text(FRONT.format(day="2020-01-01") + "Text.\n")
    return tmp_path


def run(library: Path, *words: str) -> Result:
    return CliRunner().invoke(diff, [*words, "--library", str(library)], catch_exceptions=False)


@pytest.mark.parametrize(
    "words, heads",
    [
        (["food/bread"], "Bread: 1 January 2019 → 1 January 2020"),
        (["Food/bread.md"], "Bread: 1 January 2019 → 1 January 2020"),
        (["Food/bread@2018-01-01.md"], "Bread: 1 January 2019 → 1 January 2020"),
        (["food/bread", "2018-01-01"], "Bread: 1 January 2018 → 1 January 2020"),
        (["food/bread", "2018-01-01", "2019-01-01"], "Bread: 1 January 2018 → 1 January 2019"),
        (["food/bread", "current", "2018-01-01"], "Bread: 1 January 2018 → 1 January 2020"),
    ],
)
def test_the_editions_are_named_by_date_and_the_article_by_address_or_file(
    library: Path, words: list[str], heads: str
) -> None:
    assert run(library, *words).output.splitlines()[0] == heads


def test_a_path_on_disk_names_the_article_too(library: Path) -> None:
    assert run(library, str(library / "Food" / "bread.md")).exit_code == 0


def test_changed_words_stand_in_marks_and_unchanged_steps_do_not(library: Path) -> None:
    lines = run(library, "food/bread").output.splitlines()

    assert "  - 2019 step 1 is 2020 step 1, in other words *" in lines
    assert "  - 2019 step 2 is 2020 step 2, unchanged *" in lines
    assert "~ Open the list of [-networks-]{+servers+}." in lines
    assert "  Click Stop and wait." in lines
    assert any("No author has said this" in line for line in lines)


def test_lines_fit_the_width(sample_library: Path) -> None:
    done = run(sample_library, "accounts-and-users/closing-your-account")

    assert max(map(len, done.output.splitlines())) <= WIDTH


@pytest.mark.parametrize(
    "words, wrong",
    [
        (["food/cake"], NotFound),
        (["food/bread", "2017-01-01"], NotFound),
        (["food/bread", "yesterday"], UsageError),
        (["food/tea"], NotFound),
    ],
)
def test_what_is_not_there_is_said(library: Path, words: list[str], wrong: type[Exception]) -> None:
    with pytest.raises(wrong):
        run(library, *words)
