from kb.article.side_file import Changes, SideFile, SideProcedure, SideStep
from kb.article.step_ids import Steps, name_steps, steps_of
from tests.article.reading_texts import HEAD, draft


def read(*openings: str, side: SideFile | None = None) -> Steps:
    items = "".join(f"{number}. {opening}\n" for number, opening in enumerate(openings, 1))
    return steps_of(draft(f"{HEAD}## Steps\n\n{items}").steps.found, side)


def side_file(*steps: SideStep, heading: str = "Steps", changes: Changes | None = None) -> SideFile:
    return SideFile("a/b.checklist.yaml", (SideProcedure(heading, steps, changes=changes, line=2),))


def ids(steps: Steps) -> list[str]:
    return steps.ids[0]


def test_ids_of_the_side_file_count() -> None:
    steps = read("Open the page.", "Close it.", side=side_file(SideStep(2, "Close", "close")))
    name_steps([steps])
    assert ids(steps)[1] == "close"
    assert len(ids(steps)[0]) == 12


def test_without_a_side_file_the_same_text_has_the_same_id_at_any_place() -> None:
    first, second = read("Open the page.", "Close the page again."), read("Close the page again!", "Open the page")
    name_steps([first])
    name_steps([second])
    assert ids(first) == ids(second)[::-1]


def test_a_reworded_step_inherits_its_id_from_the_edition_before() -> None:
    old = read("Open the page of the account.", "Delete all servers.")
    new = read("Read the news first.", "Open the page of your account.", "Delete all servers.")
    name_steps([old, new])
    assert ids(new)[1:] == ids(old)
    assert ids(new)[0] not in ids(old)


def test_an_older_edition_inherits_the_given_ids_of_the_newer() -> None:
    old = read("Delete all the servers.")
    new = read("Delete all servers.", side=side_file(SideStep(1, "Delete all", "delete")))
    name_steps([old, new])
    assert ids(old) == ["delete"]


def test_equal_steps_get_ids_of_their_own() -> None:
    steps = read("Click Next.", "Click Next.", "Click Next.")
    name_steps([steps])
    assert len(set(ids(steps))) == 3


def test_a_side_file_that_does_not_fit_is_left_out_and_reported() -> None:
    cases = {
        "side-file-heading": side_file(SideStep(1, "Open", "x", line=7), heading="Other"),
        "side-file-step": side_file(SideStep(3, "Open", "x", line=7)),
        "side-file-starts": side_file(SideStep(1, "Close", "x", line=7)),
    }
    for code, side in cases.items():
        steps = read("Open it.", "Close it.", side=side)
        assert [problem.code for problem in steps.problems] == [code]
        assert steps.problems[0].path == "a/b.checklist.yaml"
        assert steps.sides == [None]
