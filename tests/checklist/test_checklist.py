import json

from kb.checklist.checklist import Checklist
from tests.checklist.samples import CHECKLIST, MANUAL


def test_a_snapshot_read_back_is_the_same_checklist() -> None:
    assert Checklist.from_json(json.loads(json.dumps(CHECKLIST.as_json()))) == CHECKLIST


def test_the_hash_depends_on_the_content_alone() -> None:
    assert Checklist.from_json(CHECKLIST.as_json()).hash == CHECKLIST.hash
    assert CHECKLIST.hash != MANUAL.hash


def test_only_gates_before_a_step_hold_it_back() -> None:
    first, gate, last, _ = CHECKLIST.steps
    assert (gate,) == CHECKLIST.gates_before(last)
    assert () == CHECKLIST.gates_before(first)
