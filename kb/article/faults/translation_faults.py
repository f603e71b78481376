"""Faults of translations: no original, an original that went on, a language that the settings do not list."""

import re
from collections.abc import Iterable, Iterator

from kb.article.article import Article
from kb.article.index import Index
from kb.article.problem import Problem
from kb.settings import LANGUAGE

_NAME = re.compile(r"(?P<stem>.+)\.(?P<language>[a-z]{2}(?:-[a-z]{2})?)(?P<dated>@[^/]*)?\.md")


def translation_faults(index: Index, articles: Iterable[Article]) -> Iterator[Problem]:
    """Every kind in turn. `articles`: all of them, with their versions in other languages."""
    yield from _unknown_languages(index)
    for article in articles:
        if article.language and not article.original:
            original = article.current.path.replace(f".{article.language}.", ".").replace(f".{article.language}@", "@")
            message, mend = f"translates nothing: there is no {original}", "write the original, or correct the name"
            yield Problem(article.current.path, 1, 1, "translation-orphan", "error", message, mend)
        elif article.behind:
            message = f"is behind: the original has an edition of {article.behind}"
            mend = f"bring it up to date, then write translates: {article.behind}"
            yield Problem(article.current.path, 1, 1, "translation-behind", "warning", message, mend)


def _unknown_languages(index: Index) -> Iterator[Problem]:
    """`slug.fr.md` beside `slug.md`, but no `fr` in the settings."""
    for path, name in index.names.items():
        found = _NAME.fullmatch(path)
        if name.language or not found or not LANGUAGE.fullmatch(found["language"]):
            continue
        if f"{found['stem']}.md" in index.names:
            message = f"{found['language']} is not among the languages of this library: shown as an article of its own"
            mend = f'add "{found["language"]}" to languages in kb.toml, or rename the file'
            yield Problem(path, 1, 1, "language-unknown", "warning", message, mend)
