"""Drafts and withdrawn editions, as authors' tools see them."""

from pathlib import Path

import pytest

from kb.article.inspect import inspected
from kb.article.library import Library
from kb.settings import Settings

FRONT = "---\ntitle: {title}\ndate: {day}\nauthor: Ann\n{more}---\n"


def write(folder: Path, name: str, day: str, more: str = "", body: str = "Text.\n") -> None:
    (folder / name).write_text(FRONT.format(title=name, day=day, more=more) + body)


def read(folder: Path) -> Library:
    return Library.load(folder, Settings())


def codes(library: Library) -> list[tuple[str, str]]:
    return [(one.path, one.code) for one in library.problems if one.code not in ("no-category", "title-repeated")]


def test_a_draft_is_kept_apart_and_does_not_change_the_current_edition(tmp_path: Path) -> None:
    write(tmp_path, "pie.md", "2022-01-01", "state: draft\n")
    write(tmp_path, "pie@2020-01-01.md", "2020-01-01")
    article = read(tmp_path).article_at("pie")
    assert article
    assert [("pie@2020-01-01.md", "pie")] == [(one.path, one.address) for one in article.editions]
    assert ["pie.md"] == [one.path for one in article.drafts]


def test_an_article_of_drafts_only_is_unpublished(tmp_path: Path) -> None:
    write(tmp_path, "pie.md", "2022-01-01", "state: draft\n")
    library = read(tmp_path)
    assert not library.articles
    assert not library.loose
    assert ["pie"] == [article.address for article in library.unpublished]


def test_a_draft_may_be_newer_than_the_current_edition(tmp_path: Path) -> None:
    write(tmp_path, "pie.md", "2020-01-01")
    write(tmp_path, "pie@2022-01-01.md", "2022-01-01", "state: draft\n")
    assert [] == codes(read(tmp_path))


def test_faults_of_drafts_are_told_and_their_state_is_inspected(tmp_path: Path) -> None:
    write(tmp_path, "pie.md", "2020-01-01")
    write(tmp_path, "pie@2022-01-01.md", "2022-01-01", "state: draft\n", "[x](gone.md)\n")
    write(tmp_path, "cake.md", "2022-01-01", "state: draft\n", "[x](gone.md)\n")
    library = read(tmp_path)
    states = {one["path"]: one["state"] for article in inspected(library)["articles"] for one in article["editions"]}
    assert {"pie.md": "published", "pie@2022-01-01.md": "draft", "cake.md": "draft"} == states
    assert [("cake.md", "link-broken"), ("pie@2022-01-01.md", "link-broken")] == codes(library)


def test_a_link_to_a_draft_is_a_fault_unless_a_draft_has_it(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "2022-01-01", body="[x](pie.md)\n")
    write(tmp_path, "b.md", "2022-01-01", "state: draft\n", "[x](pie.md) too\n")
    write(tmp_path, "pie.md", "2022-01-01", "state: draft\n")
    assert [("a.md", "link-draft")] == codes(read(tmp_path))


@pytest.mark.parametrize(
    ("replacement", "leads", "faults"),
    [
        ("bread.md", "/bread/", []),
        ("/bread/", "/bread/", []),
        ("https://example.org/pie", "https://example.org/pie", []),
        ("gone.md", "", ["replacement-broken"]),
        ("pie.md", "", ["replacement-broken"]),
        ("javascript:alert(1)", "", ["replacement-broken"]),
    ],
)
def test_a_replacement_leads_somewhere_or_is_a_fault(
    tmp_path: Path, replacement: str, leads: str, faults: list[str]
) -> None:
    more = f'state: withdrawn\nwithdrawn_reason: Old.\nreplacement: "{replacement}"\n'
    write(tmp_path, "pie.md", "2022-01-01", more)
    write(tmp_path, "bread.md", "2022-01-01")
    library = read(tmp_path)
    article = library.article_at("pie")
    assert article
    assert (True, leads) == (article.withdrawn, article.current.replacement)
    assert [("pie.md", code) for code in faults] == codes(library)
    assert ["bread"] == [one.address for one in library.loose]
