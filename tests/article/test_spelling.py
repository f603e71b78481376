"""Misspellings are found in prose and nowhere else."""

import sys
from pathlib import Path

import pytest

from kb.article.spelling import Dictionary


@pytest.fixture(scope="module")
def installed() -> Dictionary:
    return Dictionary.load()


LISTED = Dictionary(
    {
        "resourses": "resources",
        "resourse": "resource, recourse,",
        "clas": "class, disabled because of a name in C++",
        "doesnt": "doesn't",
        "does'nt": "doesn't",
        "re-use": "reuse",
        "hda": "had",
    }
)


def test_the_installed_list_knows_the_misspelling_of_the_proving_article(installed: Dictionary) -> None:
    line = "However, if you __didn't__ completely delete the account resourses as instructed"
    assert [(58, "resourses", ("resources",))] == installed.misspellings(line)
    assert "resourses" == line[57:66]


def test_plain_good_prose_has_no_misspellings(installed: Dictionary) -> None:
    assert [] == installed.misspellings(
        "We're sorry to see you go; Lumen's off-boarding is easy (e.g. server storage)."
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Many resourses.", [(6, "resourses", ("resources",))]),
        ("Resourses, RESOURSES", [(1, "Resourses", ("Resources",)), (12, "RESOURSES", ("RESOURCES",))]),
        ("**resourses**: (resourses)", [(3, "resourses", ("resources",)), (17, "resourses", ("resources",))]),
        ("a resourse", [(3, "resourse", ("resource", "recourse"))]),
        ("[resourses](https://example.com/resourses)", [(2, "resourses", ("resources",))]),
        ("It doesnt, it does’nt.", [(4, "doesnt", ("doesn't",)), (15, "does’nt", ("doesn't",))]),
    ],
)
def test_a_misspelling_is_found_with_its_column_and_its_mend(
    line: str, expected: list[tuple[int, str, tuple[str, ...]]]
) -> None:
    assert expected == LISTED.misspellings(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Set `resourses` to 3",
        "Set ``a ` resourses`` to 3",
        "https://example.com/resourses and www.example.com/resourses",
        "[all](../resourses list.md)",
        "[1]: ../images/resourses.png",
        '<a href="x" name="resourses">',
        "my_resourses, resourses_2, $resourses, --resourses=1, resourses@example.com",
        "resourses.json and /etc/resourses and C:\\resourses",
        "a clas of things",  # the list says why it may be right
        "HDA",  # a short abbreviation
        "myResourses",
        "xresourses",
        "Please re-use it",  # with or without a hyphen is a matter of taste
    ],
)
def test_what_is_no_prose_or_may_be_right_is_left_alone(line: str) -> None:
    assert [] == LISTED.misspellings(line)


def test_text_after_an_unclosed_backtick_is_prose() -> None:
    assert [(7, "resourses", ("resources",))] == LISTED.misspellings("the ` resourses")


def test_an_empty_list_finds_nothing() -> None:
    assert [] == Dictionary({}).misspellings("resourses")


def test_only_the_list_of_codespell_is_read_not_its_program(installed: Dictionary) -> None:
    assert installed.entries
    assert "codespell_lib" not in sys.modules


def test_the_list_is_read_from_the_installed_package(installed: Dictionary) -> None:
    data = Path(sys.prefix).rglob("codespell_lib/data/dictionary.txt")
    lines = next(data).read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(installed.entries)
