"""Two runs made one: everything of the other one is kept, and the later word counts."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from kb.checklist.event import Draft, Event
from kb.checklist.merging import merge_id, merged
from kb.checklist.progress import Progress, fold
from tests.checklist.samples import CHECKLIST, FAILED, PASSED, START, checked, draft

Said = tuple[int, Draft]  # minutes after the start, and what was said


def events(run: str, *said: Said) -> tuple[Event, ...]:
    return tuple(
        Event(run, at, f"{run}-{at}", START + timedelta(minutes=minutes), one.actor, one.kind, one.step, 0, one.body)
        for at, (minutes, one) in enumerate(said, 1)
    )


def after_merge(mine: Sequence[Event], theirs: Sequence[Event]) -> Progress:
    made = merged(mine, theirs, "theirs", "ABCD/pat")
    taken = Event(
        "mine", len(mine) + 1, made.id, START + timedelta(hours=1), made.actor, "merged", "", 0, dict(made.body)
    )
    return fold(CHECKLIST, (*mine, taken), START + timedelta(hours=2))


@pytest.mark.parametrize(
    ("mine", "theirs", "done"),
    [
        ([], [(1, draft("tick", "pack"))], True),
        ([(1, draft("tick", "pack"))], [], True),
        ([(1, draft("tick", "pack")), (3, draft("untick", "pack"))], [(2, draft("tick", "pack"))], False),
        ([(1, draft("tick", "pack")), (2, draft("untick", "pack"))], [(3, draft("tick", "pack"))], True),
        ([(1, draft("tick", "pack"))], [(2, draft("tick", "pack")), (3, draft("untick", "pack"))], False),
        ([(1, draft("tick", "pack"))], [(2, draft("not-needed", "pack", reason="Furnished"))], True),
    ],
)
def test_of_two_words_the_later_one_counts(mine: list[Said], theirs: list[Said], done: bool) -> None:
    pack = after_merge(events("mine", *mine), events("theirs", *theirs)).step("pack")
    assert pack and done == pack.status.done


def test_a_tick_that_is_taken_over_keeps_its_own_date() -> None:
    pack = after_merge(events("mine"), events("theirs", (7, draft("tick", "pack")))).step("pack")
    assert pack and pack.marks.ticked and START + timedelta(minutes=7) == pack.marks.ticked.at


def test_answers_and_notes_are_taken_over_one_by_one() -> None:
    mine = events("mine", (5, draft("answer", question="lease", answer="no")))
    theirs = events(
        "theirs",
        (1, draft("answer", question="lease", answer="yes")),
        (2, draft("answer", "empty", question="attic", answer="nothing")),
        (3, draft("note", "pack", text="Ask for boxes.")),
    )
    progress = after_merge(mine, theirs)
    assert {"lease": "no"} == progress.marks[""].answers
    assert {"attic": "nothing"} == progress.marks["empty"].answers
    note = progress.marks["pack"].note
    assert note and "Ask for boxes." == note.body["text"]


def test_an_answer_that_is_taken_over_makes_an_earlier_verdict_void() -> None:
    mine = events("mine", (1, checked("empty", PASSED)))
    theirs = events("theirs", (2, draft("answer", "empty", question="attic", answer="something")))
    empty = after_merge(mine, theirs).step("empty")
    assert empty and "recheck" == empty.status.code


def test_verdicts_of_the_other_run_are_kept_and_do_not_count() -> None:
    theirs = events("theirs", (1, checked("empty", FAILED)))
    made = merged((), theirs, "theirs", "ABCD/pat")
    assert [theirs[0].as_json()] == made.body["events"]
    empty = after_merge((), theirs).step("empty")
    assert empty and empty.marks.checked is None


def test_every_event_of_the_other_run_is_in_the_merge_with_its_own_id_and_time() -> None:
    theirs = events(
        "theirs", (1, draft("tick", "pack")), (2, draft("untick", "pack")), (3, draft("note", "pack", text="x"))
    )
    assert [one.as_json() for one in theirs] == merged((), theirs, "theirs", "ABCD/pat").body["events"]


def test_merging_the_same_run_twice_is_one_event() -> None:
    assert merge_id("theirs") == merged((), (), "theirs", "ABCD/pat").id
