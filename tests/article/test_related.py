"""Related articles are few and good: much the same words, shared keywords, links; none rather than any."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from kb.article.label import keywords_of
from kb.article.library import Library
from kb.article.search.related import MOST, Related
from kb.article.search.search import Search
from kb.settings import Settings

FILES = {
    "Garden/tomatoes.md": "# Planting tomatoes\nTomatoes need warm soil, compost and a cane. Water them at the root.",
    "Garden/compost.md": "# Making compost\nCompost for tomatoes: layer leaves, turn the heap, keep the soil warm.",
    "Garden/canes.md": "# Choosing a cane\nA cane for beans and tomatoes; push the cane deep into warm soil.",
    "Office/invoices.md": "# Reading an invoice\nAn invoice has a number, a sum and a due day. See [taxes](taxes.md).",
    "Office/taxes.md": "# Taxes\nWhat the state wants.",
    "Office/printer.md": "---\ntitle: Changing ink\nkeywords: [ink]\n---\nOpen the lid.",
    "Cellar/pens.md": "---\ntitle: Refilling pens\nkeywords: [Ink]\n---\nUnscrew the nib.",
}
COMMON = {
    f"Words/{n}.md": f"# W{n}\nWhat a day: the state has an open number to see, deep and at due wants."
    for n in range(20)
}


def related(folder: Path, files: Mapping[str, str]) -> Related:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    library = Library.load(folder, Settings())
    return Related.over(Search.over(library), keywords_of(library.articles))


def slugs(found: Related, address: str) -> set[str]:
    (article,) = [one for one in found.search.articles if one.address == address]
    return {other.slug for other in found.to(article)}


@pytest.fixture(scope="module")
def garden(tmp_path_factory: pytest.TempPathFactory) -> Related:
    return related(tmp_path_factory.mktemp("library"), FILES | COMMON)


@pytest.mark.parametrize(
    ("address", "others"),
    [
        ("garden/tomatoes", {"compost", "canes"}),
        ("office/invoices", {"taxes"}),  # linked from there
        ("office/taxes", {"invoices"}),  # linked to there
        ("office/printer", {"pens"}),  # a keyword, spelt otherwise
        ("cellar/pens", {"printer"}),
    ],
)
def test_words_links_and_keywords_relate_articles(garden: Related, address: str, others: set[str]) -> None:
    assert others == slugs(garden, address)


def test_they_are_few_and_never_the_article_itself(tmp_path: Path) -> None:
    files = {f"A/{n}.md": f"# Tomatoes {n}\nPlanting tomatoes in warm soil." for n in range(9)}
    others = {f"B/{n}.md": f"# Invoice {n}\nDue soon." for n in range(30)}
    found = related(tmp_path, files | others)
    assert MOST == len(slugs(found, "a/0"))
    assert "0" not in slugs(found, "a/0")


def test_withdrawn_articles_are_related_to_nothing(tmp_path: Path) -> None:
    head = "---\ntitle: Taxes\nstate: withdrawn\n---\n"
    found = related(
        tmp_path, {**FILES, **COMMON, "Office/taxes.md": f"{head}An invoice has a number, a sum and a due day."}
    )
    assert set() == slugs(found, "office/invoices")


def test_an_answer_is_remembered(garden: Related) -> None:
    (article,) = [one for one in garden.search.articles if one.slug == "tomatoes"]
    assert garden.to(article) is garden.to(article)


def test_a_library_of_one_article_relates_nothing(tmp_path: Path) -> None:
    assert set() == slugs(related(tmp_path, {"a.md": "# Alone\nNobody is here."}), "a")
