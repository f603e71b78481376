from dataclasses import replace

import pytest

from kb.article.side_file import Use
from kb.checklist.check import Question
from kb.checklist.event import Draft
from kb.checklist.run import decide, link
from kb.errors import NotFound, Refused
from tests.checklist.samples import CHECKLIST, FAILED, PASSED, QUESTIONS, after, checked, draft, step

NO_LEASE = draft("answer", question="lease", answer="no")
ABANDONED = draft("abandoned", reason="I stay")
RESTARTED = draft("restarted", run="another")
READY = (NO_LEASE, checked("tenant", PASSED), checked("empty", PASSED))


def asks(step: str) -> tuple[Question, ...]:
    return QUESTIONS if step == "empty" else ()


@pytest.mark.parametrize(
    ("so_far", "wanted", "words"),
    [
        ((), draft("tick", "hand-in"), "type the account alias"),
        ((), draft("tick", "deposit"), "waits for the landlord"),
        ((draft("answer", question="lease", answer="yes"),), draft("tick", "pack"), "Talk to the landlord"),
        ((), draft("answer", question="lease", answer="perhaps"), "Choose one of the answers"),
        ((), draft("answer", "empty", question="attic", answer="yes"), "nothing or something"),
        ((NO_LEASE,), draft("word", "hand-in", said="whatever"), "Choose how you want to go on"),
        ((), draft("word", "hand-in", said="done"), "answer the question first"),
        ((NO_LEASE,), draft("word", "pack", said="done"), "Nothing is in the way"),
        ((NO_LEASE,), draft("request", "hand-in", alias="ABCD"), "Cannot start yet"),
        ((), draft("request", "pack", alias="ABCD"), "is ticked, not confirmed"),
        ((), draft("verdict", "empty"), "nothing that a reader can do"),
        ((), draft("restarted", run="another"), "nothing that a reader can do"),
        ((), draft("not-needed", "pack", reason=""), "why this step is not needed"),
        ((), draft("not-needed", "empty", reason="No rooms"), "must pass its check"),
        ((), draft("not-needed", "hand-in", reason="I stay"), "abandon the checklist instead"),
        ((), draft("not-needed", "deposit", reason="None paid"), "waits for the landlord"),
        ((), draft("abandoned", reason=""), "why you abandon"),
        ((ABANDONED,), draft("tick", "pack"), "You abandoned this checklist"),
        ((ABANDONED,), draft("note", "pack", text="x"), "You abandoned this checklist"),
        ((ABANDONED,), draft("named", name="x"), "You abandoned this checklist"),
        ((RESTARTED,), draft("tick", "pack"), "You started this checklist again"),
        ((RESTARTED,), draft("reopened"), "You started this checklist again"),
    ],
)
def test_what_the_rules_forbid_is_refused_with_the_reason(so_far: tuple[Draft, ...], wanted: Draft, words: str) -> None:
    with pytest.raises(Refused, match=words):
        decide(after(*so_far), wanted, asks)


@pytest.mark.parametrize(
    "wanted",
    [
        draft("tick", "nowhere"),
        draft("answer", question="nothing", answer="no"),
        draft("answer", "pack", question="attic"),
    ],
)
def test_an_unknown_step_or_question_is_named(wanted: Draft) -> None:
    with pytest.raises(NotFound, match=r"no (step|question) “"):
        decide(after(), wanted, asks)


@pytest.mark.parametrize(
    ("so_far", "wanted"),
    [
        ((draft("tick", "pack"),), draft("tick", "pack")),
        ((), draft("untick", "pack")),
        ((NO_LEASE,), NO_LEASE),
        ((), draft("needed", "pack")),
        ((), draft("note", "pack", text="")),
        ((draft("note", "pack", text="x"),), draft("note", "pack", text="x")),
        ((), draft("named", name="")),
        ((draft("not-needed", "pack", reason="x"),), draft("not-needed", "pack", reason="x")),
        ((), draft("reopened")),
    ],
)
def test_what_changes_nothing_adds_no_event(so_far: tuple[Draft, ...], wanted: Draft) -> None:
    assert decide(after(*so_far), wanted, asks) is None


@pytest.mark.parametrize(("alias", "words"), [("", "Type the account alias"), ("WXYZ", "Type ABCD to confirm")])
def test_the_irreversible_step_wants_the_alias_of_the_account(alias: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        decide(after(*READY, alias="ABCD"), draft("request", "hand-in", alias=alias), asks)


def test_the_request_keeps_what_it_rested_on() -> None:
    by_check = decide(after(*READY, alias="ABCD"), draft("request", "hand-in", alias="abcd"), asks)
    assert by_check
    assert ("ABCD", "checked") == (by_check.body["alias"], by_check.body["basis"])
    words = (NO_LEASE, checked("empty", FAILED), draft("word", "hand-in", said="left"))
    by_word = decide(after(*words), draft("request", "hand-in", alias="ABCD"), asks)
    assert by_word
    assert "said-left" == by_word.body["basis"]


def test_an_abandoned_run_can_be_taken_up_again() -> None:
    taken_up = draft("reopened")
    assert decide(after(ABANDONED), taken_up, asks) == taken_up
    assert decide(after(ABANDONED, taken_up), draft("tick", "pack"), asks)


def test_a_note_can_be_written_on_a_step_that_waits_for_somebody_else() -> None:
    assert decide(after(), draft("note", "deposit", text="Ask in May"), asks)


ORDERED = replace(
    CHECKLIST,
    questions=(),
    steps=(
        step(1, "pack"),
        step(2, "call", check=Use("house.called"), soft=True),
        step(3, "empty", check=Use("house.empty"), gate=True),
        step(4, "sweep", after=("pack", "call")),
        step(5, "lock", after=("empty",)),
    ),
)


@pytest.mark.parametrize(
    ("so_far", "wanted", "words"),
    [
        ((), draft("tick", "sweep"), "step 2 was not checked"),
        ((draft("tick", "call"),), draft("tick", "sweep"), "Cannot start yet: step 1 first"),
        ((draft("tick", "empty"),), draft("tick", "lock"), "step 3 was not checked"),
        ((), draft("word", "sweep", said="anyway"), "step 1 first"),
        ((draft("tick", "pack"),), draft("word", "sweep", said="done"), "Choose how you want to go on"),
        ((), draft("word", "lock", said="anyway"), "Choose how you want to go on"),
    ],
)
def test_the_order_and_the_gates_of_a_step_hold_its_tick_back(
    so_far: tuple[Draft, ...], wanted: Draft, words: str
) -> None:
    with pytest.raises(Refused, match=words):
        decide(after(*so_far, checklist=ORDERED), wanted, asks)


@pytest.mark.parametrize(
    ("so_far", "wanted"),
    [
        ((), draft("tick", "call")),
        ((draft("tick", "pack"), draft("tick", "call")), draft("tick", "sweep")),
        ((draft("tick", "pack"), draft("not-needed", "call", reason="No phone")), draft("tick", "sweep")),
        ((draft("tick", "pack"),), draft("word", "sweep", said="anyway")),
        ((draft("tick", "pack"), draft("word", "sweep", said="anyway")), draft("tick", "sweep")),
        ((draft("word", "lock", said="left"),), draft("tick", "lock")),
    ],
)
def test_a_step_opens_in_its_order_or_by_a_choice_that_is_kept(so_far: tuple[Draft, ...], wanted: Draft) -> None:
    assert decide(after(*so_far, checklist=ORDERED), wanted, asks) == wanted


def test_a_choice_made_past_a_soft_gate_claims_nothing_about_the_hard_ones() -> None:
    last = replace(ORDERED, steps=(*ORDERED.steps[:2], step(3, "sign", irreversible=True)))
    so_far = (draft("word", "sign", said="anyway"),)
    found = decide(after(*so_far, checklist=last), draft("request", "sign", alias="ABCD"), asks)
    assert found
    assert "none" == found.body["basis"]


def test_a_run_belongs_to_one_account() -> None:
    linked = draft("linked", account="ABCD", user="pat")
    assert link(after(), linked) == linked
    assert link(after(linked), linked) is None
    with pytest.raises(Refused, match="belongs to the account ABCD"):
        link(after(linked), draft("linked", account="WXYZ", user="sam"))
