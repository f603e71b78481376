import re
import tomllib
from pathlib import Path

import pytest

from kb.article.repairs import REPAIRS
from tests.article.reading_texts import HEAD, body_html, draft

EXAMPLES = tomllib.loads((Path(__file__).parent / "data" / "repairs.toml").read_text(encoding="utf-8"))["example"]


def between_tags(html: str) -> str:
    return re.sub(r"\s*\n\s*(?=<)|(?<=>)\s*\n\s*", "", html).strip()


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["rule"] for example in EXAMPLES])
def test_an_old_habit_is_shown_as_its_author_saw_it(example: dict[str, str]) -> None:
    wanted = between_tags(example["html"])
    assert between_tags(body_html(example["markdown"])) == wanted


def test_every_rule_has_its_example() -> None:
    assert {rule.name for rule in REPAIRS} <= {example["rule"] for example in EXAMPLES}


@pytest.mark.parametrize(
    "example",
    [one for one in EXAMPLES if one["rule"] not in ("tab", "pseudo-tag", "junk-in-rule")],
    ids=lambda one: str(one["rule"]),
)
def test_a_library_may_switch_the_repairs_off(example: dict[str, str]) -> None:
    assert between_tags(body_html(example["markdown"], repairs=False)) != between_tags(example["html"])


@pytest.mark.parametrize(
    ("markdown", "lines"),
    [
        ("1. One\n\n  Below\n\n2. Two\n  1. Sub\n\n   Text", {"One": 2, "Two": 6, "Sub": 7}),
        ("1. One\n   Text\n   3. Three\n   4. Four", {"Four": 5}),
        ("<table>\n\n<tr><td>x</td></tr>\n</table>\n\n1. After", {"After": 7}),
        ("1. a\n   ```\nx\n   ```\n2. b", {"a": 2, "b": 6}),
    ],
)
def test_repaired_items_keep_the_authors_lines(markdown: str, lines: dict[str, int]) -> None:
    read = draft(HEAD + markdown)
    items = {str(node.children[0]).strip(): node.line for node in read.tree.root.walk() if node.tag == "li"}
    paragraphs = {
        str(child.children[0]): node.line
        for node in read.tree.root.walk() if node.tag == "li"
        for child in node.elements() if child.tag == "p"
    }  # fmt: skip
    found = items | paragraphs
    assert {text: found[text] for text in lines} == lines
