from pathlib import Path

import pytest

from kb.article.side_file_check import changes_problems
from tests.article.editions import article, side, steps

OLD, NEW = "2018-01-01", "2020-01-01"
BEFORE = steps("Open the list of servers.", "Delete all servers.")
AFTER = steps("Open the list of networks.", "Remove all networks.")


def changes(text: str, since: str = OLD) -> str:
    return f"    changes: {{since: {since}, weight: content, {text}}}\n"


@pytest.mark.parametrize(
    "written, code, words",
    [
        (
            changes("steps: {list: {how: same, was: [list]}, remove: {how: new}}"),
            "side-file-changes-unmapped-step",
            "`delete`",
        ),
        (
            changes("steps: {list: {how: same, was: [list]}}, gone: {delete: {how: dropped}}"),
            "side-file-changes-unmapped-step",
            "`remove`",
        ),
        (
            changes(
                "steps: {list: {how: same, was: [lst]}, remove: {how: new}}, "
                "gone: {delete: {how: dropped}, list: {how: dropped}}"
            ),
            "side-file-changes-unknown-step",
            "`lst`",
        ),
        (
            changes(
                "steps: {list: {how: new}, remove: {how: new}}, "
                "gone: {delete: {how: dropped}, list: {how: dropped}, print: {how: dropped}}"
            ),
            "side-file-changes-unknown-step",
            "`print`",
        ),
        (
            changes("steps: {list: {how: new}, remove: {how: new}}", since="2017-01-01"),
            "side-file-changes-since",
            "2017-01-01",
        ),
        (changes("steps: {list: {how: new}, remove: {how: new}}", since=NEW), "side-file-changes-since", NEW),
    ],
)
def test_what_does_not_fit_the_older_edition_is_an_error(tmp_path: Path, written: str, code: str, words: str) -> None:
    sides = {
        OLD: side(["list", "delete"], ["Open", "Delete"]),
        NEW: side(["list", "remove"], ["Open", "Remove"], written),
    }

    (problem,) = changes_problems(article(tmp_path, {OLD: BEFORE, NEW: AFTER}, sides))

    assert (problem.code, problem.severity, problem.path) == (code, "error", "pie.checklist.yaml")
    assert words in problem.message
    assert problem.mend


def test_changes_that_map_every_step_are_fine(tmp_path: Path) -> None:
    written = changes("steps: {list: {how: same, was: [list]}, remove: {how: reworded, was: [delete]}}")
    sides = {
        OLD: side(["list", "delete"], ["Open", "Delete"]),
        NEW: side(["list", "remove"], ["Open", "Remove"], written),
    }

    assert changes_problems(article(tmp_path, {OLD: BEFORE, NEW: AFTER}, sides)) == []


def test_a_step_without_an_id_cannot_be_mapped_and_is_named_by_its_number(tmp_path: Path) -> None:
    written = changes("steps: {list: {how: same, was: [list]}}, gone: {delete: {how: dropped}}")
    sides = {OLD: side(["list", "delete"], ["Open", "Delete"]), NEW: side(["list"], ["Open"], written)}

    (problem,) = changes_problems(article(tmp_path, {OLD: BEFORE, NEW: AFTER}, sides))

    assert "step 2 has no id" in problem.message


def test_an_older_procedure_of_which_nothing_is_said_need_not_be_mapped(tmp_path: Path) -> None:
    other = "\n## Change your password\n\n1. Open your profile.\n2. Click Change password.\n3. Click Save.\n"
    written = changes("steps: {list: {how: same, was: [list]}, remove: {how: reworded, was: [delete]}}")
    sides = {
        OLD: side(["list", "delete"], ["Open", "Delete"]),
        NEW: side(["list", "remove"], ["Open", "Remove"], written),
    }

    assert changes_problems(article(tmp_path, {OLD: BEFORE + other, NEW: AFTER + other}, sides)) == []


def test_side_files_without_changes_have_no_problems_here(tmp_path: Path) -> None:
    assert changes_problems(article(tmp_path, {OLD: BEFORE, NEW: AFTER}, {NEW: side(["list"], ["Open"])})) == []
