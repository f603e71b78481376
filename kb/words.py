"""Texts for readers that Python puts together: English wherever they go, in the reader's language where they are shown.

`words("Completed, you told us {when}", when=…)` is a `str` with the English text, so JSON, logs and comparisons see
plain text; it also remembers what it was made of, so that `told` can say it in another language.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from kb.dates import MonthInWords, in_words, moment

_STOP = re.compile(r"(?<!\b\d)(?<!\b\d\d)\. ")

Value = str | int | date | datetime | MonthInWords


class Language(Protocol):
    """What is needed to say something in one language."""

    def text(self, msgid: str) -> str:
        """The translation, or the text itself."""
        ...

    def counted(self, one: str, many: str, number: int) -> str:
        """The translation for this number."""
        ...

    def value(self, value: Value) -> str:
        """A date, a time or a number as this language writes it."""
        ...

    def listed(self, items: list[str], last: str) -> str:
        """An enumeration; `last` is the English word before the last item: "and", "or"."""
        ...


@dataclass(frozen=True, slots=True)
class Sentence:
    """A message with its values; with `many`, its form depends on the value `number`."""

    msgid: str
    values: Mapping[str, Value] = field(default_factory=dict)
    many: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Parts one after the other. `last` is the word before the last one; without it `between` stands everywhere."""

    parts: tuple[str, ...]
    between: str = " "
    last: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """The first sentence of a text, as it stands after a colon."""

    whole: str


Source = Sentence | Row | Clause


class Words(str):
    """A text for readers and what it was made of. Its methods give plain `str`s, `str(…)` and `format(…)` keep it."""

    source: Source

    def __new__(cls, text: str, source: Source) -> "Words":
        made = super().__new__(cls, text)
        made.source = source
        return made

    def __str__(self) -> str:
        return self

    def __getnewargs__(self) -> tuple[str, Source]:  # type: ignore[override]
        return "".join(self), self.source


def words(msgid: str, /, **values: object) -> Words:
    """A message whose `{names}` stand for the values: texts, Words, dates, times, numbers; others as their `str`."""
    kept = {name: _kept(value) for name, value in values.items()}
    return Words(_filled(msgid, kept), Sentence(msgid, kept))


def counted(one: str, many: str, number: int, /, **values: object) -> Words:
    """`counted("{number} server", "{number} servers", 2)`."""
    kept = {"number": number, **{name: _kept(value) for name, value in values.items()}}
    return Words(_filled(one if number == 1 else many, kept), Sentence(one, kept, many))


def _kept(value: object) -> Value:
    return value if isinstance(value, str | int | date | MonthInWords) else str(value)


def sentences(*parts: str) -> str:
    """Those that are not empty, one after the other."""
    return _row([part for part in parts if part], " ", "")


def commas(parts: Iterable[str], between: str = ", ") -> str:
    """`a, b, c`."""
    return _row(list(parts), between, "")


def enumerated(parts: Iterable[str], last: str = "and") -> str:
    """`a, b and c`."""
    return _row(list(parts), ", ", last)


def first_clause(text: str) -> str:
    """The first sentence without its full stop: a status is short, the page says the rest beside it."""
    short = _clause(text)
    return Words(short, Clause(text)) if isinstance(text, Words) else short


def capitalised(text: str) -> str:
    """The text as it begins an English sentence."""
    upper = text[:1].upper() + text[1:]
    return Words(upper, text.source) if isinstance(text, Words) else upper


def sentence(text: str) -> str:
    """The text with a full stop, if it ends without one."""
    return text if text.endswith((".", "?")) else _row([text, "."], "", "")


def told(text: str, language: Language) -> str:
    """The text in this language; a plain `str` as it is."""
    if not isinstance(text, Words):
        return text
    match text.source:
        case Sentence(msgid, values, ""):
            return _put(language.text(msgid), msgid, values, language)
        case Sentence(msgid, values, many):
            number = values["number"]
            form = language.counted(msgid, many, number if isinstance(number, int) else 0)
            return _put(form, many, values, language)
        case Row(parts, between, last):
            said = [told(part, language) for part in parts]
            return language.listed(said, last) if last else between.join(said)
        case Clause(whole):
            return _clause(told(whole, language))


def _put(form: str, msgid: str, values: Mapping[str, Value], language: Language) -> str:
    """The translated form with its values; a form that names others than the message itself cannot be used."""
    said = {
        name: told(value, language) if isinstance(value, str) else language.value(value)
        for name, value in values.items()
    }
    try:
        return form.format(**said)
    except (KeyError, IndexError, ValueError):
        return msgid.format(**said)


def _filled(form: str, values: Mapping[str, Value]) -> str:
    return form.format(**{name: english(value) for name, value in values.items()})


def english(value: Value) -> str:
    """A value as English writes it."""
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return in_words(value)
    return str(value)


def _row(parts: list[str], between: str, last: str) -> str:
    joined = between.join(parts[:-1]) + f" {last} {parts[-1]}" if last and len(parts) > 1 else between.join(parts)
    source = Row(tuple(parts), between, last)
    return Words(joined, source) if any(isinstance(part, Words) for part in parts) else joined


def _clause(text: str) -> str:
    return halves(text)[0].removesuffix(".")


def halves(text: str) -> tuple[str, str]:
    """The first sentence and the rest. A number of one or two digits with a dot is an ordinal: "1. März"."""
    first, *rest = _STOP.split(text.strip(), maxsplit=1)
    return f"{first}." if rest else first, "".join(rest)
