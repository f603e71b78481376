"""Carrying a run over to another edition: each row of the table, and that nothing is ever lost."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kb.article.article import Article
from kb.article.library import Library
from kb.article.side_file import Use
from kb.checklist.carry_over import CarryOver, carry_over
from kb.checklist.checklist import Checklist, checklist_of
from kb.checklist.destination import Destination, destination_of
from kb.checklist.event import Draft, Event
from kb.checklist.progress import Progress, fold
from kb.errors import Refused
from kb.settings import Settings
from tests import house_editions
from tests.checklist.samples import FAILED, PASSED, START, checked, draft, happened

ALL_OLD = ("tell", "power", "boxes", "books", "clothes", "letter", "clean", "card")


def article_in(library: Path) -> Article:
    found = Library.load(library, Settings()).article_at(house_editions.ARTICLE)
    assert found and not [problem for problem in found.current.problems if problem.severity == "error"]
    return found


def old_checklist(folder: Path) -> Checklist:
    article = article_in(house_editions.write_old(folder / "before"))
    return checklist_of(article, article.current, article.current.procedures[0])


def destination(folder: Path, was: Checklist, weight: str = "content", **how: object) -> Destination:
    article = article_in(house_editions.write_both(folder / "after", weight, **how))  # type: ignore[arg-type]
    found = destination_of(article, was)
    assert found
    return found


def ticks(*names: str) -> list[Draft]:
    return [draft("tick", name) for name in names]


def standing(checklist: Checklist, events: Iterable[Event]) -> Progress:
    return fold(checklist, events, START + timedelta(hours=1))


def moved(events: Sequence[Event], was: Checklist, onto: Destination) -> tuple[Event, ...]:
    """The events with the move behind them."""
    plan = carry_over(standing(was, events), onto)
    made = plan.draft("move", "reader")
    body = {**made.body, "snapshot": onto.checklist.hash, "edition": onto.checklist.edition}
    version = len(events) + 1
    return (*events, Event("r", version, "move", START + timedelta(minutes=30), "reader", "moved", "", 0, body))


def after_move(events: Sequence[Event], was: Checklist, onto: Destination) -> Progress:
    return standing(onto.checklist, moved(events, was, onto))


def codes(progress: Progress) -> dict[str, str]:
    return {item.step.id: item.status.code for item in progress.steps}


def effects(plan: CarryOver) -> dict[str, str]:
    """What happens, by the ids of the new steps, else of the old ones."""
    return {",".join(move.part.newer or move.part.older): f"{move.part.how} {move.effect}" for move in plan.steps}


def test_every_row_of_the_table_with_all_steps_done(tmp_path: Path) -> None:
    was = old_checklist(tmp_path)
    onto = destination(tmp_path, was)
    events = happened(*ticks(*ALL_OLD))
    assert {
        "tell": "same kept",
        "power": "reworded kept",
        "things": "merged again",
        "letter": "method-changed receipt",
        "boxes": "moved kept",
        "kitchen,bath": "split split",
        "photos": "new new",
        "card": "dropped record",
        "hand-in": "same open",
    } == effects(carry_over(standing(was, events), onto))
    before, now = standing(was, events), after_move(events, was, onto)
    assert {
        "tell": "done-said",
        "power": "done-said",
        "things": "recheck",
        "letter": "done-said",
        "boxes": "done-said",
        "kitchen": "todo",
        "bath": "todo",
        "photos": "todo",
        "hand-in": "blocked",
    } == codes(now)
    for name in ("tell", "power", "boxes", "letter"):
        one, other = before.step(name), now.step(name)
        assert one and other and one.status == other.status  # with its date
    things = now.step("things")
    assert things and things.ticked and "Check again: it is made of 2 steps" in things.status.text


def test_every_row_of_the_table_with_nothing_done(tmp_path: Path) -> None:
    was = old_checklist(tmp_path)
    onto = destination(tmp_path, was)
    assert {
        "tell": "same open",
        "power": "reworded open",
        "things": "merged open",
        "letter": "method-changed method",
        "boxes": "moved open",
        "kitchen,bath": "split split",
        "photos": "new new",
        "card": "dropped gone",
        "hand-in": "same open",
    } == effects(carry_over(standing(was, ()), onto))
    assert {"todo", "blocked"} == set(codes(after_move(happened(), was, onto)).values())


def test_a_merged_step_is_open_if_only_some_of_its_parts_were_done(tmp_path: Path) -> None:
    was = old_checklist(tmp_path)
    onto = destination(tmp_path, was)
    events = happened(*ticks("books"))
    assert "merged parts" == effects(carry_over(standing(was, events), onto))["things"]
    assert "todo" == codes(after_move(events, was, onto))["things"]


def test_a_merged_step_is_done_again_by_a_tick_or_a_verdict(tmp_path: Path) -> None:
    was = old_checklist(tmp_path)
    onto = destination(tmp_path, was)
    events = moved(happened(*ticks("books", "clothes")), was, onto)
    later = [Event("r", 9, "x", START, "reader", "tick", "things", 0, {})]
    assert "done-said" == codes(standing(onto.checklist, (*events, *later)))["things"]
    seen = [Event("r", 9, "x", START, "reader", "verdict", "things", 0, PASSED.as_json())]
    assert "done-seen" == codes(standing(onto.checklist, (*events, *seen)))["things"]
    left = [Event("r", 9, "x", START, "reader", "verdict", "things", 0, FAILED.as_json())]
    assert "problem" == codes(standing(onto.checklist, (*events, *left)))["things"]


def test_notes_and_reasons_go_along(tmp_path: Path) -> None:
    was = old_checklist(tmp_path)
    onto = destination(tmp_path, was)
    so_far = [
        draft("note", "books", text="The atlas is lent."),
        draft("note", "clothes", text="The coat is torn."),
        draft("note", "letter", text="Room 7."),
        draft("note", "clean", text="Mind the floor."),
        draft("not-needed", "power", reason="It is the landlord's."),
    ]
    now = after_move(happened(*so_far), was, onto)
    notes = {item.step.id: item.marks.note.body["text"] for item in now.steps if item.marks.note}
    assert {
        "things": "The atlas is lent.\n\nThe coat is torn.",
        "letter": "Room 7.",
        "kitchen": "Mind the floor.",
    } == notes
    power = now.step("power")
    assert power and power.status.text == "Not needed: It is the landlord's."


def test_questions_with_the_same_words_keep_their_answers_and_others_are_asked(tmp_path: Path) -> None:
    was = old_checklist(tmp_path)
    onto = destination(tmp_path, was)
    events = happened(draft("answer", question="lease", answer="no"))
    plan = carry_over(standing(was, events), onto)
    assert ["pets"] == [question.id for question in plan.questions]
    assert {"lease": "no"} == after_move(events, was, onto).marks[""].answers
    asked = replace(onto.checklist.questions[0], ask="Is the lease yours?")
    other = replace(onto, checklist=replace(onto.checklist, questions=(asked,)))
    assert {} == after_move(events, was, other).marks[""].answers


def test_a_confirmed_irreversible_step_stays_confirmed(tmp_path: Path) -> None:
    was = old_checklist(tmp_path)
    onto = destination(tmp_path, was)
    events = happened(draft("request", "hand-in", alias="ABCD", basis="none", basis_at=None))
    assert after_move(events, was, onto).finished


def test_the_events_themselves_are_never_touched(tmp_path: Path) -> None:
    was = old_checklist(tmp_path)
    events = happened(*ticks(*ALL_OLD))
    assert events == moved(events, was, destination(tmp_path, was))[: len(events)]


def test_proof_stays_only_with_the_same_check(tmp_path: Path) -> None:
    plain = old_checklist(tmp_path)
    check = Use("house.empty", {"rooms": ["attic"]})
    was = replace(plain, steps=tuple(replace(one, check=check if one.id == "tell" else None) for one in plain.steps))
    onto = destination(tmp_path, was)
    events = happened(checked("tell", PASSED))
    same = replace(onto.checklist, steps=tuple(replace(one, check=check) for one in onto.checklist.steps))
    assert "done-seen" == codes(after_move(events, was, replace(onto, checklist=same)))["tell"]
    other = Use("house.empty", {"rooms": ["cellar"]})
    changed = replace(onto.checklist, steps=tuple(replace(one, check=other) for one in onto.checklist.steps))
    plan = carry_over(standing(was, events), replace(onto, checklist=changed))
    assert "same look" == effects(plan)["tell"]
    tell = after_move(events, was, replace(onto, checklist=changed)).step("tell")
    assert tell and "recheck" == tell.status.code and tell.marks.checked is None


def test_what_is_under_way_goes_on_or_keeps_the_run_where_it_is(tmp_path: Path) -> None:
    plain = old_checklist(tmp_path)
    act = Use("house.clear")
    was = replace(plain, steps=tuple(replace(one, action=act if one.id == "books" else None) for one in plain.steps))
    onto = destination(tmp_path, was)
    target = {"id": "thing:1", "kind": "thing", "name": "Atlas", "place": "Hall", "consequence": "", "phase": 0}
    events = happened(draft("confirmed", "books", targets=[target]))
    with pytest.raises(Refused, match="still under way"):
        moved(events, was, onto)
    able = tuple(replace(one, action=act if one.id == "things" else None) for one in onto.checklist.steps)
    now = after_move(events, was, replace(onto, checklist=replace(onto.checklist, steps=able)))
    things = now.step("things")
    assert things and ["thing:1"] == [item.target.id for item in things.pending]


def test_a_moved_run_can_move_again_and_keeps_what_it_has(tmp_path: Path) -> None:
    was = old_checklist(tmp_path)
    onto = destination(tmp_path, was)
    events = moved(happened(*ticks(*ALL_OLD)), was, onto)
    house_editions.write_both(
        tmp_path / "after", revised=house_editions.NEW.replace("Clean the bath", "Clean the bath well")
    )
    third = destination_of(article_in_revised(tmp_path), onto.checklist)
    assert third and "content" == third.weight
    again = carry_over(standing(onto.checklist, events), third).draft("again", "reader")
    body = {**again.body, "snapshot": third.checklist.hash}
    events = (*events, Event("r", 10, "again", START, "reader", "moved", "", 0, body))
    now = codes(standing(third.checklist, events))
    assert {"tell": "done-said", "things": "recheck", "letter": "done-said", "bath": "todo"}.items() <= now.items()


def article_in_revised(folder: Path) -> Article:
    side = folder / "after" / "House" / "moving-out.checklist.yaml"
    side.write_text(side.read_text().replace("starts: Clean the bath", "starts: Clean the bath well"))
    return article_in(folder / "after")


def test_only_words_change_nothing_and_the_authors_word_is_needed_for_other_words(tmp_path: Path) -> None:
    was = old_checklist(tmp_path)
    assert "danger" == destination(tmp_path, was, "danger").weight
    assert "content" == destination(tmp_path, was, "wording").weight  # for it has new steps, whatever its author says


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        (house_editions.OLD.replace("Sort the books.", "Sort the  books."), "wording"),
        (house_editions.OLD + "\nGood luck.\n", "wording"),
        (house_editions.OLD.replace("Sort the books.", "Do not sort the books."), "content"),
        (house_editions.OLD.replace("Sort the books.", "Sort the books.\n   - Not the atlas."), "content"),
        (house_editions.OLD.replace("Hand in the key.", "Hand in the keys."), "content"),
    ],
)
def test_a_revision_moves_by_itself_only_if_every_step_says_the_same(tmp_path: Path, text: str, weight: str) -> None:
    was = old_checklist(tmp_path)
    folder = house_editions.write_old(tmp_path / "revised")
    (folder / "House" / "moving-out.md").write_text(text)
    (folder / "House" / "moving-out.checklist.yaml").unlink()  # no author says anything
    found = destination_of(article_in(folder), was)
    assert found and weight == found.weight


def test_ids_that_authors_give_later_do_not_lose_a_tick(tmp_path: Path) -> None:
    folder = house_editions.write_old(tmp_path / "plain")
    side = folder / "House" / "moving-out.checklist.yaml"
    side.unlink()
    article = article_in(folder)
    was = checklist_of(article, article.current, article.current.procedures[0])
    side.write_text(house_editions.OLD_SIDE)
    onto = destination_of(article_in(folder), was)
    assert onto and "wording" == onto.weight
    now = after_move(happened(*ticks(*(step.id for step in was.steps[:8]))), was, onto)
    assert set(ALL_OLD) == {name for name, code in codes(now).items() if code == "done-said"}


def test_without_the_authors_word_likeness_proposes_and_says_so(tmp_path: Path) -> None:
    was = old_checklist(tmp_path)
    onto = destination(tmp_path, was, told=False)
    assert onto.proposed and "content" == onto.weight
    guessed = [move.part for move in carry_over(standing(was, ()), onto).steps if move.part.proposed]
    assert {"books", "clothes", "clean", "card"} <= {name for part in guessed for name in part.older}


def test_a_run_on_the_current_edition_has_nowhere_to_move(tmp_path: Path) -> None:
    article = article_in(house_editions.write_both(tmp_path))
    was = checklist_of(article, article.current, article.current.procedures[0])
    assert destination_of(article, was) is None


def test_a_run_whose_steps_are_gone_has_nowhere_to_move(tmp_path: Path) -> None:
    was = old_checklist(tmp_path)
    folder = house_editions.write_old(tmp_path / "empty")
    (folder / "House" / "moving-out.checklist.yaml").unlink()
    (folder / "House" / "moving-out.md").write_text("---\ntitle: Moving out\ndate: 2026-01-01\n---\nCall us.\n")
    assert destination_of(article_in(folder), was) is None


def test_skipped_editions_are_composed_and_the_gravest_weight_wins(tmp_path: Path) -> None:
    was = old_checklist(tmp_path)
    folder = house_editions.write_both(tmp_path / "three", "danger")
    house = folder / "House"
    for name in ("moving-out.md", "moving-out.checklist.yaml"):
        (house / name).rename(house / name.replace("moving-out", f"moving-out@{house_editions.NEW_DAY}", 1))
    newest = house_editions.NEW.replace("2026-02-01", "2027-03-01").replace("Sort all your things", "Sort everything")
    (house / "moving-out.md").write_text(newest)
    (house / "moving-out.checklist.yaml").write_text(
        "procedures:\n  - heading: Steps\n    steps: [{step: 3, starts: Sort everything, id: everything}]\n"
        "    changes: {since: 2026-02-01, weight: wording, steps: {everything: {was: [things], how: reworded}}}\n"
    )
    onto = destination_of(article_in(folder), was)
    assert onto and "danger" == onto.weight
    plan = carry_over(standing(was, happened(*ticks("books", "clothes"))), onto)
    assert "merged again" == effects(plan)["everything"]


def test_steps_of_other_procedures_are_not_taken_for_done(tmp_path: Path) -> None:
    """A merged step of which one part stands in another list: the run cannot know of that part."""
    folder = house_editions.write_old(tmp_path / "before")
    both = house_editions.OLD.replace("5. Sort", "\n## Later\n1. Sort").replace("6.", "2.").replace("7.", "3.")
    both = both.replace("8.", "4.").replace("9.", "5.")
    (folder / "House" / "moving-out.md").write_text(both)
    (folder / "House" / "moving-out.checklist.yaml").write_text(
        "procedures:\n"
        "  - {heading: Steps, steps: [{step: 4, starts: Sort the books, id: books}]}\n"
        "  - {heading: Later, steps: [{step: 1, starts: Sort the clothes, id: clothes}]}\n"
    )
    article = article_in(folder)
    was = checklist_of(article, article.current, article.current.procedures[0])
    after = house_editions.write_both(tmp_path / "after")
    for name in ("moving-out.md", "moving-out.checklist.yaml"):
        target = name.replace("moving-out", f"moving-out@{house_editions.OLD_DAY}", 1)
        (after / "House" / target).write_text((folder / "House" / name).read_text())
    onto = destination_of(article_in(after), was)
    assert onto
    plan = carry_over(standing(was, happened(*ticks(*(step.id for step in was.steps)))), onto)
    assert "merged parts" == effects(plan)["things"]


def test_the_plan_survives_being_stored_as_json(tmp_path: Path) -> None:
    was = old_checklist(tmp_path)
    onto = destination(tmp_path, was)
    events = moved(happened(*ticks(*ALL_OLD)), was, onto)
    stored = [replace(event, body=json.loads(json.dumps(dict(event.body)))) for event in events]
    assert codes(standing(onto.checklist, events)) == codes(standing(onto.checklist, stored))
