"""The library's own settings, `kb.toml`."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kb.access import Access, access
from kb.errors import LibraryMissing, SettingsInvalid
from kb.values import Wrong, flag, lists, refuse_unknown, table, text, text_map, texts

FILE_NAME = "kb.toml"
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")


@dataclass(frozen=True, slots=True)
class AccountSettings:
    """Where the account API lives. `bases` maps `api`, `load_balancer`, `database`, `backup` to origins."""

    name: str = "account"
    bases: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SiteWords:
    """The library's own words in another language; "" and what is missing: as in its own."""

    title: str = ""
    lead: str = ""
    categories: Mapping[str, str] = field(default_factory=dict)  # name of a folder -> its name there


@dataclass(frozen=True, slots=True)
class Settings:
    """What `kb.toml` says; every value has a default, so a library needs none."""

    title: str = "Help"
    lead: str = ""
    url: str = ""  # where readers reach the site, "https://help.example.org"; "": as each request says
    language: str = "en"
    languages: tuple[str, ...] = ()  # further ones
    translations: Mapping[str, SiteWords] = field(default_factory=dict)  # by language
    legacy: tuple[str, ...] = ()  # old public bases, "host/path", whose addresses are ours
    aliases: Mapping[str, str] = field(default_factory=dict)  # old address -> new address
    stale_hosts: tuple[str, ...] = ()
    select: tuple[str, ...] = ()  # codes, or beginnings of codes, that `kb check` reports; none: all
    ignore: tuple[str, ...] = ()  # those that it does not
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # glob of paths -> codes
    baseline: str = ""  # file of old faults, in the library
    repairs: bool = True  # mend old Markdown habits; False: plain CommonMark with tables
    account: AccountSettings = AccountSettings()
    access: Access = field(default_factory=Access)


def find_library(start: Path) -> Path:
    """The nearest folder upwards from `start` that holds a `kb.toml`, else `start` itself."""
    return next((folder for folder in [start, *start.parents] if (folder / FILE_NAME).is_file()), start)


def read_settings(library: Path) -> Settings:
    """Read `kb.toml` of this library; without one, the defaults. Raises LibraryMissing, SettingsInvalid."""
    if not library.is_dir():
        raise LibraryMissing(f"{library} is not a folder. Name the folder that holds your articles.")
    file = library / FILE_NAME
    try:
        content = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsInvalid(f"{file} cannot be read: {error}") from error
    try:
        return _settings(tomllib.loads(content))
    except tomllib.TOMLDecodeError as error:
        raise SettingsInvalid(f"{file} is not valid TOML: {error}") from error
    except Wrong as error:
        raise SettingsInvalid(f"{file}: {error}") from error


def _settings(data: dict[str, Any]) -> Settings:
    markdown = table(data, "markdown", {"repairs"})
    account = table(data, "account", {"name", "bases"})
    check = table(data, "check", {"stale_hosts", "select", "ignore", "per_file_ignores", "baseline"})
    known = {"title", "lead", "url", "language", "languages", "legacy", "aliases", "markdown", "account", "check"}
    refuse_unknown(data, known | {"hosts", "proxies", "limits", "staff", "translations"})
    return Settings(
        title=text(data, "title", "Help"),
        lead=text(data, "lead", ""),
        url=text(data, "url", "").rstrip("/"),
        language=text(data, "language", "en"),
        languages=_languages(data),
        translations=_translations(data),
        legacy=tuple(base.strip("/") for base in texts(data, "legacy")),
        aliases=text_map(data, "aliases"),
        stale_hosts=texts(check, "stale_hosts"),
        select=texts(check, "select"),
        ignore=texts(check, "ignore"),
        per_file_ignores=lists(check, "per_file_ignores"),
        baseline=text(check, "baseline", ""),
        repairs=flag(markdown, "repairs", default=True),
        access=access(data),
        account=AccountSettings(name=text(account, "name", "account"), bases=text_map(account, "bases")),
    )


def _languages(data: Mapping[str, Any]) -> tuple[str, ...]:
    """The further languages: they become a part of addresses."""
    found = texts(data, "languages")
    wrong = [tag for tag in found if not LANGUAGE.fullmatch(tag)]
    if wrong:
        raise Wrong(f'languages: {wrong[0]} is no language. Write "de", or "pt-br"')
    own = data.get("language", "en")
    return tuple(tag for tag in dict.fromkeys(found) if tag != own)


def _translations(data: dict[str, Any]) -> dict[str, SiteWords]:
    languages = _languages(data)
    found = table(data, "translations", set(languages))
    return {tag: _site_words(found, tag) for tag in found}


def _site_words(data: dict[str, Any], tag: str) -> SiteWords:
    said = table(data, tag, {"title", "lead", "categories"}, "translations.")
    return SiteWords(text(said, "title", ""), text(said, "lead", ""), text_map(said, "categories"))
