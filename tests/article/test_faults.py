from pathlib import Path

import pytest

from kb.settings import Settings
from tests.article.reading_texts import library

LONG = "The same words again and again. " * 20


@pytest.mark.parametrize(
    ("text", "code", "line", "column"),
    [
        ("Text\n\n[a]: x.md", "reference-unused", 4, 1),
        ("[x][a]\n\n[a]: #top\n[a]: #top", "reference-repeated", 5, 1),
        ("Some [x][nowhere].", "reference-undefined", 2, 6),
        ("See [x] (https://example.com/).", "link-blank", 2, 5),
        ("See [x] (c.md).", "link-blank", 2, 5),
        ("See ![x] (../a.png).", "link-blank", 2, 5),
        ("See ![x]../a.png).", "link-unopened", 2, 5),
        ("(See) [x]https://example.com/).", "link-unopened", 2, 7),
        ("# One\n\n### Three", "heading-jump", 4, 1),
        ("###Three", "heading-blank", 2, 1),
        ("Look: ![](../a.png)", "alt-missing", 2, 11),
        ("Look: ![a.png](../a.png)", "alt-file-name", 2, 16),
        ("| a |\n|---|\n| 1 | more |", "table-cell", 4, 7),
        ("Some resourses", "misspelling", 2, 6),
    ],
)
def test_a_fault_of_a_text_is_named_at_its_place(tmp_path: Path, text: str, code: str, line: int, column: int) -> None:
    loaded = library(tmp_path, {"a/b.md": text, "a.png": ""})
    found = [(problem.code, problem.line, problem.column) for problem in loaded.problems if problem.path == "a/b.md"]
    assert (code, line, column) in found
    assert len(found) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Some `[x] (https://example.com/)` and `resourses`.",
        "```\n[x] (https://example.com/)\n[x][nowhere]\n###Three\n| a |\n```",
        "[x] (see below)",
        "(see [x]https://example.com/)",
        "[x][a] and [a]\n\n[a]: #top",
        "arr[0][1]",
        "#hashtag",
        "### Three\n#### Four\n## Two",
        "| a | b |\n|---|---|\n| 1 | |",
    ],
)
def test_what_is_well_is_no_fault(tmp_path: Path, text: str) -> None:
    assert library(tmp_path, {"a/b.md": text}).problems == ()


@pytest.mark.parametrize(
    ("files", "path", "code"),
    [
        ({"a/b.md": "One", "a/c.md": "Two"}, "a/c.md", "title-repeated"),
        ({"a/b.md": LONG, "a/c.md": LONG}, "a/c.md", "body-repeated"),
        ({"a/b.md": "One", "c.md": "Two"}, "c.md", "no-category"),
        ({"a/b.md": "One", "images/x.png": ""}, "images/x.png", "image-orphaned"),
        ({"a/b.md": "One", "index.md": '{{{ "category_order": ["b"] }}}'}, "index.md", "order-unknown"),
        ({"a/b.md": "One", "index.md": '{{{ "category_order": ["b"] }}}'}, "index.md", "order-missing"),
    ],
)
def test_a_fault_of_the_library_is_named_at_its_file(
    tmp_path: Path, files: dict[str, str], path: str, code: str
) -> None:
    assert (path, code) in {(problem.path, problem.code) for problem in library(tmp_path, files).problems}


def test_an_alias_that_leads_nowhere_is_an_error(tmp_path: Path) -> None:
    loaded = library(tmp_path, {"a/b.md": "One"}, Settings(aliases={"old": "a/b", "older": "old", "lost": "a/c"}))
    assert [problem.message for problem in loaded.problems] == ["the alias lost leads to a/c, where nothing is"]


def test_problems_are_sorted_and_name_lines_that_are_there(corpus: Path) -> None:
    loaded = library(corpus / "apidocs", {})
    assert list(loaded.problems) == sorted(loaded.problems)
    for article in loaded.articles:
        for edition in article.editions:
            count = (corpus / "apidocs" / edition.path).read_bytes().decode().count("\n") + 2
            assert all(1 <= problem.line <= count for problem in edition.problems)
