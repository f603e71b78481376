from datetime import date
from pathlib import Path

import pytest

from kb.article.article import Article
from kb.article.compare import Comparison, compare, short_names
from kb.article.compared_words import sentence
from kb.article.library import Library
from kb.settings import read_settings
from tests.article.editions import article, side, steps

SAMPLES = Path(__file__).resolve().parents[2] / "articles"
OLD, MIDDLE, NEW = "2018-01-01", "2019-01-01", "2020-01-01"

OPEN = "Open the list of four servers in the control panel."
STOP = "Click Stop and wait until the server is off."
SAVE = "Select a folder for the copy and save all your files there."
DELETE = "Delete the network that nobody uses."


def compared(found: Article) -> Comparison:
    return compare(found, found.editions[-1], found.current)


def changed(since: str, weight: str, steps: str, summary: str = "Something.") -> str:
    """The part `changes` of a side file."""
    return f"    changes: {{since: {since}, weight: {weight}, summary: [{summary}], steps: {{{steps}}}}}\n"


def said(comparison: Comparison) -> list[str]:
    return [sentence(part, short_names(comparison)) for part in comparison.steps]


def test_the_two_given_editions_are_told_as_their_authors_mean_it() -> None:
    library = Library.load(SAMPLES, read_settings(SAMPLES))
    found = library.article_at("accounts-and-users/closing-your-account")
    assert found

    comparison = compared(found)

    assert said(comparison) == [
        "2019 step 1 is new",
        "2015 step 1 is 2019 step 2, in other words",
        "2015 steps 2 and 3 are merged into 2019 step 3",
        "2015 step 4 changed its method; it is 2019 step 4",
        "2015 step 5 became the section “Final Invoice”",
    ]
    assert not comparison.proposed
    assert comparison.weight == "content"
    new = {(one.kind, one.text[:30], one.step) for one in comparison.novelties if one.state == "new"}
    assert ("prerequisite", "You are an Account Administrat", 0) in new
    assert ("section", "Prerequisites", 0) in new
    assert ("note", "The account's OpenVPN server a", 3) in new
    assert not any(text.startswith("There's no guarantee") for _, text, _ in new)
    assert [field.name for field in comparison.metadata if field.changed] == ["Date", "Author"]


@pytest.mark.parametrize(
    "before, after, expected",
    [
        pytest.param([OPEN, STOP], [OPEN, STOP], ["2018 step 1 is 2020 step 1, unchanged"] * 1, id="same"),
        pytest.param(
            [OPEN, STOP],
            [OPEN.replace("four", "five"), STOP],
            ["2018 step 1 is 2020 step 1, in other words"],
            id="reworded",
        ),
        pytest.param(
            [OPEN, STOP, SAVE], [STOP, SAVE, OPEN], ["2018 step 1 moved; it is 2020 step 3, unchanged"], id="moved"
        ),
        pytest.param(
            [OPEN, STOP], [f"{OPEN} {STOP}", SAVE], ["2018 steps 1 and 2 are merged into 2020 step 1"], id="merged"
        ),
        pytest.param(
            [f"{OPEN} {STOP}", SAVE], [OPEN, STOP, SAVE], ["2018 step 1 is split into 2020 steps 1 and 2"], id="split"
        ),
        pytest.param([OPEN, STOP], [OPEN, DELETE, STOP], ["2020 step 2 is new"], id="new"),
        pytest.param([OPEN, DELETE, STOP], [OPEN, STOP], ["2018 step 2 is gone"], id="dropped"),
    ],
)
def test_without_a_side_file_the_words_propose(
    tmp_path: Path, before: list[str], after: list[str], expected: list[str]
) -> None:
    comparison = compared(article(tmp_path, {OLD: steps(*before), NEW: steps(*after)}))

    assert set(expected) <= set(said(comparison))
    assert all(part.match and part.match.proposed for part in comparison.steps)


def test_the_side_file_overrules_the_words(tmp_path: Path) -> None:
    changes = changed(OLD, "danger", "copy: {how: new}, open: {how: method-changed, was: [open]}")
    sides = {OLD: side(["open", "save"], ["Open", "Select"]), NEW: side(["copy", "open"], ["Select", "Open"], changes)}

    comparison = compared(article(tmp_path, {OLD: steps(OPEN, SAVE), NEW: steps(SAVE, OPEN)}, sides))

    assert said(comparison) == [
        "2020 step 1 is new",
        "2018 step 1 changed its method; it is 2020 step 2",
        "2018 step 2 is gone",
    ]
    assert [part.match.proposed for part in comparison.steps if part.match] == [False, False, True]
    assert comparison.weight == "danger"


def test_one_id_in_both_side_files_is_the_same_step_however_it_reads(tmp_path: Path) -> None:
    sides = {OLD: side(["list"], ["Open"]), NEW: side(["list"], ["Run"])}
    found = article(tmp_path, {OLD: steps(OPEN, STOP), NEW: steps("Run the search.", STOP)}, sides)

    assert said(compared(found))[0] == "2018 step 1 is 2020 step 1, in other words"


def test_skipped_editions_are_composed_and_the_gravest_weight_wins(tmp_path: Path) -> None:
    merging = changed(
        OLD, "danger", "make: {how: merged, was: [open, stop]}, save: {how: same, was: [save]}", "One step less."
    )
    rewording = changed(
        MIDDLE, "wording", "make: {how: reworded, was: [make]}, save: {how: moved, was: [save]}", "Other words."
    )
    sides = {
        OLD: side(["open", "stop", "save"], ["Open", "Click", "Select"]),
        MIDDLE: side(["make", "save"], ["Go", "Select"], merging),
        NEW: side(["save", "make"], ["Select", "Use"], rewording),
    }
    bodies = {
        OLD: steps(OPEN, STOP, SAVE),
        MIDDLE: steps("Go to the list and stop all.", SAVE),
        NEW: steps(SAVE, "Use the list to stop all."),
    }

    comparison = compared(article(tmp_path, bodies, sides))

    assert [(part.match.how, part.match.older, part.match.newer) for part in comparison.steps if part.match] == [
        ("moved", ("save",), ("save",)),
        ("merged", ("open", "stop"), ("make",)),
    ]
    assert comparison.weight == "danger"
    assert comparison.summary == ("One step less.", "Other words.")


def test_steps_that_only_moved_or_were_renumbered_have_no_changed_row(tmp_path: Path) -> None:
    note = "\n    - Stopped servers cost less.\n"
    found = article(tmp_path, {OLD: steps(OPEN + note, STOP, SAVE), NEW: steps(DELETE, STOP, SAVE, OPEN + note)})

    kept = [part for part in compared(found).steps if part.older and part.newer]

    assert len(kept) == 3
    assert all(part.unchanged for part in kept)


def test_a_paragraph_that_only_moved_is_not_shown_as_changed(tmp_path: Path) -> None:
    first, second = "Apples keep for a long time in the cellar.", "Pears must be eaten within a few days."
    found = article(tmp_path, {OLD: f"{first}\n\n{second}\n", NEW: f"{second}\n\n{first}\n"})

    comparison = compared(found)

    assert [row.state for part in comparison.text for row in part.rows].count("moved") == 1
    assert all(row.unchanged for part in comparison.text for row in part.rows)


def test_words_are_marked_and_the_rest_of_the_paragraph_is_not(tmp_path: Path) -> None:
    found = article(tmp_path, {OLD: "Bake it for one hour.\n", NEW: "Bake it for two hours.\n"})

    (row,) = compared(found).text[0].rows

    assert [(piece.mark, piece.text.strip()) for piece in row.pieces] == [
        ("", "Bake it for"),
        ("removed", "one hour"),
        ("added", "two hours"),
        ("", "."),
    ]


def test_either_order_of_editions_gives_the_same_comparison(tmp_path: Path) -> None:
    found = article(tmp_path, {OLD: steps(OPEN), NEW: steps(OPEN, STOP)})

    assert compare(found, *found.editions) == compare(found, *reversed(found.editions))


def test_an_edition_compared_with_itself_has_not_changed(tmp_path: Path) -> None:
    found = article(tmp_path, {OLD: steps(OPEN), NEW: steps(STOP)})

    assert not compare(found, found.current, found.current).changed


def test_editions_of_one_year_are_called_by_their_dates(tmp_path: Path) -> None:
    found = article(tmp_path, {"2020-01-01": steps(OPEN), "2020-02-01": steps(OPEN)})

    assert short_names(compared(found)) == ("1 January 2020", "1 February 2020")
    assert compared(found).newer.date == date(2020, 2, 1)


def test_procedures_that_came_and_went_are_shown_where_they_stood(tmp_path: Path) -> None:
    windows, linux = f"## On Windows\n\n1. {OPEN}\n2. {STOP}\n\n", f"## On Linux\n\n1. {SAVE}\n2. {DELETE}\n"
    found = article(tmp_path, {OLD: windows + linux, NEW: linux})

    comparison = compared(found)

    assert said(comparison) == [
        "2018 step 1 is gone",
        "2018 step 2 is gone",
        "2018 step 1 is 2020 step 1, unchanged",
        "2018 step 2 is 2020 step 2, unchanged",
    ]
    assert [part.heading for part in comparison.steps] == ["On Windows", "On Windows", "On Linux", "On Linux"]


@pytest.mark.parametrize(
    "body", ["", "# Only a heading\n", "```\ncode\n```\n", "| a | b |\n|---|---|\n| 1 | 2 |\n", "![x](y.png)\n"]
)
def test_any_body_can_be_compared_with_any_other(tmp_path: Path, body: str) -> None:
    found = article(tmp_path, {OLD: body, NEW: steps(OPEN, STOP)})

    assert {row.state for part in compared(found).text for row in part.rows} <= {"removed", "added"}
