import pytest

from kb.checklist.check import Question
from kb.checklist.event import Draft
from kb.checklist.run import decide, link
from kb.errors import NotFound, Refused
from tests.checklist.samples import FAILED, PASSED, QUESTIONS, after, checked, draft

NO_LEASE = draft("answer", question="lease", answer="no")
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
        ((NO_LEASE,), draft("word", "hand-in", said="whatever"), "Choose what you did"),
        ((), draft("word", "hand-in", said="done"), "answer the question first"),
        ((NO_LEASE,), draft("word", "pack", said="done"), "Nothing is in the way"),
        ((NO_LEASE,), draft("request", "hand-in", alias="ABCD"), "Cannot start yet"),
        ((), draft("request", "pack", alias="ABCD"), "is ticked, not confirmed"),
        ((), draft("verdict", "empty"), "nothing that a reader can do"),
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


def test_a_run_belongs_to_one_account() -> None:
    linked = draft("linked", account="ABCD", user="pat")
    assert link(after(), linked) == linked
    assert link(after(linked), linked) is None
    with pytest.raises(Refused, match="belongs to the account ABCD"):
        link(after(linked), draft("linked", account="WXYZ", user="sam"))
