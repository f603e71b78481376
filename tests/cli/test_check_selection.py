import json
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kb.article.problem import Problem
from kb.cli.check import check
from kb.cli.only import repeated
from kb.cli.selection import Selection, codes_of

BAD = "---\ntitle: Bad\ndate: 2026-01-01\nauthor: Us\n---\n[one](missing.md)\n\n![](missing.png)\n"


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(check, [str(word) for word in words], catch_exceptions=False)


def found(*words: str | Path) -> Counter[str]:
    """Codes of what is reported, as "path code"."""
    problems = json.loads(run("--format", "json", *words).stdout)["problems"]
    return Counter(f"{problem['path']} {problem['code']}" for problem in problems)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    root = tmp_path / "articles"
    for folder in ("Hands", "Feet"):
        (root / folder).mkdir(parents=True)
        (root / folder / "bad.md").write_text(BAD.replace("Bad", f"Bad {folder}"))
    return root


def test_all_is_reported_by_default(library: Path) -> None:
    codes = ("link-broken", "image-broken", "alt-missing")
    assert {f"{folder}/bad.md {code}" for folder in ("Feet", "Hands") for code in codes} == set(found(library))


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--select", "link-broken"], {"link-broken"}),
        (["--select", "link,alt"], {"link-broken", "alt-missing"}),
        (["--select", "link", "--select", "image"], {"link-broken", "image-broken"}),
        (["--ignore", "link"], {"image-broken", "alt-missing"}),
        (["--select", "image,alt", "--ignore", "image-broken"], {"alt-missing"}),
        (["--select", "link-broken", "--ignore", "link"], {"link-broken"}),
        (["--select", "nothing"], set()),
    ],
)
def test_codes_are_selected_and_ignored_by_name_or_beginning(
    library: Path, options: list[str], expected: set[str]
) -> None:
    assert expected == {line.split()[1] for line in found(library, *options)}


def test_kb_toml_selects_and_ignores_for_the_library_and_for_some_files(library: Path) -> None:
    (library / "kb.toml").write_text(
        '[check]\nselect = ["link", "image"]\nignore = ["image-orphaned"]\n'
        '[check.per_file_ignores]\n"Feet/*" = ["link"]\n'
    )
    assert {"Feet/bad.md image-broken", "Hands/bad.md image-broken", "Hands/bad.md link-broken"} == set(found(library))
    assert {"Hands/bad.md link-broken"} == set(found(library, "--select", "link"))


def test_a_wrong_setting_is_named(library: Path) -> None:
    (library / "kb.toml").write_text('[check.per_file_ignores]\n"Feet/*" = "link"\n')
    with pytest.raises(Exception, match=r"Feet/\* must be a list"):
        run(library)


@pytest.mark.parametrize("named", ["Hands", "Hands/", "Hands/bad.md", "./Hands/bad.md"])
def test_only_limits_the_report_to_files_and_folders_named_from_the_library(library: Path, named: str) -> None:
    assert {"Hands/bad.md"} == {line.split()[0] for line in found(library, "--only", named)}


@pytest.mark.parametrize("named", ["articles/Hands", "articles/Hands/bad.md"])
def test_only_knows_paths_from_the_current_folder(library: Path, named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(library.parent)
    assert {"Hands/bad.md"} == {line.split()[0] for line in found(library, "--only", named)}
    assert {"Hands/bad.md"} == {line.split()[0] for line in found(library, "--only", library.parent / named)}


def test_only_takes_several_paths_and_reads_everything(library: Path) -> None:
    (library / "Hands" / "good.md").write_text(BAD.split("[one]")[0] + "[feet](../Feet/bad.md)\n")
    assert {} == found(library, "--only", "Hands/good.md")
    both = found(library, "--only", "Hands/good.md", "Feet", "--strict")
    assert {"Feet/bad.md"} == {line.split()[0] for line in both}


def test_only_of_an_article_includes_its_side_file(library: Path) -> None:
    (library / "Hands" / "bad.checklist.yaml").write_text("nonsense: true\n")
    assert any(line.startswith("Hands/bad.checklist.yaml") for line in found(library, "--only", "Hands/bad.md"))


def test_only_of_what_is_not_there_is_wrong_use(library: Path) -> None:
    with pytest.raises(Exception, match="There is no Elbows in"):
        run(library, "--only", "Elbows")


ROOT = ["--only", "x", "--only", "y"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["lib", "--only", "x", "y"], ["lib", *ROOT]),
        (["lib", "--only", "x", "--only", "y"], ["lib", *ROOT]),
        (["--only", "x", "y", "--strict"], [*ROOT, "--strict"]),
        (["--format", "json", "lib", "--only", "x", "y"], ["--format", "json", "lib", *ROOT]),
        (["--only", "x", "--format", "json"], ["--only", "x", "--format", "json"]),
        (["--only", "x"], ["--only", "x"]),
        (["--only"], ["--only"]),
        ([], []),
    ],
)
def test_only_may_be_followed_by_several_paths(words: list[str], expected: list[str]) -> None:
    assert expected == repeated(words, {"--only", "--format"})


def test_the_library_may_come_after_only(library: Path) -> None:
    assert {"Hands/bad.md"} == {line.split()[0] for line in found("--only", "Hands/bad.md", library)}


def test_the_longer_name_wins() -> None:
    problem = Problem("a.md", 1, 1, "link-broken", "error", "", "")
    assert Selection(ignore=("link",)).holds(problem) is False
    assert Selection(select=("link-broken",), ignore=("link",)).holds(problem) is True
    assert Selection(select=("link",), ignore=("link-broken",)).holds(problem) is False
    assert Selection(per_file_ignores={"*.md": ("link",)}).holds(problem) is False
    assert Selection(per_file_ignores={"*.txt": ("link",)}).holds(problem) is True
    assert ("a", "b", "c") == codes_of(["a, b", "c,"])
