"""Search finds articles by what a reader remembers of them, and says where in them it is."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from kb.article.library import Library
from kb.article.search.marks import LENGTH, Marked, marked, snippet
from kb.article.search.passages import passages_of
from kb.article.search.search import Found, Question, Search
from kb.article.search.words import folded, index_words
from kb.settings import Settings

GARDEN = """---
title: Planting Tomatoes
date: 2024-05-01
keywords: [seedlings, glasshouse]
---
Tomatoes like it warm.
## Preparing the soil
Dig in some compost & wait a week.
## Steps
1. Select the strongest seedlings.
   - Bring them in when there is frost.
2. Set them *deeply* beside a cane.
3. Add a cord and connect it.
4. Remove the side shoots.
## Afterwards
Water them at the root.
"""
OLD_GARDEN = GARDEN.replace("2024-05-01", "2020-05-01").replace("Water them", "Sprinkle rhubarb juice")
ROSES = "---\ntitle: Pruning Roses\ndate: 2023-02-01\n---\nCut them in spring. Tomatoes may stand beside them.\n"
CREPES = "---\ntitle: Crêpes à la façon de Léa\ndate: 2022-01-01\n---\nServed on the Straße, cooked déjà.\n"
FILES = {
    "Garden/planting.md": GARDEN,
    "Garden/planting@2020-05-01.md": OLD_GARDEN,
    "Garden/Flowers/roses.md": ROSES,
    "Kitchen/crepes.md": CREPES,
    "Kitchen/soup.md": "---\ntitle: Tomato Soup\ndate: 2022-01-01\n---\nA soup of 5 < 6 tomatoes.\n",
}


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> Search:
    return search_over(tmp_path_factory.mktemp("library"), FILES)


def search_over(folder: Path, files: Mapping[str, str]) -> Search:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return Search.over(Library.load(folder, Settings()))


def titles(found: Found) -> list[str]:
    return [hit.edition.title for hit in found.hits]


def text_of(pieces: Marked) -> str:
    return "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in pieces)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("planting tomatoes", "Planting Tomatoes"),
        ("PLANTING", "Planting Tomatoes"),
        ("planted", "Planting Tomatoes"),  # another form of the word
        ("prun", "Pruning Roses"),  # not finished yet
        ("pruning rsoes", "Pruning Roses"),  # two letters exchanged
        ("tomatos soup", "Tomato Soup"),  # a letter missing
        ("seedlings", "Planting Tomatoes"),  # a keyword
        ("compost", "Planting Tomatoes"),  # only in the text
        ("crepes a la facon", "Crêpes à la façon de Léa"),
        ("CRÊPES", "Crêpes à la façon de Léa"),
        ("strasse", "Crêpes à la façon de Léa"),
        ("soup of roots and herbs with tomatoes", "Tomato Soup"),  # words that are nowhere
    ],
)
def test_a_question_finds_the_article(search: Search, question: str, first: str) -> None:
    assert first == titles(search.find(Question(question)))[0]


def test_a_word_in_the_title_counts_more_than_one_in_the_text(search: Search) -> None:
    assert {"Planting Tomatoes", "Tomato Soup"} == set(titles(search.find(Question("tomatoes")))[:2])
    assert "Pruning Roses" in titles(search.find(Question("tomatoes")))


@pytest.mark.parametrize(
    "question", ["", "   ", "…!?", "zzzzzz", "<script>", "x" * 5000, '"', "a:b AND (", "title:roses^"]
)
def test_no_question_is_a_failure(search: Search, question: str) -> None:
    found = search.find(Question(question))
    assert found.total >= len(found.hits)


def test_current_editions_only_unless_asked(search: Search) -> None:
    assert 0 == search.find(Question("rhubarb")).total
    found = search.find(Question("rhubarb", every_edition=True))
    assert ["2020-05-01"] == [str(hit.edition.date) for hit in found.hits]
    assert not found.hits[0].current


@pytest.mark.parametrize(
    ("category", "found"),
    [
        ("kitchen", ["Tomato Soup"]),
        ("garden", ["Planting Tomatoes", "Pruning Roses"]),  # a sub-category is inside
        ("garden/flowers", ["Pruning Roses"]),
        ("nothing", []),
    ],
)
def test_a_category_limits_what_is_found(search: Search, category: str, found: Sequence[str]) -> None:
    assert found == titles(search.find(Question("tomatoes", category=category)))


def test_only_articles_with_a_checklist_if_asked(search: Search) -> None:
    assert ["Planting Tomatoes"] == titles(search.find(Question("tomatoes", checklist=True)))


@pytest.mark.parametrize(
    ("question", "kind", "label", "anchor", "text"),
    [
        ("compost", "section", "Preparing the soil", "preparing-the-soil", "Dig in some [compost] & wait a week."),
        ("cane", "step", "2", None, "Set them deeply beside a [cane]."),
        ("strongest", "step", "1", None, "Select the [strongest] seedlings. Bring them in when there is frost."),
        ("root", "section", "Afterwards", "afterwards", "Water them at the [root]."),
    ],
)
def test_a_hit_names_the_section_or_step_with_its_anchor(
    search: Search, question: str, kind: str, label: str, anchor: str | None, text: str
) -> None:
    hit = next(hit for hit in search.find(Question(question)).hits if hit.edition.title == "Planting Tomatoes")
    (place,) = hit.places
    steps = {str(step.number): step.anchor for procedure in hit.edition.procedures for step in procedure.steps}
    assert (kind, label, anchor or steps[label]) == (place.passage.kind, place.passage.label, place.passage.anchor)
    assert text == text_of(place.text)


def test_passages_hold_the_whole_text(search: Search) -> None:
    for article in search.articles:
        words = {word for passage in passages_of(article.current) for word in passage.words}
        assert set(index_words(folded(article.current.text))) <= words | {"strasse"}


def test_what_was_misspelt_is_proposed_in_the_words_of_the_library(search: Search) -> None:
    assert "planting tomatoes" == search.find(Question("plantnig tomatoes")).instead
    assert "" == search.find(Question("planting tomatoes")).instead


def test_without_a_hit_titles_that_look_alike_are_proposed(search: Search) -> None:
    found = search.find(Question("pronngi rozzes"))
    assert 0 == found.total
    assert ["Pruning Roses"] == [article.title for article in found.titles]


def test_pages_of_an_answer_follow_each_other(search: Search) -> None:
    whole = titles(search.find(Question("tomatoes"), 10))
    assert whole == [titles(search.find(Question("tomatoes"), 1, skip))[0] for skip in range(len(whole))]


def test_a_library_without_articles_can_be_asked(tmp_path: Path) -> None:
    assert 0 == search_over(tmp_path, {}).find(Question("anything")).total


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("No match here.", "No match here."),
        ("A Door, a door; indoors.", "A [Door], a [door]; indoors."),
        ("Dóór", "[Dóór]"),
    ],
)
def test_whole_words_are_marked_whatever_their_accents(text: str, expected: str) -> None:
    assert expected == text_of(marked(text, {"door": 0}))


def test_a_snippet_shows_where_most_of_the_words_stand() -> None:
    text = f"door {'filler ' * 60}the red door of the house {'filler ' * 60}"
    shown = text_of(snippet(text[5:], {"door": 0, "house": 1}))
    assert "the red [door] of the [house]" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) <= LENGTH + 10
