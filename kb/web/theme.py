"""The theme: where it lies, its templates and its files."""

import hashlib
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path

from flask import Flask
from jinja2 import FileSystemLoader, StrictUndefined

from kb.dates import in_words, moment
from kb.errors import UsageError


def theme_folder(package: Path | None = None) -> Path:
    """`kb/theme` in an installed wheel, `site` beside `kb` in a checkout. Raises UsageError."""
    package = package or Path(str(files("kb")))
    for folder in (package / "theme", package.parent / "site"):
        if (folder / "templates").is_dir():
            return folder
    raise UsageError(f"The theme is missing beside {package}: install kb again.")


def use_theme(app: Flask, folder: Path) -> None:
    """Render from this theme."""
    app.jinja_loader = FileSystemLoader(folder / "templates")
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.filters.update(words=_words, moment=moment)
    app.jinja_env.globals.update(static=_versioned(folder / "static"), href=href)


def href(address: str) -> str:
    """The path of an address: `/accounts/closing/`; of "": `/`."""
    return f"/{address}/" if address else "/"


def _words(day: date | str) -> str:
    """A date, a time or an ISO date in words."""
    if isinstance(day, str):
        return in_words(date.fromisoformat(day))
    return in_words(day.date() if isinstance(day, datetime) else day)


def _versioned(folder: Path) -> Callable[[str], str]:
    """Addresses of static files that change with their content, so that they can be kept for ever."""

    @cache
    def static(name: str) -> str:
        content = hashlib.sha256((folder / name).read_bytes()).hexdigest()[:10]
        return f"/static/{name}?v={content}"

    return static
