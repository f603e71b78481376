import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kb.cli.check import check

BAD = "---\ntitle: Bad\ndate: 2026-01-01\nauthor: Us\n---\n[one](missing.md)\n"


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(check, [str(word) for word in words], catch_exceptions=False)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    root = tmp_path / "articles"
    (root / "Hands").mkdir(parents=True)
    (root / "Hands" / "bad.md").write_text(BAD)
    return root


@pytest.fixture
def baseline(library: Path, tmp_path: Path) -> Path:
    file = tmp_path / "baseline.json"
    assert 0 == run(library, "--write-baseline", file).exit_code
    return file


def test_old_faults_are_not_reported_and_fail_nothing(library: Path, baseline: Path) -> None:
    done = run(library, "--baseline", baseline)
    assert (0, "") == (done.exit_code, done.stdout)
    assert "0 errors, 0 warnings (1 old ones in the baseline)" in done.stderr


def test_a_fault_is_old_wherever_its_line_is_now(library: Path, baseline: Path) -> None:
    (library / "Hands" / "bad.md").write_text(BAD.replace("[one]", "A new line.\n\n[one]"))
    assert "" == run(library, "--baseline", baseline).stdout


def test_a_new_fault_of_the_same_kind_is_reported(library: Path, baseline: Path) -> None:
    (library / "Hands" / "bad.md").write_text(BAD + "\n[two](absent.md)\n")
    done = run(library, "--baseline", baseline)
    assert 1 == done.exit_code
    assert ["Hands/bad.md:8:7"] == [line.split(": ")[0] for line in done.stdout.splitlines()]


def test_the_same_fault_once_more_than_known_is_reported(library: Path, baseline: Path) -> None:
    (library / "Hands" / "bad.md").write_text(BAD + "\n[again](missing.md)\n")
    assert ["Hands/bad.md:8:9"] == [
        line.split(": ")[0] for line in run(library, "--baseline", baseline).stdout.splitlines()
    ]


def test_the_library_may_name_its_baseline(library: Path) -> None:
    (library / "kb.toml").write_text('[check]\nbaseline = "old-faults.json"\n')
    run(library, "--write-baseline", library / "old-faults.json")
    assert (0, "") == (run(library).exit_code, run(library).stdout)


def test_a_baseline_is_the_same_text_for_the_same_faults(library: Path, baseline: Path, tmp_path: Path) -> None:
    run(library, "--write-baseline", tmp_path / "again.json")
    assert baseline.read_text() == (tmp_path / "again.json").read_text()
    [known] = json.loads(baseline.read_text())["problems"]
    assert ("Hands/bad.md", "link-broken", 1) == (known["path"], known["code"], known["count"])


@pytest.mark.parametrize("text", [None, "", "[]", '{"problems": [{}]}', '{"problems": [1]}'])
def test_what_is_no_baseline_is_wrong_use(library: Path, tmp_path: Path, text: str | None) -> None:
    file = tmp_path / "other.json"
    if text is not None:
        file.write_text(text)
    with pytest.raises(Exception, match="--write-baseline"):
        run(library, "--baseline", file)
