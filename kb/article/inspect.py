"""What the program understood of a library, as plain data: the shape that `kb inspect --json` prints.

Keys may be added, never changed: other tools read them.
"""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any

from kb.article.article import Article
from kb.article.edition import Edition
from kb.article.library import Library
from kb.article.problem import Problem
from kb.article.step import Procedure


def inspected(library: Library, only: Iterable[str] = (), *, html: bool = False) -> dict[str, Any]:
    """The whole report. `only` limits it to these files and folders (paths in the library); `html` adds the bodies."""
    wanted = tuple(only)
    return {
        "articles": list(inspected_articles(library, wanted, html=html, drafts=True)),
        "problems": other_problems(library, wanted),
    }


def inspected_articles(
    library: Library, only: Iterable[str] = (), *, html: bool = False, drafts: bool = False
) -> Iterator[dict[str, Any]]:
    """One article after the other, so that a report on many can be printed as it grows. `drafts`: these, too."""
    wanted = tuple(only)
    for article in library.written if drafts else (*library.articles, *library.translations):
        written = article.written if drafts else article.editions
        editions = [edition for edition in written if is_wanted(edition.path, wanted)]
        if editions:
            yield _article(article, editions, html=html)


def other_problems(library: Library, only: Iterable[str] = ()) -> list[dict[str, object]]:
    """Problems that belong to no edition, with their path."""
    wanted = tuple(only)
    ours = {problem for article in library.written for edition in article.written for problem in edition.problems}
    return [
        problem.as_json()
        for problem in library.problems
        if problem not in ours and (not wanted or is_wanted(problem.path, wanted))
    ]


def is_wanted(path: str, only: Iterable[str]) -> bool:
    """Whether this file is named, or lies in a folder that is named; without any name all are wanted."""
    names = [PurePosixPath(name) for name in only]
    return not names or any(PurePosixPath(path).is_relative_to(name) for name in names)


def _article(article: Article, editions: Iterable[Edition], *, html: bool) -> dict[str, Any]:
    return {
        "path": article.current.path,
        "address": article.address,
        **({"language": article.language} if article.language else {}),
        "category": list(article.category),
        "editions": [_edition(edition, html=html) for edition in editions],
    }


def _edition(edition: Edition, *, html: bool) -> dict[str, Any]:
    return {
        "path": edition.path,
        "address": edition.address,
        "date": edition.date.isoformat() if edition.date else None,
        "title": edition.title,
        "author": edition.author,
        "keywords": list(edition.keywords),
        "sticky": edition.sticky,
        "state": edition.state,
        "content_is_html": edition.content_is_html,
        "attachments": [_fields(item, "file_name url type target size") for item in edition.attachments],
        "text": edition.text,
        **({"html": edition.html} if html else {}),
        "headings": [_fields(heading, "level text id line") for heading in edition.headings],
        "procedures": [_procedure(procedure) for procedure in edition.procedures],
        "links": [_fields(link, "href text kind target broken line") for link in edition.links],
        "problems": [_problem(problem, edition.path) for problem in edition.problems],
    }


def _procedure(procedure: Procedure) -> dict[str, Any]:
    steps = [
        {
            **_fields(step, "id number text line"),
            "notes": len(step.notes),
            "images": list(step.images),
            "links": list(step.links),
        }
        for step in procedure.steps
    ]
    return {**_fields(procedure, "heading line why"), "steps": steps}


def _problem(problem: Problem, path: str) -> dict[str, Any]:
    """Without its path, unless it stands in another file (the side file)."""
    named = _fields(problem, "code severity message line column mend")
    return named if problem.path == path else {**named, "path": problem.path}


def _fields(item: object, names: str) -> dict[str, Any]:
    return {name: getattr(item, name) for name in names.split()}
