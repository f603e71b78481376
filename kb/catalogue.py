"""The languages that the site itself speaks: message catalogues beside this file, dates and numbers by Babel.

Catalogues are `kb/locales/<language>/LC_MESSAGES/kb.po`, read as they are when the site starts: what translators edit
is what readers see, in a checkout and in a wheel alike, and no compiled file can lag behind.
"""

import gettext
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, get_decimal_symbol

from kb.dates import MonthInWords
from kb.words import Value, english

SOURCE = "en"  # the language of the messages in the program itself


@dataclass(frozen=True, slots=True)
class Speech:
    """One language: what it is called, how it runs, and the site's texts in it, English where they are missing."""

    tag: str  # "de", as in addresses and `lang` attributes
    name: str  # "Deutsch"
    direction: str  # "ltr" or "rtl"
    texts: gettext.NullTranslations
    locale: Locale | None  # of dates and numbers; None: as English has them here

    def text(self, msgid: str) -> str:
        """The translation, or the text itself."""
        return self.texts.gettext(msgid) if msgid else ""

    def counted(self, one: str, many: str, number: int) -> str:
        """The translation for this number."""
        return self.texts.ngettext(one, many, number)

    def value(self, value: Value) -> str:
        """A date, a time or a number."""
        if self.locale is None:
            return english(value)
        if isinstance(value, datetime):
            return self._moment(value.astimezone(UTC))
        if isinstance(value, MonthInWords):
            return format_date(value.first, "LLLL y", self.locale)
        if isinstance(value, date):
            return format_date(value, "long", self.locale)
        return format_decimal(value, locale=self.locale) if isinstance(value, int) else value

    @property
    def point(self) -> str:
        """What stands before the decimals of a number."""
        return get_decimal_symbol(self.locale) if self.locale else "."

    def listed(self, items: list[str], last: str) -> str:
        """An enumeration."""
        if self.locale is None:
            return ", ".join(items[:-1]) + f" {last} {items[-1]}" if len(items) > 1 else "".join(items)
        return format_list(items, "or" if last == "or" else "standard", self.locale)

    def _moment(self, at: datetime) -> str:
        return f"{self.value(at.date())}, {format_time(at, 'HH:mm', locale=self.locale or SOURCE)} UTC"


def speech(tag: str, folder: Path | None = None) -> Speech:
    """The language with this tag. One without a catalogue has a name and a direction, and speaks English."""
    try:
        locale = Locale.parse(tag, sep="-")
    except (UnknownLocaleError, ValueError):
        return Speech(tag, tag, "ltr", gettext.NullTranslations(), None)
    po = catalogue_file(tag, folder or catalogues())
    texts = _texts(po) if po.is_file() else gettext.NullTranslations()
    name = (locale.get_display_name(locale) or tag).capitalize()
    return Speech(tag, name, locale.text_direction, texts, locale if po.is_file() else None)


def catalogues() -> Path:
    """The folder of all catalogues."""
    return Path(str(files("kb"))) / "locales"


def catalogue_file(tag: str, folder: Path) -> Path:
    """Where the catalogue of a language is, if there is one."""
    return folder / tag.replace("-", "_") / "LC_MESSAGES" / "kb.po"


@cache
def _texts(po: Path) -> gettext.NullTranslations:
    """A catalogue as gettext reads it; what is marked as fuzzy is left out."""
    compiled = BytesIO()
    with po.open("rb") as file:
        write_mo(compiled, read_po(file))
    return gettext.GNUTranslations(BytesIO(compiled.getvalue()))
