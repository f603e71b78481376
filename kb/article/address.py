"""Addresses: how the path of a file in the library becomes the path of its page."""

import re
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

RESERVED = frozenset(
    "files static runs api search sign-in sign-out resume compare feed sitemap health knowledge-base authors keywords "
    "share staff".split()
)
DATE_SHAPE = re.compile(r"\d{4}-\d{2}-\d{2}")
_OTHERS = re.compile(r"[^\w.]+|_+")
_EDGES = "-."


@dataclass(frozen=True, slots=True)
class FileName:
    """The parts of `slug[.lang][@date].md`; `dated` is what stands behind the @, None without one."""

    slug: str
    language: str
    dated: str | None

    @property
    def date(self) -> date | None:
        """The date behind the @, if it is one."""
        try:
            return date.fromisoformat(self.dated or "")
        except ValueError:
            return None


def slugify(name: str) -> str:
    """Lower case, `&` as `and`, runs of other characters as `-`: "Accounts & Users" is "accounts-and-users"."""
    slug = _OTHERS.sub("-", name.lower().replace("&", "-and-"))
    return slug.strip(_EDGES) or "unnamed"


def parse_file_name(path: str, languages: tuple[str, ...]) -> FileName:
    """Split the name of an article's file; a language counts only if the settings list it."""
    stem, _, dated = PurePosixPath(path).name.removesuffix(".md").partition("@")
    slug, _, language = stem.rpartition(".")
    if not slug or language not in languages:
        slug, language = stem, ""
    return FileName(slugify(slug), language, dated if "@" in path.rpartition("/")[2] else None)


def category_address(folder: str) -> str:
    """The address of a folder of articles, "" for the library itself."""
    parts = [slugify(part) for part in PurePosixPath(folder).parts]
    if parts and is_reserved(parts[0], top=True):
        parts[0] += "-articles"
    return "/".join(f"{part}-articles" if DATE_SHAPE.fullmatch(part) else part for part in parts)


def article_address(path: str, name: FileName) -> str:
    """The address of the article that this file is an edition of."""
    folder = category_address(PurePosixPath(path).parent.as_posix())
    slug = f"{name.slug}-article" if is_reserved(name.slug, top=not folder) else name.slug
    parts = [part for part in (name.language, folder, slug) if part]
    return "/".join(parts)


def is_reserved(slug: str, *, top: bool) -> bool:
    """Whether the site needs this word itself: a date anywhere, the names of its own pages at the top."""
    return bool(DATE_SHAPE.fullmatch(slug)) or (top and slug in RESERVED)
