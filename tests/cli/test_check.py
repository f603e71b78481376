import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kb.cli.check import check

GOOD = "---\ntitle: Good\ndate: 2026-01-01\nauthor: Us\n---\n## Steps\n\n1. Wave.\n2. Smile.\n"
SIDE = "procedures:\n  - heading: Steps\n    steps:\n      - {step: 1, starts: %s, id: wave, check: %s}\n"


def run(library: Path, *options: str) -> Result:
    return CliRunner().invoke(check, [str(library), *options], catch_exceptions=False)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    (tmp_path / "Hands").mkdir()
    (tmp_path / "Hands" / "good.md").write_text(GOOD)
    return tmp_path


def test_a_sound_library_is_fine(library: Path) -> None:
    done = run(library)
    assert (0, "") == (done.exit_code, done.stdout)
    assert "1 articles: 0 errors, 0 warnings" in done.stderr


def test_the_sample_library_reports_just_what_its_authors_left(sample_library: Path) -> None:
    done = run(sample_library)
    place = "Accounts & Users/closing-your-account.md"
    assert 0 == done.exit_code
    lines = done.stdout.splitlines()
    assert [f"{place}:32:58", f"{place}:39:1", f"{place}:42:1"] == [line.split(": ")[0] for line in lines]
    assert "resourses" in lines[0]
    assert "resources" in lines[0]
    assert "[6]" in lines[1]
    assert "[9]" in lines[2]
    assert all(" warning " in line for line in lines)
    assert 1 == run(sample_library, "--strict").exit_code


@pytest.mark.parametrize(
    ("starts", "name", "code"),
    [
        ("Wave", "account.nothing", "side-file-unknown-name"),
        ("Jump", "account.has_role", "side-file-"),
    ],
)
def test_a_side_file_that_fits_nothing_is_an_error(library: Path, starts: str, name: str, code: str) -> None:
    (library / "Hands" / "good.checklist.yaml").write_text(SIDE % (starts, name))
    done = run(library)
    assert 1 == done.exit_code
    assert "good.checklist.yaml:4:" in done.stdout
    assert f": {code}" in done.stdout


def test_problems_are_served_as_data(library: Path) -> None:
    (library / "Hands" / "good.md").write_text(GOOD + "\n[nowhere](missing.md)\n")
    found = json.loads(run(library, "--format", "json").stdout)["problems"]
    assert ["Hands/good.md", 11] == [found[0]["path"], found[0]["line"]]
    assert {"path", "line", "column", "code", "severity", "message", "mend"} == set(found[0])
