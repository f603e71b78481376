"""The Markdown twin of a page: front matter that names the edition, then the same text with absolute links."""

from collections.abc import Iterable
from urllib.parse import urljoin

import yaml

from kb.article.article import Article
from kb.article.category import Category
from kb.article.edition import Edition
from kb.article.label import Label
from kb.article.plain_markdown import markdown_of
from kb.settings import Settings
from kb.web.theme import href


def twin(article: Article, edition: Edition, root: str) -> str:
    """An edition. `root` is the address of the site, with a slash at its end."""
    current = edition is article.current
    page = urljoin(root, href(article.address if current else edition.address))
    head = {
        "title": edition.title,
        "edition": edition.date.isoformat() if edition.date else None,
        "current": current,
        "state": edition.state if edition.withdrawn else None,
        "withdrawn_reason": edition.withdrawn_reason or None,
        "replacement": urljoin(page, edition.replacement) if edition.replacement else None,
        "url": page,
        "current_edition": None if current else urljoin(root, href(article.address)),
        "author": edition.author or None,
        "keywords": list(edition.keywords) or None,
        "category": list(article.category) or None,
        "revision": edition.revision,
    }
    known = {name: value for name, value in head.items() if value is not None}
    front = yaml.safe_dump(known, sort_keys=False, allow_unicode=True, width=1000)
    body = markdown_of(edition.html, lambda address: urljoin(page, address))
    return f"---\n{front}---\n\n# {edition.title}\n\n{body}"


def category_twin(category: Category, root: str) -> str:
    """A category: its sub-categories and its articles."""
    parts = [f"# {category.name}", *_list(category.articles, root)]
    for sub in category.categories:
        parts += [f"## [{_label(sub.name)}]({_twin_of(sub.address, root)})", *_list(sub.articles, root)]
    return "\n\n".join(parts) + "\n"


def label_twin(label: Label, root: str) -> str:
    """The articles of an author or with a keyword."""
    return "\n\n".join([f"# {label.name}", *_list(label.articles, root)]) + "\n"


def labels_twin(title: str, pages: Iterable[tuple[str, str]]) -> str:
    """All authors or all keywords: (name, whole address of its twin)."""
    lines = [f"- [{_label(name)}]({address})" for name, address in pages]
    return "\n\n".join([f"# {title}", "\n".join(lines)]) + "\n"


def overview(settings: Settings, categories: Iterable[Category], loose: Iterable[Article], root: str) -> str:
    """`llms.txt`: what the site is, and the twin of every article by category."""
    parts = [f"# {settings.title}", *([f"> {settings.lead}"] if settings.lead else [])]
    parts.append(f"Every page has a Markdown twin, linked here. Search as JSON: {urljoin(root, 'api/search?q=')}")
    for category in _all(categories):
        if category.articles:
            parts += [f"## {category.name}", *_list(category.articles, root)]
    more = _list(loose, root)
    return "\n\n".join([*parts, *(["## More articles", *more] if more else [])]) + "\n"


def _all(categories: Iterable[Category]) -> list[Category]:
    return [found for category in categories for found in (category, *_all(category.categories))]


def _list(articles: Iterable[Article], root: str) -> list[str]:
    lines = [
        f"- [{_label(article.title)}]({_twin_of(article.address, root)})"
        + (f": {article.current.description}" if article.current.description else "")
        for article in articles
    ]
    return ["\n".join(lines)] if lines else []


def _twin_of(address: str, root: str) -> str:
    return urljoin(root, f"/{address}.md")


def _label(text: str) -> str:
    return text.replace("[", "\\[").replace("]", "\\]")
