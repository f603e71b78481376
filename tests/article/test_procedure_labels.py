"""The finder against what people read: labels of old articles, of which a half was not looked at while tuning."""

import json
import re
from pathlib import Path

import pytest

from tests.article.procedure_score import LABELS, key, score

PARTS = ("tuned", "unseen", "fresh")


@pytest.mark.parametrize("part", PARTS)
def test_procedures_are_found_whole_and_lists_are_left_alone(corpus: Path, part: str) -> None:
    result = score(corpus / "publickb", part)
    assert result.f1 >= 0.95, str(result)
    assert result.steps >= 0.98, str(result)
    assert 6 * result.others_taken <= result.others, str(result)


def test_the_labels_are_many() -> None:
    labels = [label for part in PARTS for label in json.loads((LABELS / f"{part}.json").read_text(encoding="utf-8"))]
    assert len({label["article"] for label in labels}) == len(labels) >= 110
    assert sum(len(label["others"]) for label in labels) >= 28


def test_the_labels_hold_hashes_and_no_text() -> None:
    for part in PARTS:
        for label in json.loads((LABELS / f"{part}.json").read_text(encoding="utf-8")):
            for one in (*label["procedures"], *label["others"], *label["open"]):
                assert one["count"] == len(one["steps"])
                assert all(re.fullmatch(r"[1-6]:[0-9a-f]{12}", step) for step in one["steps"])


@pytest.mark.parametrize(
    "text", ["1. Open  the *lid*!", "Step 1: open the lid", "open the LID", "Step one. Open the lid."]
)
def test_a_key_knows_a_step_by_its_words(text: str) -> None:
    assert key("Open the lid") == key(text)
