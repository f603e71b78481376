from dataclasses import replace
from datetime import timedelta

import pytest

from kb.checklist.check import Verdict
from kb.checklist.checklist import Checklist
from kb.checklist.event import Draft
from tests.checklist.samples import (
    CHECKLIST,
    FAILED,
    MANUAL,
    OUT_OF_REACH,
    PASSED,
    START,
    UNKNOWN,
    after,
    checked,
    draft,
)

NO_LEASE = draft("answer", question="lease", answer="no")
TENANT = checked("tenant", PASSED)
GONE = draft("request", "hand-in", alias="ABCD", basis="checked", basis_at=START.isoformat())


FREE = replace(CHECKLIST, steps=tuple(replace(step, irreversible=False) for step in CHECKLIST.steps))


FIRST, GATE, *REST = CHECKLIST.steps
SOFT = replace(CHECKLIST, steps=(FIRST, replace(GATE, gate=False, soft=True), *REST))


def named(name: str) -> Draft:
    return replace(draft("named"), body={"name": name})


def code(drafts: tuple[Draft, ...], name: str, checklist: Checklist) -> str:
    found = after(*drafts, checklist=checklist).step(name)
    assert found
    return found.status.code


def says(drafts: tuple[Draft, ...], name: str, alias: str = "", minutes: float = 1) -> str:
    found = after(*drafts, alias=alias, minutes=minutes).step(name)
    assert found
    return found.status.text


@pytest.mark.parametrize(
    ("drafts", "name", "expected"),
    [
        ((), "pack", "Not started"),
        ((draft("tick", "pack"),), "pack", "Completed, you told us 1 March 2026, 09:00 UTC"),
        ((draft("tick", "pack"), draft("untick", "pack")), "pack", "Not started"),
        ((checked("empty", PASSED),), "empty", "Completed, checked 1 March 2026, 09:00 UTC; you told us: attic"),
        ((checked("empty", FAILED),), "empty", "There is a problem: 1 sofa is left"),
        ((draft("tick", "empty"), checked("empty", FAILED)), "empty", "There is a problem: 1 sofa is left"),
        ((checked("empty", UNKNOWN),), "empty", "In progress, not known yet: Look"),
        ((checked("empty", OUT_OF_REACH),), "empty", "Not started"),
        (
            (draft("tick", "empty"), checked("empty", OUT_OF_REACH)),
            "empty",
            "Completed, you told us 1 March 2026, 09:00 UTC",
        ),
        ((draft("not-needed", "pack", reason="Nothing is mine"),), "pack", "Not needed: Nothing is mine"),
        ((draft("tick", "pack"), draft("not-needed", "pack", reason="None")), "pack", "Not needed: None"),
        ((draft("not-needed", "pack", reason="None"), draft("needed", "pack")), "pack", "Not started"),
        (
            (draft("not-needed", "pack", reason="None"), draft("tick", "pack")),
            "pack",
            "Completed, you told us 1 March 2026, 09:00 UTC",
        ),
        ((draft("note", "pack", text="Boxes are in the cellar"),), "pack", "Not started"),
        ((), "deposit", "Waiting: for the landlord"),
        (
            (draft("answer", question="lease", answer="yes"),),
            "pack",
            "Cannot start yet: Talk to the landlord first",
        ),
    ],
)
def test_a_step_says_where_it_stands(drafts: tuple[Draft, ...], name: str, expected: str) -> None:
    assert expected == says(drafts, name)


def test_out_of_reach_keeps_the_last_verdict_and_says_when_it_was_tried() -> None:
    found = after(checked("empty", PASSED), checked("empty", OUT_OF_REACH), alias="ABCD").step("empty")
    assert found
    assert "done-seen" == found.status.code
    assert START + timedelta(seconds=2) == found.could_not_check


def test_a_new_answer_makes_an_older_verdict_void() -> None:
    drafts = (checked("empty", PASSED), draft("answer", "empty", question="attic", answer="something"))
    assert "Check again: you changed an answer" == says(drafts, "empty")


def test_a_change_in_the_account_makes_an_older_verdict_void() -> None:
    target = {"id": "sofa:1", "kind": "sofa", "name": "Sofa", "place": "", "consequence": "", "phase": 0}
    drafts = (
        checked("empty", PASSED),
        draft("confirmed", "empty", targets=[target]),
        draft("sending", "empty", target="sofa:1", by="me"),
        draft("outcome", "empty", target="sofa:1", state="done", message="", operation=""),
    )
    assert "Check again: something was changed since" == says(drafts, "empty")


def test_steps_that_wait_for_somebody_else_are_never_counted() -> None:
    progress = after(draft("tick", "pack"))
    assert (1, 3) == (progress.done, len(progress.own))


def test_a_verdict_that_fails_later_overrides_what_the_reader_called_not_needed() -> None:
    drafts = (draft("not-needed", "empty", reason="We own nothing"), checked("empty", FAILED))
    assert "problem" == code(drafts, "empty", SOFT)
    assert "not-needed" == code(drafts[:1], "empty", SOFT)


def test_what_is_not_needed_counts_as_done_and_is_shown_apart() -> None:
    progress = after(draft("tick", "pack"), draft("not-needed", "hand-in", reason="x"), checklist=FREE)
    assert 2 == progress.done
    assert ["hand-in"] == [item.step.id for item in progress.with_code["not-needed"]]
    assert ["pack"] == [item.step.id for item in progress.with_code["done-said"]]


def test_a_verdict_counts_as_long_as_the_step_that_waits_for_it_allows() -> None:
    fresh, old = (after(checked("empty", PASSED), minutes=minutes).step("empty") for minutes in (1, 20))
    assert fresh
    assert old
    assert START + timedelta(seconds=901) == fresh.until == old.until
    assert (False, True) == (fresh.stale, old.stale)
    assert "done-seen" == old.status.code
    assert old.status.text.endswith("; check again before you go on")


def test_a_verdict_for_which_nothing_waits_any_more_does_not_grow_old() -> None:
    found = after(NO_LEASE, checked("empty", PASSED), GONE, minutes=10_000).step("empty")
    assert found
    assert (None, False) == (found.until, found.stale)


def test_a_run_says_since_when_it_can_only_be_read() -> None:
    gone = draft("abandoned", reason="I stay")
    assert "abandoned" == after(gone).state
    assert "in-progress" == after(gone, draft("reopened")).state
    assert "restarted" == after(draft("restarted", run="another")).state
    closed = after(gone).closed
    assert closed
    assert "I stay" == closed.body["reason"]


def test_a_run_is_called_what_its_reader_called_it_last() -> None:
    assert "Moving out" == after().title
    assert "Oak Street" == after(named("Elm Street"), named("Oak Street")).title
    assert "Moving out" == after(named("Elm Street"), named("")).title


def test_the_last_note_of_a_step_counts_and_an_empty_one_removes_it() -> None:
    found = after(draft("note", "pack", text="one"), draft("note", "pack", text="two\nlines")).step("pack")
    assert found
    assert found.marks.note
    assert "two\nlines" == found.marks.note.body["text"]
    none = after(draft("note", "pack", text="one"), draft("note", "pack", text="")).step("pack")
    assert none
    assert none.marks.note is None


@pytest.mark.parametrize(
    ("drafts", "alias", "expected"),
    [
        ((), "", [("word", True)]),
        ((draft("tick", "empty"),), "", []),
        ((draft("tick", "empty"), checked("empty", FAILED)), "", [("failed", True)]),
        ((TENANT, checked("empty", FAILED)), "ABCD", [("failed", True)]),
        ((TENANT, checked("empty", UNKNOWN)), "ABCD", [("unknown", True)]),
        ((TENANT, checked("empty", PASSED)), "ABCD", []),
        ((TENANT, checked("empty", FAILED), draft("word", "hand-in", said="anyway")), "ABCD", []),
        ((TENANT, draft("word", "hand-in", said="anyway"), checked("empty", FAILED)), "ABCD", [("failed", True)]),
    ],
)
def test_a_soft_gate_warns_until_it_passed_or_the_reader_chose_to_go_on(
    drafts: tuple[Draft, ...], alias: str, expected: list[tuple[str, bool]]
) -> None:
    found = after(NO_LEASE, *drafts, alias=alias, checklist=SOFT).step("hand-in")
    assert found
    assert expected == [(block.code, block.word) for block in found.blocks]


SIGNED_IN = [
    ("nothing was checked", (NO_LEASE, TENANT), 1, ["unchecked"]),
    ("failed", (NO_LEASE, TENANT, checked("empty", FAILED)), 1, ["failed"]),
    ("unknown", (NO_LEASE, TENANT, checked("empty", UNKNOWN)), 1, ["unknown"]),
    ("out of reach", (NO_LEASE, TENANT, checked("empty", OUT_OF_REACH)), 1, ["unknown"]),
    ("passed", (NO_LEASE, TENANT, checked("empty", PASSED)), 1, []),
    ("passed just fresh enough", (NO_LEASE, TENANT, checked("empty", PASSED)), 15, []),
    ("passed too long ago", (NO_LEASE, TENANT, checked("empty", PASSED)), 16, ["stale"]),
    ("failed after it passed", (NO_LEASE, TENANT, checked("empty", PASSED), checked("empty", FAILED)), 1, ["failed"]),
    ("passed after it failed", (NO_LEASE, TENANT, checked("empty", FAILED), checked("empty", PASSED)), 1, []),
    ("no role", (NO_LEASE, checked("tenant", FAILED), checked("empty", PASSED)), 1, ["prerequisite"]),
    ("question open", (TENANT, checked("empty", PASSED)), 1, ["unanswered"]),
    (
        "another account passed",
        (NO_LEASE, TENANT, checked("empty", Verdict.from_json({**PASSED.as_json(), "account": "WXYZ"}))),
        1,
        ["unchecked"],
    ),
    (
        "a word does not help where the account can be asked",
        (NO_LEASE, TENANT, checked("empty", FAILED), draft("word", "hand-in", said="done")),
        1,
        ["failed"],
    ),
    (
        "a word helps after a check that could not reach the account",
        (NO_LEASE, TENANT, checked("empty", OUT_OF_REACH), draft("word", "hand-in", said="done")),
        1,
        [],
    ),
    (
        "an older word does not answer a later failure to reach it",
        (NO_LEASE, TENANT, draft("word", "hand-in", said="done"), checked("empty", OUT_OF_REACH)),
        1,
        ["unknown"],
    ),
]


@pytest.mark.parametrize(
    ("drafts", "minutes", "expected"), [case[1:] for case in SIGNED_IN], ids=[case[0] for case in SIGNED_IN]
)
def test_signed_in_an_irreversible_step_opens_only_by_a_fresh_verdict(
    drafts: tuple[Draft, ...], minutes: float, expected: list[str]
) -> None:
    found = after(*drafts, alias="ABCD", minutes=minutes).step("hand-in")
    assert found
    assert expected == [block.code for block in found.blocks]


def test_signed_out_the_reader_goes_on_by_an_explicit_choice() -> None:
    before = after(NO_LEASE).step("hand-in")
    assert before
    assert before.may_say
    then = after(NO_LEASE, draft("word", "hand-in", said="left")).step("hand-in")
    assert then
    assert () == then.blocks


def test_a_question_that_is_open_cannot_be_passed_by_a_word() -> None:
    found = after(draft("word", "hand-in", said="done")).step("hand-in")
    assert found
    assert ["unanswered"] == [block.code for block in found.blocks]


def test_the_run_is_finished_when_the_irreversible_step_is_done_and_says_what_is_not() -> None:
    progress = after(NO_LEASE, draft("word", "hand-in", said="done"), GONE)
    assert progress.finished
    assert ["pack", "empty"] == [item.step.id for item in progress.open_steps]


def test_a_run_without_an_irreversible_step_is_finished_when_all_is_ticked() -> None:
    assert not after(draft("tick", "one"), checklist=MANUAL).finished
    assert after(draft("tick", "one"), draft("tick", "two"), checklist=MANUAL).finished


def test_the_record_tells_what_the_request_rested_on_and_what_came_after() -> None:
    record = after(checked("empty", FAILED), GONE, checked("empty", PASSED), alias="ABCD").record
    assert ("checked", 0) == (record.basis, record.left)
    assert START + timedelta(seconds=2) == record.requested
    assert START + timedelta(seconds=3) == record.cleared
