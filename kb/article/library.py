"""All articles of one folder tree."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit

from kb.article.address import slugify
from kb.article.article import Article
from kb.article.category import Category, arrange
from kb.article.index import is_shown_file
from kb.article.links import legacy_address
from kb.article.loader import Loaded, Told, load, quietly
from kb.article.problem import Problem
from kb.article.versions import in_language, renamed, with_names
from kb.settings import Settings, SiteWords

__all__ = ["Category", "Library"]

_LEGACY_PREFIX = "knowledge-base"


@dataclass(frozen=True, slots=True)
class Library:
    """Everything that was understood of the folder."""

    root: Path
    settings: Settings
    categories: tuple[Category, ...]
    loose: tuple[Article, ...]  # articles outside every category
    articles: tuple[Article, ...]
    problems: tuple[Problem, ...]  # all, of every edition and of none, sorted
    unpublished: tuple[Article, ...] = ()  # those that have only drafts: for authors, never served
    translations: tuple[Article, ...] = ()  # of these articles, in other languages
    home: str = ""  # address of the first page: "", of a library in another language "de"
    spoken: Mapping[str, "Library"] = field(default_factory=dict, repr=False)  # language -> the same for its readers
    _loaded: Loaded = field(repr=False, kw_only=True)
    _by_address: Mapping[str, Article] = field(repr=False, kw_only=True)
    _category_at: Mapping[str, Category] = field(repr=False, kw_only=True)

    @classmethod
    def load(cls, root: Path, settings: Settings, told: Told = quietly) -> "Library":
        """Read the folder; `told` hears (files read, of how many). Content never makes it raise.

        Raises LibraryMissing if the folder is not there.
        """
        loaded = load(root, settings, told)
        spoken = {tag: cls._spoken(root, settings, loaded, tag) for tag in settings.languages}
        return cls(
            root,
            settings,
            loaded.categories,
            loaded.loose,
            loaded.articles,
            loaded.problems,
            loaded.unpublished,
            loaded.translations,
            spoken=spoken,
            _loaded=loaded,
            _by_address={article.address: article for article in (*loaded.articles, *loaded.translations)},
            _category_at=_by_address(loaded.categories),
        )

    @classmethod
    def _spoken(cls, root: Path, settings: Settings, loaded: Loaded, tag: str) -> "Library":
        """The library as readers of another language get it; addresses are known with and without the language."""
        words = settings.translations.get(tag, SiteWords())
        shown = in_language(tag, settings.language, loaded.articles, loaded.translations)
        listed = [article for article in shown if not article.withdrawn]
        categories, loose = arrange(listed, loaded.index, loaded.ranks)
        renamed_all = tuple(renamed(tag, category, words.categories) for category in categories)
        articles = tuple(with_names(article, words.categories) for article in shown)
        title, lead = words.title or settings.title, words.lead or settings.lead
        return cls(
            root,
            replace(settings, title=title, lead=lead, language=tag),
            renamed_all,
            loose,
            articles,
            loaded.problems,
            home=tag,
            _loaded=loaded,
            _by_address=_with_and_without(tag, {article.address: article for article in articles}),
            _category_at=_with_and_without(tag, _by_address(renamed_all)),
        )

    @property
    def written(self) -> tuple[Article, ...]:
        """All articles, also those that have only drafts, for the authors' tools."""
        return (*self.articles, *self.translations, *self.unpublished)

    def article_at(self, address: str) -> Article | None:
        """The article whose address this is (no slashes at the ends)."""
        return self._by_address.get(address)

    def category_at(self, address: str) -> Category | None:
        """The category or sub-category whose address this is."""
        return self._category_at.get(address)

    def moved(self, address: str) -> str | None:
        """Where an old address went: an alias, a legacy address, another spelling. None if nowhere.

        Answers an address without slashes at the ends; follows aliases that lead to aliases.
        """
        seen: set[str] = set()
        here: str | None = address.strip("/")
        while here is not None and here not in seen:
            seen.add(here)
            if here in self._by_address or here in self._category_at:
                found = self._at_home(here)
                return found if found != address else None
            here = self._next(here)
        return None

    def _at_home(self, address: str) -> str:
        """The address with this library's language."""
        return address if not self.home or address.startswith(f"{self.home}/") else f"{self.home}/{address}"

    def _next(self, address: str) -> str | None:
        """One hop from an address where nothing is."""
        bare = unquote(address).strip("/")
        named = {old.strip("/").lower(): new.strip("/") for old, new in self.settings.aliases.items()}
        named = {**self._loaded.redirects, **named}
        spelled = "/".join(slugify(part) for part in bare.split("/"))
        for key in (address.lower(), bare.lower(), f"{bare.lower()}.md", spelled):
            if key in named:
                return named[key]
        for prefix in self._legacy_prefixes():
            if spelled.startswith(f"{prefix}/"):
                return legacy_address(self._loaded.index, spelled.removeprefix(f"{prefix}/"))
        return legacy_address(self._loaded.index, bare)

    def _legacy_prefixes(self) -> list[str]:
        """Paths under which the old public addresses stood, as slugs."""
        paths = [urlsplit(f"//{base}").path.strip("/") for base in self.settings.legacy]
        return ["/".join(slugify(part) for part in path.split("/")) for path in (*paths, _LEGACY_PREFIX) if path]

    def file(self, path: str) -> Path | None:
        """The image or attachment with this path in the library; never outside of it, never an article or dotfile."""
        if path not in self._loaded.index.files or not is_shown_file(path):
            return None
        try:
            file = (self.root / path).resolve(strict=True)
        except (OSError, ValueError):
            return None
        inside = file.is_relative_to(self.root.resolve()) and file.is_file()
        return file if inside and is_shown_file(file.relative_to(self.root.resolve()).as_posix()) else None


def _by_address(categories: tuple[Category, ...]) -> dict[str, Category]:
    found: dict[str, Category] = {}
    for category in categories:
        found.setdefault(category.address, category)
        found.update(_by_address(category.categories))
    return found


Named = TypeVar("Named")


def _with_and_without(tag: str, known: Mapping[str, Named]) -> dict[str, Named]:
    """The same under each address, and under that address without the language."""
    return {address.removeprefix(f"{tag}/"): found for address, found in known.items()} | dict(known)
