from datetime import date
from pathlib import Path

import pytest

from kb.article.article import Article
from kb.article.library import Library
from kb.errors import SettingsInvalid
from kb.settings import Settings, SiteWords, read_settings

FRONT = "---\ntitle: {title}\ndate: {day}\nauthor: Ann\n---\n"
PIE = """## Baking
1. Weigh 500 g of flour, see [the scales](scales.md).
2. Stir it for a while.
3. Bake it at 180 degrees.

## Eating
Eat it.
"""
KUCHEN = """## Backen
1. 500 g Mehl abwiegen, siehe [die Waage](scales.md).
2. Eine Weile rühren.
3. Bei 180 Grad backen.

## Essen
Essen Sie ihn.
"""
SIDE = """
procedures:
  - heading: Baking
    prerequisites:
      - {id: oven, label: You have an oven, check: kitchen.oven}
    questions:
      - {id: nuts, ask: "Can you eat nuts?", stop: Bake something else.}
    steps:
      - {step: 1, starts: Weigh, id: weigh}
      - {step: 3, starts: Bake it, id: bake, check: kitchen.baked}
    finished: {title: The pie is done, text: Let it cool.}
    translations:
      de:
        You have an oven: Sie haben einen Ofen
        "Can you eat nuts?": "Vertragen Sie Nüsse?"
        The pie is done: Der Kuchen ist fertig
"""
BOTH = Settings(languages=("de",))


def write(folder: Path, name: str, body: str, day: str = "2026-01-01", title: str = "") -> None:
    text = FRONT.format(title=title or name, day=day) + body
    (folder / "Food").mkdir(exist_ok=True)
    (folder / "Food" / f"{name}.md").write_text(text, encoding="utf-8")


def kitchen(folder: Path, german: str = KUCHEN, day: str = "2026-01-01") -> Library:
    write(folder, "pie", PIE)
    write(folder, "pie.de", german, day, title="Kuchen")
    write(folder, "scales", "They weigh.")
    (folder / "Food" / "pie.checklist.yaml").write_text(SIDE)
    return Library.load(folder, BOTH)


def at(library: Library, address: str) -> Article:
    article = library.article_at(address)
    assert article
    return article


def ids(article: Article) -> list[list[str]]:
    return [[step.id for step in procedure.steps] for procedure in article.current.procedures]


def codes(library: Library) -> list[str]:
    return [problem.code for problem in library.problems]


def test_a_translation_has_its_own_address_and_is_no_article_beside_the_original(tmp_path: Path) -> None:
    library = kitchen(tmp_path)

    assert ["food/pie", "food/scales"] == [article.address for article in library.articles]
    assert "Kuchen" == at(library, "de/food/pie").title
    versions = (("en", "food/pie"), ("de", "de/food/pie"))
    assert versions == at(library, "food/pie").versions == at(library, "de/food/pie").versions


def test_the_library_for_readers_of_a_language_has_every_article_translated_or_not(tmp_path: Path) -> None:
    german = kitchen(tmp_path).spoken["de"]

    assert [("de/food/pie", False), ("de/food/scales", True)] == [
        (article.address, article.stands_in) for article in german.articles
    ]
    assert at(german, "food/pie") is at(german, "de/food/pie")
    assert "de/food/scales" == at(german, "food/scales").current.address
    assert ["de/food"] == [category.address for category in german.categories]


def test_names_of_categories_and_the_site_are_translated_in_the_settings(tmp_path: Path) -> None:
    write(tmp_path, "pie", PIE)
    words = SiteWords("Küche", "Alles backen.", {"Food": "Essen"})
    german = Library.load(tmp_path, Settings(languages=("de",), translations={"de": words})).spoken["de"]

    assert ("Küche", "Alles backen.") == (german.settings.title, german.settings.lead)
    assert ["Essen"] == [category.name for category in german.categories]
    assert ("Essen",) == german.articles[0].category


def test_steps_have_the_ids_of_the_original_and_what_its_side_file_says_in_their_language(tmp_path: Path) -> None:
    library = kitchen(tmp_path)

    assert ids(at(library, "food/pie")) == ids(at(library, "de/food/pie"))
    side = at(library, "de/food/pie").current.procedures[0].side
    assert side
    assert "Sie haben einen Ofen" == side.prerequisites[0].label
    assert ("Vertragen Sie Nüsse?", "Bake something else.") == (side.questions[0].ask, side.questions[0].stop)
    assert side.finished
    assert ("Der Kuchen ist fertig", "Let it cool.") == (side.finished.title, side.finished.text)
    assert () == library.problems


def test_a_list_is_a_procedure_where_the_original_has_one_whatever_its_verbs(tmp_path: Path) -> None:
    nouns = "## Backen\n1. Mehl\n2. Rührschüssel\n3. Ofen\n\n## Essen\nGuten Appetit.\n"

    assert ids(at(kitchen(tmp_path, nouns), "de/food/pie")) == ids(at(Library.load(tmp_path, BOTH), "food/pie"))


def test_with_other_steps_those_with_the_same_links_and_numbers_keep_their_ids_and_the_rest_is_manual(
    tmp_path: Path,
) -> None:
    german = KUCHEN.replace("2. Eine Weile rühren.\n3. Bei", "2. Bei")
    library = kitchen(tmp_path, german)

    ours = at(library, "de/food/pie").current.procedures[0]
    assert ["weigh", "bake"] == [step.id for step in ours.steps]
    assert ours.side is None
    assert "translation-steps" in codes(library)


def test_links_of_a_translation_lead_to_translations_and_else_to_the_original_in_its_place(tmp_path: Path) -> None:
    assert '<a href="/de/food/scales/">' in at(kitchen(tmp_path), "de/food/pie").current.html

    write(tmp_path, "scales.de", "## Wiegen\nSie wiegen.")
    write(tmp_path, "pie.de", KUCHEN.replace("scales.md", "scales.md#wiegen"))
    library = Library.load(tmp_path, BOTH)
    assert '<a href="/de/food/scales/#wiegen">' in at(library, "de/food/pie").current.html
    assert '<a href="/food/scales/">' in at(library, "food/pie").current.html
    assert [] == [problem for problem in library.problems if problem.severity == "error"]


def test_a_translation_is_behind_an_edition_that_is_newer_than_what_it_translates(tmp_path: Path) -> None:
    write(tmp_path, "pie", PIE, "2026-03-01")
    write(tmp_path, "pie@2025-03-01", PIE, "2025-03-01")
    write(tmp_path, "pie.de", KUCHEN, "2026-02-01")

    library = Library.load(tmp_path, BOTH)
    assert date(2026, 3, 1) == at(library, "de/food/pie").behind
    assert "translation-behind" in codes(library)


@pytest.mark.parametrize(("said", "behind"), [("2025-03-01", date(2026, 3, 1)), ("2026-03-01", None)])
def test_a_translation_may_name_the_edition_that_it_translates(tmp_path: Path, said: str, behind: date | None) -> None:
    write(tmp_path, "pie", PIE, "2026-03-01")
    write(tmp_path, "pie@2025-03-01", PIE, "2025-03-01")
    write(tmp_path, "pie.de", KUCHEN, f"2026-04-01\ntranslates: {said}")

    assert behind == at(Library.load(tmp_path, BOTH), "de/food/pie").behind


def test_editions_of_a_translation_stand_side_by_side_like_those_of_the_original(tmp_path: Path) -> None:
    kitchen(tmp_path)
    write(tmp_path, "pie.de@2024-05-01", KUCHEN.replace("180", "200"), "2024-05-01")

    editions = at(Library.load(tmp_path, BOTH), "de/food/pie").editions
    assert ["de/food/pie", "de/food/pie/2024-05-01"] == [edition.address for edition in editions]


def test_a_translation_without_an_original_is_an_error_and_still_read(tmp_path: Path) -> None:
    write(tmp_path, "pie.de", "## Essen\nGuten Appetit.")

    library = Library.load(tmp_path, BOTH)
    assert ["translation-orphan"] == [problem.code for problem in library.problems if problem.severity == "error"]
    assert [] == list(library.articles)
    assert library.spoken["de"].article_at("food/pie")


def test_a_language_that_the_settings_do_not_list_is_reported_beside_its_original(tmp_path: Path) -> None:
    write(tmp_path, "pie", PIE)
    write(tmp_path, "pie.fr", KUCHEN)
    write(tmp_path, "version.v2", "An article of its own.")

    library = Library.load(tmp_path, Settings())
    assert ["Food/pie.fr.md"] == [problem.path for problem in library.problems if problem.code == "language-unknown"]
    assert library.article_at("food/pie.fr")


def test_a_draft_of_a_translation_is_not_shown(tmp_path: Path) -> None:
    write(tmp_path, "pie", PIE)
    write(tmp_path, "pie.de", KUCHEN, "2026-01-01\nstate: draft")

    library = Library.load(tmp_path, BOTH)
    assert library.article_at("de/food/pie") is None
    assert () == at(library, "food/pie").versions
    assert at(library.spoken["de"], "food/pie").stands_in


def test_words_of_another_language_are_not_taken_for_misspelt_english(tmp_path: Path) -> None:
    body = "Definately a faust.\n"
    write(tmp_path, "pie", body)
    write(tmp_path, "pie.de", body)

    found = [problem.path for problem in Library.load(tmp_path, BOTH).problems if problem.code == "misspelling"]
    assert ["Food/pie.md"] == found


def test_moved_addresses_stay_in_the_language_in_which_they_were_asked(tmp_path: Path) -> None:
    write(tmp_path, "pie", PIE, "2026-01-01\nredirect_from: old-pie")

    library = Library.load(tmp_path, BOTH)
    assert ("food/pie", "de/food/pie") == (library.moved("old-pie"), library.spoken["de"].moved("old-pie"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('languages = ["Deutsch"]', "Deutsch is no language"),
        ('[translations.de]\ntitle = "Küche"', "unknown setting translations.de"),
        ('languages = ["de"]\n[translations.de]\nname = "Küche"', "unknown setting translations.de.name"),
    ],
)
def test_settings_of_languages_are_checked(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "kb.toml").write_text(text, encoding="utf-8")

    with pytest.raises(SettingsInvalid, match=said):
        read_settings(tmp_path)


def test_the_own_language_among_the_further_ones_means_nothing(tmp_path: Path) -> None:
    (tmp_path / "kb.toml").write_text('language = "de"\nlanguages = ["de", "en", "en"]')

    assert ("en",) == read_settings(tmp_path).languages
