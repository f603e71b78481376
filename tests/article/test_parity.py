"""Every Markdown article reads as its author saw it in the old preview, but for the listed ones that read better."""

import json
import tomllib
from pathlib import Path

import pytest

from kb.article.node import render
from kb.article.reading import read_draft
from tests.article.facts_of_html import KINDS, facts_of

DATA = Path(__file__).parent / "data"
SEEN: dict[str, str] = json.loads((DATA / "parity.json").read_text(encoding="utf-8"))
BETTER = tomllib.loads((DATA / "better.toml").read_text(encoding="utf-8"))["article"]


@pytest.fixture(scope="module")
def differences(corpus: Path) -> dict[str, set[str]]:
    """Path of each article that reads differently -> the kinds of facts that differ."""
    found = {}
    for path, hashes in SEEN.items():
        draft, _ = read_draft(corpus / "publickb", path, f"{path}.none", repairs=True)
        assert draft is not None
        ours = facts_of(render(draft.tree.root.children))
        kinds = {kind for kind, seen in zip(KINDS, hashes.split(), strict=True) if ours[kind] != seen}
        if kinds:
            found[path] = kinds
    return found


def test_only_listed_articles_read_differently(differences: dict[str, set[str]]) -> None:
    assert {path: sorted(kinds) for path, kinds in differences.items()} == {
        one["path"]: sorted(one["differs"]) for one in BETTER
    }


def test_each_difference_has_its_rule_and_its_reason() -> None:
    assert all(one["rule"] and len(one["why"]) > 20 for one in BETTER)


def test_the_visible_text_differs_in_at_most_three_of_a_hundred(differences: dict[str, set[str]]) -> None:
    assert sum("text" in kinds for kinds in differences.values()) <= 0.03 * len(SEEN)
