"""Authors and keywords gather the articles that bear them, however they are spelt."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from kb.article.article import Article
from kb.article.label import Labels, authors_of, keywords_of
from kb.article.library import Library
from kb.settings import Settings


def articles(folder: Path, heads: Mapping[str, str]) -> tuple[Article, ...]:
    """An article for each slug, with these further lines of front matter."""
    for slug, head in heads.items():
        (folder / f"{slug}.md").write_text(f"---\ntitle: {slug.title()}\ndate: 2024-01-01\n{head}\n---\nText.\n")
    return Library.load(folder, Settings()).articles


def found(labels: Labels) -> list[tuple[str, str, list[str]]]:
    return [(label.name, label.slug, [article.slug for article in label.articles]) for label in labels.all]


def test_spellings_that_differ_by_case_accents_or_hyphens_are_one_named_as_most_spell_it(tmp_path: Path) -> None:
    heads = {"a": "keywords: [E-mail, Café]", "b": "keywords: [email]", "c": "keywords: [email, cafe, Cafe, CAFE]"}
    labels = keywords_of(articles(tmp_path, heads))
    assert [("CAFE", "cafe", ["a", "c"]), ("email", "email", ["a", "b", "c"])] == found(labels)
    assert labels.named("E-MAIL") is labels.at("e-mail") is labels.at("email")


@pytest.mark.parametrize(("one", "other"), [("C", "C++"), ("C", "C#"), ("1.2", "12"), ("2019-01", "201901")])
def test_names_that_only_signs_tell_apart_stay_apart(tmp_path: Path, one: str, other: str) -> None:
    labels = keywords_of(articles(tmp_path, {"a": f"keywords: ['{one}']", "b": f"keywords: ['{other}']"}))
    assert 2 == len({label.slug for label in labels.all})


def test_a_name_without_a_letter_is_no_label(tmp_path: Path) -> None:
    assert () == keywords_of(articles(tmp_path, {"a": "keywords: ['***']\nauthor: ''"})).all
    assert () == authors_of(articles(tmp_path, {})).all


def test_two_authors_in_one_line_are_two_if_both_wrote_something_alone(tmp_path: Path) -> None:
    written = {
        "a": "author: Ann Lee",
        "b": "author: Bob",
        "c": "author: bob and Ann Lee",
        "d": "author: Research and Development",
    }
    labels = authors_of(articles(tmp_path, written))
    assert [
        ("Ann Lee", "ann-lee", ["a", "c"]),
        ("Bob", "bob", ["b", "c"]),
        ("Research and Development", "research-and-development", ["d"]),
    ] == found(labels)
    pieces = [(text, label and label.slug) for text, label in labels.parts("bob and Ann Lee")]
    assert [("bob", "bob"), (" and ", None), ("Ann Lee", "ann-lee")] == pieces
    assert [("Research and Development", labels.all[2])] == labels.parts("Research and Development")
    assert [("Nobody", None)] == labels.parts("Nobody")


def test_only_current_editions_that_are_not_withdrawn_count(tmp_path: Path) -> None:
    heads = {"a": "author: Ann", "b": "author: Bob\nstate: withdrawn"}
    (tmp_path / "a@2020-01-01.md").write_text("---\ntitle: A\ndate: 2020-01-01\nauthor: Cid\n---\nOld.\n")
    assert [("Ann", "ann", ["a"])] == found(authors_of(articles(tmp_path, heads)))
