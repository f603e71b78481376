"""The theme: where it lies, its templates and its files."""

import hashlib
from collections.abc import Callable
from datetime import date, datetime
from functools import cache, partial
from importlib.resources import files
from pathlib import Path

from flask import Flask
from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.filters import do_filesizeformat

from kb.errors import UsageError
from kb.settings import Settings
from kb.web.language import home, languages_of, same_page, say, speaking, spoken, written_in


def theme_folder(package: Path | None = None) -> Path:
    """`kb/theme` in an installed wheel, `site` beside `kb` in a checkout. Raises UsageError."""
    package = package or Path(str(files("kb")))
    for folder in (package / "theme", package.parent / "site"):
        if (folder / "templates").is_dir():
            return folder
    raise UsageError(f"The theme is missing beside {package}: install kb again.")


def use_theme(app: Flask, folder: Path, settings: Settings | None = None) -> None:
    """Render from this theme, in the languages of these settings."""
    languages = languages_of(settings or Settings())
    speaking(app, languages)
    app.jinja_loader = FileSystemLoader(folder / "templates")
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.filters.update(words=_words, moment=_moment, filesizeformat=_size)
    app.jinja_env.globals.update(static=_versioned(folder / "static"), href=href, at=at)
    app.jinja_env.globals.update(spoken=spoken, languages=languages, same_page=partial(same_page, languages))
    app.jinja_env.globals.update(written_in=partial(written_in, languages))
    say(app)


def href(address: str) -> str:
    """The path of an address: `/accounts/closing/`; of "": `/`."""
    return f"/{address}/" if address else "/"


def at(address: str) -> str:
    """The path of an address of the library's own language, in the language of the request: `/de/keywords/`."""
    return href("/".join(part for part in (home(), address) if part))


def _words(day: date | str) -> str:
    """A date, a time or an ISO date in words."""
    if isinstance(day, str):
        return spoken().value(date.fromisoformat(day))
    return spoken().value(day.date() if isinstance(day, datetime) else day)


def _moment(when: datetime) -> str:
    """A date and time in words."""
    return spoken().value(when)


def _size(count: int) -> str:
    """The size of a file."""
    return do_filesizeformat(count).replace(".", spoken().point)


def _versioned(folder: Path) -> Callable[[str], str]:
    """Addresses of static files that change with their content, so that they can be kept for ever."""

    @cache
    def static(name: str) -> str:
        content = hashlib.sha256((folder / name).read_bytes()).hexdigest()[:10]
        return f"/static/{name}?v={content}"

    return static
