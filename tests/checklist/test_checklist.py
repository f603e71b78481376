import json
from dataclasses import replace
from pathlib import Path

import pytest

from kb.article.library import Library
from kb.checklist.checklist import Checklist, checklist_of
from kb.settings import Settings
from tests.checklist.samples import CHECKLIST, MANUAL, step


def test_a_snapshot_read_back_is_the_same_checklist() -> None:
    assert Checklist.from_json(json.loads(json.dumps(CHECKLIST.as_json()))) == CHECKLIST


def test_the_hash_depends_on_the_content_alone() -> None:
    assert Checklist.from_json(CHECKLIST.as_json()).hash == CHECKLIST.hash
    assert CHECKLIST.hash != MANUAL.hash


def test_only_gates_before_a_step_hold_it_back() -> None:
    first, gate, last, _ = CHECKLIST.steps
    assert (gate,) == CHECKLIST.gates_before(last)
    assert () == CHECKLIST.gates_before(first)


def test_a_snapshot_of_before_gates_had_kinds_keeps_its_hash() -> None:
    data = CHECKLIST.as_json()
    assert not {"soft", "after", "told"} & {name for step in data["steps"] for name in step}
    assert Checklist.from_json(data).hash == CHECKLIST.hash


def test_a_step_that_comes_after_a_gate_is_held_back_by_it_alone() -> None:
    steps = (step(1, "one", gate=True), step(2, "two", soft=True), step(3, "three", after=("two",)))
    checklist = replace(MANUAL, steps=steps)
    assert (steps[1],) == checklist.gates_before(steps[2])
    assert () == checklist.gated_by(steps[0])
    assert (steps[2],) == checklist.gated_by(steps[1])
    assert Checklist.from_json(json.loads(json.dumps(checklist.as_json()))) == checklist


ARTICLE = "---\ntitle: Moving\ndate: 2026-01-01\n---\n## Steps\n1. One.\n2. Two.\n3. Three.\n4. Four.\n"


@pytest.mark.parametrize(
    ("side", "expected"),
    [
        ("", [(), (), (), ()]),
        ("    order: fixed\n", [(), ("one",), (), ("one", "two")]),
        ("    order: free\n", [(), (), (), ()]),
    ],
)
def test_a_fixed_order_lets_each_step_wait_for_all_before_it(
    side: str, expected: list[tuple[str, ...]], tmp_path: Path
) -> None:
    steps = "{step: 1, starts: One, id: one}", "{step: 2, starts: Two, id: two}"
    lines = [*steps, "{step: 3, starts: Three, id: three, waits: for them}"]
    text = "".join(f"      - {line}\n" for line in lines)
    assert expected == _after(tmp_path, f"procedures:\n  - heading: Steps\n{side}    steps:\n{text}")


def test_a_step_may_have_an_order_of_its_own(tmp_path: Path) -> None:
    steps = """procedures:
  - heading: Steps
    steps:
      - {step: 1, starts: One, id: one}
      - {step: 2, starts: Two, id: two}
      - {step: 3, starts: Three, id: three, order: fixed}
      - {step: 4, starts: Four, id: four, after: [two]}
"""
    assert [(), (), ("one", "two"), ("two",)] == _after(tmp_path, steps)


def _after(folder: Path, side: str) -> list[tuple[str, ...]]:
    (folder / "moving.md").write_text(ARTICLE)
    (folder / "moving.checklist.yaml").write_text(side)
    article = Library.load(folder, Settings()).articles[0]
    assert article.current.procedures[0].side, "the side file fits"
    return [step.after for step in checklist_of(article, article.current, article.current.procedures[0]).steps]
