from datetime import timedelta

import pytest

from kb.checklist.check import Verdict
from kb.checklist.event import Draft
from tests.checklist.samples import (
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
        ((checked("empty", UNKNOWN),), "empty", "In progress"),
        ((checked("empty", OUT_OF_REACH),), "empty", "Not started"),
        (
            (draft("tick", "empty"), checked("empty", OUT_OF_REACH)),
            "empty",
            "Completed, you told us 1 March 2026, 09:00 UTC",
        ),
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
