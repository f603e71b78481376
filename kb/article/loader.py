"""Reads a whole library: folder → index → drafts → articles, and every problem met on the way."""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from posixpath import normpath

from kb.article.article import Article
from kb.article.category import Category, arrange
from kb.article.edition import Edition
from kb.article.edition_builder import EditionBuilder, mark_neighbours, mark_steps
from kb.article.faults.edition_faults import edition_faults
from kb.article.faults.library_faults import library_faults
from kb.article.faults.translation_faults import translation_faults
from kb.article.index import ORDER_FILE, README, Index, index_of, side_file_path
from kb.article.problem import Problem
from kb.article.reading import Draft, read_draft
from kb.article.side_file_check import changes_problems
from kb.article.spelling import Dictionary
from kb.article.step_ids import name_steps
from kb.article.translation import follow, followed
from kb.article.versions import joined
from kb.errors import LibraryMissing
from kb.settings import Settings

Told = Callable[[int, int], None]


def quietly(_done: int, _total: int) -> None:
    """For those who do not want to hear."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """All that a library holds."""

    index: Index
    articles: tuple[Article, ...]
    translations: tuple[Article, ...]
    categories: tuple[Category, ...]
    loose: tuple[Article, ...]
    unpublished: tuple[Article, ...]  # those that have only drafts
    redirects: Mapping[str, str]  # old address -> address
    problems: tuple[Problem, ...]
    ranks: tuple[str, ...]  # names of categories in the order in which they are shown


@dataclass(slots=True)
class _Reading:
    """What is collected while reading."""

    index: Index
    drafts: dict[str, Draft] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def load(root: Path, settings: Settings, told: Told = quietly) -> Loaded:
    """Read the folder; `told` hears (files read, of how many). Content never makes it raise.

    Raises LibraryMissing if the folder is not there.
    """
    if not root.is_dir():
        raise LibraryMissing(f"{root} is not a folder. Name the folder that holds your articles.")
    with without_collection():
        return _load(root, settings, told)


@contextmanager
def without_collection() -> Iterator[None]:
    """Reading makes millions of small objects and no cycles; looking for cycles meanwhile would take half the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _load(root: Path, settings: Settings, told: Told) -> Loaded:
    index = index_of(root, settings)
    reading = _Reading(index, problems=list(index.problems))
    _read_files(reading, told)
    index.unpublished.update(path for path, draft in reading.drafts.items() if draft.metadata.state == "draft")
    for address in sorted(index.editions, key=index.language_of):  # what others follow comes first
        _name_steps(reading, address)
    dictionary, silent = Dictionary.load(), Dictionary({})
    for path, draft in reading.drafts.items():
        english = (index.names[path].language or settings.language).startswith("en")
        draft.problems += edition_faults(draft, dictionary if english else silent)
    builder = EditionBuilder(index, {path: draft.anchors for path, draft in reading.drafts.items()})
    written = tuple(article for address in index.editions for article in _article(reading, builder, address))
    written = joined(written, settings.language)
    own = tuple(article for article in written if not article.language)
    reading.problems += [problem for article in own for problem in changes_problems(article)]
    reading.problems += translation_faults(index, written)
    order, readme = _top_draft(reading, ORDER_FILE), _top_draft(reading, README)
    reading.problems += order.problems if order else []
    current = [reading.drafts[article.current.path] for article in own]
    reading.problems += library_faults(
        index, current, order, _used_files(written, [one for one in (order, readme) if one])
    )
    by_path: dict[str, list[Problem]] = {}
    for problem in reading.problems:
        by_path.setdefault(problem.path, []).append(problem)
    written = tuple(_with_problems(article, by_path) for article in written)
    served = tuple(article for article in written if article.current.state != "draft")
    unpublished = tuple(article for article in written if article.current.state == "draft")
    articles = tuple(article for article in served if not article.language)
    translations = tuple(article for article in served if article.language)
    ranks = order.metadata.category_order if order else ()
    categories, loose = arrange([article for article in articles if not article.withdrawn], index, ranks)
    found = [problem for article in written for edition in article.written for problem in edition.problems]
    problems = tuple(sorted({*found, *reading.problems}))
    redirects = _redirects(reading)
    return Loaded(index, articles, translations, categories, loose, unpublished, redirects, problems, ranks)


def _with_problems(article: Article, by_path: Mapping[str, list[Problem]]) -> Article:
    """The article whose editions also know what was found wrong with their files from outside."""
    if not any(edition.path in by_path for edition in article.written):
        return article

    def told(editions: Iterable[Edition]) -> tuple[Edition, ...]:
        return tuple(
            replace(edition, problems=tuple(sorted({*edition.problems, *by_path.get(edition.path, ())})))
            for edition in editions
        )

    return replace(article, editions=told(article.editions), drafts=told(article.drafts))


def _read_files(reading: _Reading, told: Told) -> None:
    index = reading.index
    for number, path in enumerate(index.names, 1):
        told(number, len(index.names))
        side_path = "" if index.names[path].language else side_file_path(path)
        draft, problems = read_draft(index.root, path, side_path, repairs=index.settings.repairs)
        reading.problems += problems
        if draft:
            reading.drafts[path] = draft


def _in_order(reading: _Reading, address: str) -> list[Draft]:
    """All texts of an article: those not to be published newest first, then the current one, then newest first."""
    index = reading.index
    current = index.current_file(address)
    drafts = [reading.drafts[path] for path in index.editions[address] if path in reading.drafts]
    return sorted(drafts, key=lambda draft: _rank(reading, draft, current), reverse=True)


def _rank(reading: _Reading, draft: Draft, current: str) -> tuple[bool, bool, date]:
    return draft.path in reading.index.unpublished, draft.path == current, _date(reading, draft)


def _date(reading: _Reading, draft: Draft) -> date:
    return draft.metadata.date or reading.index.names[draft.path].date or date.min


def _name_steps(reading: _Reading, address: str) -> None:
    drafts = _in_order(reading, address)[::-1]
    original = reading.index.original_of(address)
    models = _in_order(reading, original) if original else []
    for draft in drafts if models else ():
        follow(draft, followed(draft, models), reading.index.language_of(address))
    if not models:
        name_steps([draft.steps for draft in drafts])
    for draft in drafts:
        mark_steps(draft)
    for older, newer in pairwise(drafts):
        mark_neighbours(newer, older)


def _article(reading: _Reading, builder: EditionBuilder, address: str) -> Iterable[Article]:
    drafts = _in_order(reading, address)
    if not drafts:
        return
    _check_dates(reading, drafts)
    built = [builder.build(draft) for draft in drafts]
    served = tuple(edition for edition in built if edition.state != "draft")
    unserved = tuple(edition for edition in built if edition.state == "draft")
    folders = drafts[0].path.split("/")[:-1]
    name = reading.index.names[drafts[0].path]
    drafted = unserved if served else ()
    yield Article(address, name.slug, tuple(folders), served or unserved, drafted, language=name.language)


def _check_dates(reading: _Reading, drafts: list[Draft]) -> None:
    """`@date` equals the front matter's; no edition is newer than the current one; no two bear one date."""
    unpublished = reading.index.unpublished
    current = next((draft for draft in drafts if draft.path not in unpublished), drafts[0])
    seen: dict[date, str] = {}
    for draft in drafts:
        name, day = reading.index.names[draft.path], draft.metadata.date
        if name.dated is not None and name.date is None:
            _fault(draft, "edition-name", f"@{name.dated} is not a date", "name the file slug@YYYY-MM-DD.md")
        elif name.dated is not None and day is not None and day != name.date:
            message = f"the file's name says {name.dated}, its front matter {day}"
            _fault(draft, "edition-date", message, "make both the same")
        day = day or name.date
        if day is None:
            if len(drafts) > 1:
                _fault(draft, "edition-undated", "one of several editions has no date", "add a date")
        elif day in seen:
            _fault(draft, "edition-same-date", f"has the same date as {seen[day]}", "correct one of the dates")
        elif draft.path not in {current.path, *unpublished} and current.metadata.date and day > current.metadata.date:
            message = f"is newer than the current edition {current.path}"
            _fault(draft, "edition-newer", message, "swap the two files, or correct the date")
        if day is not None:
            seen.setdefault(day, draft.path)


def _fault(draft: Draft, code: str, message: str, mend: str) -> None:
    draft.problems.append(Problem(draft.path, 1, 1, code, "error", message, mend))


def _top_draft(reading: _Reading, path: str) -> Draft | None:
    """A file at the library's top that is no article: index.md gives the order of the categories."""
    index = reading.index
    if path not in index.files or path in index.names:
        return None
    draft, problems = read_draft(index.root, path, side_file_path(path), repairs=index.settings.repairs)
    reading.problems += problems
    return draft


def _used_files(articles: Iterable[Article], others: Iterable[Draft]) -> Iterator[str | None]:
    """Paths of all files that an edition shows or links to, or one of the other files at the library's top."""
    for article in articles:
        for edition in article.written:
            yield from (link.target for link in edition.links)
            yield from (attachment.target for attachment in edition.attachments)
    for draft in others:
        yield from (normpath(node.attrs.get("src", "")) for node in draft.tree.links)


def _redirects(reading: _Reading) -> dict[str, str]:
    """Old addresses that the articles themselves name."""
    return {
        old.strip("/").lower(): address
        for address in reading.index.editions
        for draft in _in_order(reading, address)
        if draft.path == reading.index.current_file(address) and draft.path not in reading.index.unpublished
        for old in draft.metadata.redirect_from
    }
