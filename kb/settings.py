"""The library's own settings, `kb.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kb.errors import LibraryMissing, SettingsInvalid

FILE_NAME = "kb.toml"


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """Where the account API lives. `bases` maps `api`, `load_balancer`, `database`, `backup` to origins."""

    name: str = "account"
    bases: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settings:
    """What `kb.toml` says; every value has a default, so a library needs none."""

    title: str = "Help"
    lead: str = ""
    url: str = ""  # where readers reach the site, "https://help.example.org"; "": as each request says
    language: str = "en"
    languages: tuple[str, ...] = ()
    legacy: tuple[str, ...] = ()  # old public bases, "host/path", whose addresses are ours
    aliases: Mapping[str, str] = field(default_factory=dict)  # old address -> new address
    stale_hosts: tuple[str, ...] = ()
    select: tuple[str, ...] = ()  # codes, or beginnings of codes, that `kb check` reports; none: all
    ignore: tuple[str, ...] = ()  # those that it does not
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # glob of paths -> codes
    baseline: str = ""  # file of old faults, in the library
    repairs: bool = True  # mend old Markdown habits; False: plain CommonMark with tables
    account: AccountSettings = AccountSettings()


def find_library(start: Path) -> Path:
    """The nearest folder upwards from `start` that holds a `kb.toml`, else `start` itself."""
    return next((folder for folder in [start, *start.parents] if (folder / FILE_NAME).is_file()), start)


def read_settings(library: Path) -> Settings:
    """Read `kb.toml` of this library; without one, the defaults. Raises LibraryMissing, SettingsInvalid."""
    if not library.is_dir():
        raise LibraryMissing(f"{library} is not a folder. Name the folder that holds your articles.")
    file = library / FILE_NAME
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsInvalid(f"{file} cannot be read: {error}") from error
    try:
        return _settings(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SettingsInvalid(f"{file} is not valid TOML: {error}") from error
    except _Wrong as error:
        raise SettingsInvalid(f"{file}: {error}") from error


class _Wrong(Exception):
    """A key is unknown or has the wrong type."""


def _settings(data: dict[str, Any]) -> Settings:
    markdown = _table(data, "markdown", {"repairs"})
    account = _table(data, "account", {"name", "bases"})
    check = _table(data, "check", {"stale_hosts", "select", "ignore", "per_file_ignores", "baseline"})
    known = {"title", "lead", "url", "language", "languages", "legacy", "aliases", "markdown", "account", "check"}
    _refuse_unknown(data, known, "")
    return Settings(
        title=_text(data, "title", "Help"),
        lead=_text(data, "lead", ""),
        url=_text(data, "url", "").rstrip("/"),
        language=_text(data, "language", "en"),
        languages=_texts(data, "languages"),
        legacy=tuple(base.strip("/") for base in _texts(data, "legacy")),
        aliases=_text_map(data, "aliases"),
        stale_hosts=_texts(check, "stale_hosts"),
        select=_texts(check, "select"),
        ignore=_texts(check, "ignore"),
        per_file_ignores=_lists(check, "per_file_ignores"),
        baseline=_text(check, "baseline", ""),
        repairs=_flag(markdown, "repairs", default=True),
        account=AccountSettings(name=_text(account, "name", "account"), bases=_text_map(account, "bases")),
    )


def _table(data: Mapping[str, Any], key: str, known: set[str]) -> dict[str, Any]:
    value = data.get(key, {})
    if not isinstance(value, dict):
        raise _Wrong(f"{key} must be a table: [{key}]")
    _refuse_unknown(value, known, f"{key}.")
    return value


def _refuse_unknown(data: Mapping[str, Any], known: set[str], prefix: str) -> None:
    for key in data:
        if key not in known:
            raise _Wrong(f"unknown setting {prefix}{key}. Known are: {', '.join(sorted(known))}.")


def _text(data: Mapping[str, Any], key: str, default: str) -> str:
    value = data.get(key, default)
    if not isinstance(value, str):
        raise _Wrong(f"{key} must be text in quotes")
    return value


def _texts(data: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _Wrong(f"{key} must be a list of texts in quotes")
    return tuple(value)


def _text_map(data: Mapping[str, Any], key: str) -> dict[str, str]:
    value = data.get(key, {})
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise _Wrong(f"{key} must be a table of texts in quotes")
    return value


def _lists(data: Mapping[str, Any], key: str) -> dict[str, tuple[str, ...]]:
    value = data.get(key, {})
    if not isinstance(value, dict):
        raise _Wrong(f"{key} must be a table of lists of texts in quotes")
    return {name: _texts(value, name) for name in value}


def _flag(data: Mapping[str, Any], key: str, *, default: bool) -> bool:
    value = data.get(key, default)
    if not isinstance(value, bool):
        raise _Wrong(f"{key} must be true or false")
    return value
