"""What an article's page says of itself to search engines and to sites that link to it: schema.org and OpenGraph."""

import re
from collections.abc import Sequence
from datetime import date
from html import unescape
from typing import Any
from urllib.parse import urljoin

from kb.article.article import Article
from kb.article.edition import Edition
from kb.article.step import Procedure
from kb.settings import Settings

Crumbs = Sequence[tuple[str, str]]  # name, address; from the first page down to the parent
_IMAGE = re.compile(r'<img\b[^>]*?\bsrc="([^"]+)"')


def schema_org(
    article: Article, edition: Edition, crumbs: Crumbs, page: str, site: Settings, updated: date | None = None
) -> dict[str, Any]:
    """JSON-LD: the article, where it stands, and each procedure as a HowTo. `page` is the edition's whole address."""
    changed = updated or edition.date
    about = {
        "@type": "TechArticle",
        "@id": f"{page}#article",
        "headline": edition.title,
        "description": edition.description,
        "inLanguage": article.language or site.language,
        "url": page,
        "version": edition.date.isoformat() if edition.date else None,
        "datePublished": _first_date(article),
        "dateModified": changed.isoformat() if changed else None,
        "author": {"@type": "Person", "name": edition.author} if edition.author else None,
        "publisher": {"@type": "Organization", "name": site.title},
        "keywords": ", ".join(edition.keywords),
        "articleSection": " / ".join(article.category),
        "image": image_of(edition, page),
    }
    trail = {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": name, "item": urljoin(page, address)}
            for place, (name, address) in enumerate((*crumbs, (edition.title, page)), start=1)
        ],
    }
    procedures = [_how_to(procedure, edition, page) for procedure in edition.procedures]
    return {"@context": "https://schema.org", "@graph": [_known(about), trail, *procedures]}


def image_of(edition: Edition, page: str) -> str | None:
    """The whole address of the first picture of ours in the text."""
    found = (urljoin(page, unescape(address)) for address in _IMAGE.findall(edition.html))
    return next((address for address in found if address.startswith(urljoin(page, "/"))), None)


def _how_to(procedure: Procedure, edition: Edition, page: str) -> dict[str, Any]:
    steps = [
        _known(
            {
                "@type": "HowToStep",
                "position": step.number,
                "text": "\n".join((step.text, *step.notes)),
                "url": f"{page}#{step.anchor}",
                "image": urljoin(page, step.images[0]) if step.images else None,
            }
        )
        for step in procedure.steps
    ]
    return {"@type": "HowTo", "name": _name(procedure, edition), "step": steps}


def _name(procedure: Procedure, edition: Edition) -> str:
    several = len(edition.procedures) > 1 and procedure.heading
    return f"{edition.title}: {procedure.heading}" if several else edition.title


def _first_date(article: Article) -> str | None:
    dates = [edition.date for edition in article.editions if edition.date]
    return min(dates).isoformat() if dates else None


def _known(item: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in item.items() if value}
