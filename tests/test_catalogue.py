"""Every text of the site can be said in every language that has a catalogue, and is."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from jinja2 import Environment, nodes

from kb.catalogue import catalogue_file, catalogues, speech
from kb.dates import MonthInWords

ROOT = Path(__file__).parents[1]
TEMPLATES = sorted((ROOT / "site" / "templates").rglob("*.html"))
FOLDER = ROOT / "kb" / "locales"
LANGUAGES = sorted(file.parts[-3] for file in FOLDER.glob("*/LC_MESSAGES/kb.po"))
KEYWORDS = {"words": None, "counted": (1, 2), "_": None, "gettext": None, "ngettext": (1, 2)}
MEND = "run make messages, then translate what is new in kb/locales/*/LC_MESSAGES/kb.po"
SPOKEN = ("aria-label", "placeholder", "title", "alt", "data-busy")  # attributes that readers see or hear
NO_TEXT = ("narrow", "yes", 'lang="', '" dir="')  # a class, an answer of one macro to another, attributes
GAP = "\ue000"  # where Jinja puts something in
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")


@cache
def texts_of_the_site() -> frozenset[str | tuple[str, ...]]:
    with (FOLDER / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = extract_from_dir(ROOT, methods, options, KEYWORDS)
    return frozenset(message for _, _, message, _, _ in found)


@cache
def catalogue(language: str) -> Catalog:
    with catalogue_file(language, FOLDER).open("rb") as file:
        return read_po(file)


def messages(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def test_the_template_for_translators_holds_every_text_of_the_site() -> None:
    with (FOLDER / "kb.pot").open("rb") as file:
        known = {message.id for message in messages(read_po(file))}
    assert set() == set(texts_of_the_site()) ^ known, MEND


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_translates_every_text_and_no_other(language: str) -> None:
    whole = catalogue(language)
    assert set() == {message.id for message in messages(whole)} ^ set(texts_of_the_site()), MEND
    assert [] == [message.id for message in messages(whole) if not all(forms(message)) or message.fuzzy], MEND
    assert not whole.obsolete


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_placeholders_of_its_text(language: str) -> None:
    wrong = [
        message.id
        for message in messages(catalogue(language))
        for form in forms(message)
        if not placeholders(form) <= allowed(message) or (not message.pluralizable and lost(message, form))
    ]
    assert [] == wrong


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_has_the_tags_of_its_text(language: str) -> None:
    tags = re.compile(r"</?\w+[^>]*>")
    wrong = [
        message.id
        for message in messages(catalogue(language))
        for form in forms(message)
        if tags.findall(str(form)) != tags.findall(first(message))
    ]
    assert [] == wrong


def forms(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (str(message.string),)


def first(message: Message) -> str:
    return message.id[0] if isinstance(message.id, tuple) else str(message.id)


def placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text.replace(")d", ")s")))


def allowed(message: Message) -> set[str]:
    texts = message.id if isinstance(message.id, tuple) else (str(message.id),)
    return {name for text in texts for name in placeholders(text)}


def lost(message: Message, form: str) -> set[str]:
    """A role in a sentence may be said once where English says it twice, never left out."""
    return placeholders(first(message)) - placeholders(form)


def test_no_text_in_a_template_stands_outside_of_a_translation() -> None:
    wrong = [f"{file.name}: {text}" for file in TEMPLATES for text in [*bare_texts(file), *bare_constants(file)]]
    assert [] == wrong


def bare_texts(file: Path) -> Iterator[str]:
    """Words between tags, or in attributes that are read out. What Jinja puts in is a gap."""
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    parts: list[str] = []
    for _, kind, text in environment.lex(file.read_text(encoding="utf-8")):
        if kind == "data":
            parts.append(text)
        elif kind == "variable_begin":
            parts.append(GAP)
    reader = _Reader()
    reader.feed("".join(parts))
    return (text for text in reader.found if re.search(r"[^\W\d_]{2}", text) and text.strip() not in NO_TEXT)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found += data.split(GAP)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [part for name, value in attrs if name in SPOKEN for part in (value or "").split(GAP)]


def bare_constants(file: Path) -> Iterator[str]:
    """Strings in expressions that look like a sentence or a label, outside of a call that translates them."""
    tree = Environment(extensions=["jinja2.ext.i18n"]).parse(file.read_text(encoding="utf-8"))
    translated = {
        id(constant)
        for call in tree.find_all(nodes.Call)
        if isinstance(call.node, nodes.Name) and call.node.name in ("_", "gettext", "ngettext")
        for constant in call.find_all(nodes.Const)
    }
    for constant in tree.find_all(nodes.Const):
        text = constant.value
        if isinstance(text, str) and re.match(r"[A-Z][a-z]+\b", text) and id(constant) not in translated:
            yield text


def test_dates_times_and_numbers_are_written_as_the_language_does() -> None:
    german, english = speech("de"), speech("en")

    at = datetime(2019, 9, 10, 14, 5, tzinfo=UTC)
    assert "10. September 2019" == german.value(date(2019, 9, 10))
    assert "10. September 2019, 14:05 UTC" == german.value(at)
    assert "März 2020" == german.value(MonthInWords(date(2020, 3, 1)))
    assert "12.345" == german.value(12345)
    assert "a, b und c" == german.listed(["a", "b", "c"], "and")
    assert "a oder b" == german.listed(["a", "b"], "or")
    assert ("10 September 2019", "a, b and c") == (english.value(date(2019, 9, 10)), english.listed(list("abc"), "and"))


def test_a_language_without_a_catalogue_has_a_name_and_a_direction_and_speaks_english() -> None:
    arabic = speech("ar")

    assert ("ar", "rtl") == (arabic.tag, arabic.direction)
    assert "Search" == arabic.text("Search")
    assert "10 September 2019" == arabic.value(date(2019, 9, 10))
    assert "xx-nowhere" == speech("xx-nowhere").name


def test_catalogues_travel_with_the_package() -> None:
    assert catalogues().is_relative_to(ROOT / "kb")
    assert LANGUAGES
