"""The sample library is whole: the given editions byte for byte, and all that stands beside them fits."""

import hashlib
import json
import re
import struct
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from kb.article.side_file import SideFile
from kb.article.side_file_reader import read_side_file
from kb.article.spelling import Dictionary
from kb.settings import read_settings

LIBRARY = Path(__file__).parents[1] / "articles"
ACCOUNTS = LIBRARY / "Accounts & Users"
GIVEN = {
    "closing-your-account.md": "f0e41426be872c8b749ab47a04aa20c495631d75d1c8d7aed56d4c0f0cb33739",
    "closing-your-account@2015-11-04.md": "2ad7aeb9eab05d1da8cbd8c2a0c74b50f7877c17b587891218f623588b852b09",
}
ARTICLES = sorted(file for file in LIBRARY.rglob("*.md") if file.name != "index.md")
OURS = [file for file in ARTICLES if file.name not in GIVEN]


def name(file: Path) -> str:
    return file.relative_to(LIBRARY).as_posix()


def front_matter(file: Path) -> dict[str, Any]:
    found = re.match(r"\{\{\{(.*?)\}\}\}", file.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    data = json.loads("{" + found[1].strip().removeprefix("{").removesuffix("}") + "}")
    assert isinstance(data, dict)
    return data


def side_file_of(file: Path) -> SideFile:
    side, problems = read_side_file(file.with_suffix(".checklist.yaml"), name(file))
    assert [] == problems
    assert side is not None
    return side


@pytest.mark.parametrize(("file_name", "sha256"), GIVEN.items())
def test_the_given_editions_are_byte_for_byte_as_given(file_name: str, sha256: str) -> None:
    assert sha256 == hashlib.sha256((ACCOUNTS / file_name).read_bytes()).hexdigest()


def test_the_library_holds_the_proving_article_and_what_it_links_to() -> None:
    assert [
        "Accounts & Users/closing-your-account.md",
        "Accounts & Users/closing-your-account@2015-11-04.md",
        "Accounts & Users/user-permissions.md",
        "Servers/server-naming-convention.md",
        "Support/using-the-help-desk-web-ui.de.md",
        "Support/using-the-help-desk-web-ui.md",
    ] == [name(file) for file in ARTICLES]


@pytest.mark.parametrize("file", ARTICLES, ids=name)
def test_every_front_matter_is_json_with_title_author_and_a_month_first_date(file: Path) -> None:
    data = front_matter(file)
    assert data["title"]
    assert data["author"]
    assert datetime.strptime(data["date"], "%m-%d-%Y")


@pytest.mark.parametrize("file_name", GIVEN)
def test_numbers_and_opening_words_of_a_side_file_agree_with_its_text(file_name: str) -> None:
    file = ACCOUNTS / file_name
    text = file.read_text(encoding="utf-8")
    (procedure,) = side_file_of(file).procedures
    assert f"### {procedure.heading}\n" in text
    section = text.split(f"### {procedure.heading}\n")[1].split("\n### ")[0]
    written = {int(number): words.lstrip("_* ") for number, words in re.findall(r"^(\d+)\. (.*)$", section, re.M)}
    assert sorted(written) == [step.step for step in procedure.steps]
    assert all(written[step.step].startswith(step.starts) for step in procedure.steps)


def test_the_newer_edition_accounts_for_every_step_of_the_older_one() -> None:
    (new,), (old,) = (side_file_of(ACCOUNTS / file_name).procedures for file_name in GIVEN)
    assert new.changes is not None
    before = {each for change in new.changes.steps.values() for each in change.was} | set(new.changes.gone)
    assert {step.id for step in old.steps} == before
    assert {step.id for step in new.steps} == set(new.changes.steps)


def test_each_irreversible_step_comes_after_a_gate() -> None:
    for file_name in GIVEN:
        (procedure,) = side_file_of(ACCOUNTS / file_name).procedures
        gates = [step.step for step in procedure.steps if step.gate]
        assert gates
        assert all(min(gates) < step.step for step in procedure.steps if step.irreversible)


@pytest.mark.parametrize("file", OURS, ids=name)
def test_our_own_articles_link_to_each_other_by_files_that_exist(file: Path) -> None:
    targets = [unquote(link) for link in re.findall(r"\]\(([^):]+\.md)\)", file.read_text(encoding="utf-8"))]
    assert targets
    assert [] == [target for target in targets if not (file.parent / target).is_file()]


@pytest.mark.parametrize("file", OURS, ids=name)
def test_our_own_articles_are_short_and_spelled_well(file: Path) -> None:
    body = file.read_text(encoding="utf-8").split("}}}", 1)[1]
    assert 150 <= len(body.split()) <= 350
    dictionary = Dictionary({}) if file.name.endswith(".de.md") else Dictionary.load()  # it knows English only
    assert [] == [found for line in body.splitlines() for found in dictionary.misspellings(line)]


def test_the_settings_name_title_legacy_address_and_account_bases() -> None:
    settings = read_settings(LIBRARY)
    assert settings.title
    assert settings.lead
    assert ("www.ctl.io/knowledge-base",) == settings.legacy
    assert {"api", "load_balancer", "database", "backup"} == set(settings.account.bases)


def test_the_order_of_categories_names_every_folder_of_articles() -> None:
    assert {file.parent.name for file in ARTICLES} == set(front_matter(LIBRARY / "index.md")["category_order"])


def test_the_picture_is_a_png_of_sensible_size() -> None:
    data = (LIBRARY / "images" / "close-your-account.png").read_bytes()
    width, height = struct.unpack(">II", data[16:24])
    assert b"\x89PNG\r\n\x1a\n" == data[:8]
    assert 800 <= width <= 1000
    assert 300 <= height <= 600
    assert len(data) < 40_000
