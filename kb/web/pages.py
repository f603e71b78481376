"""The reading pages: home, category, article, edition, files. They carry no user data."""

from datetime import date

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, send_file
from werkzeug.wrappers import Response as AnyResponse

from kb.article.article import Article
from kb.article.edition import Edition
from kb.article.library import Library
from kb.article.side_file import Changes
from kb.web.site import Site
from kb.web.theme import href

Crumbs = list[tuple[str, str]]
# An attachment may be HTML or SVG with scripts in it: opened by itself, it must not act as a page of ours.
FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


def reading(site: Site) -> Blueprint:
    """The blueprint of the reading pages."""
    pages = Blueprint("reading", __name__)
    library = site.library

    @pages.get("/")
    def home() -> AnyResponse:
        sticky = tuple(article for article in library.articles if article.sticky)
        return _page("home.html", library=library, sticky=sticky, nav="home")

    @pages.get("/files/<path:path>")
    def file(path: str) -> AnyResponse:
        found = library.file(path)
        if found is None:
            abort(404)
        response = send_file(found, conditional=True, max_age=3600)
        response.headers["Content-Security-Policy"] = FILE_POLICY
        return response

    @pages.get("/<path:address>/")
    def address(address: str) -> AnyResponse:
        article = library.article_at(address)
        if article:
            return _article(library, article, article.current)
        category = library.category_at(address)
        if category:
            return _page("category.html", category=category, crumbs=_crumbs(library, address), nav="category")
        return _edition(library, address)

    @pages.get("/health")
    def health() -> Response:
        return make_response({"articles": len(library.articles)})

    return pages


def _edition(library: Library, address: str) -> AnyResponse:
    """A dated address; else where the address moved to; else nothing."""
    undated, _, last = address.rpartition("/")
    article = library.article_at(undated)
    day = _day(last)
    edition = article.edition_of(day) if article and day else None
    if article and edition:
        return _article(library, article, edition)
    moved = library.moved(address)
    if moved is None:
        abort(404)
    return redirect(href(moved), 301)


def _article(library: Library, article: Article, edition: Edition) -> AnyResponse:
    current = edition is article.current
    return _page(
        "article.html",
        article=article,
        edition=edition,
        editions=article.editions,
        current=current,
        crumbs=_crumbs(library, article.address),
        url_of=lambda other: href(article.address if other is article.current else other.address),
        newer=None if current else _changes_since(article, edition),
        canonical=request.url_root.rstrip("/") + href(article.address),
        noindex=not current,
        procedures_start="/runs/",
        nav="article",
    )


def _page(template: str, **context: object) -> AnyResponse:
    response = make_response(render_template(template, **context))
    response.cache_control.public = True
    response.cache_control.max_age = 60
    response.add_etag()
    return response.make_conditional(request)


def _changes_since(article: Article, edition: Edition) -> Changes | None:
    """What the current edition changed, if its side file speaks of exactly this older one."""
    sides = (procedure.side for procedure in article.current.procedures)
    changes = (side.changes for side in sides if side and side.changes)
    return next((change for change in changes if change.since == edition.date), None)


def _crumbs(library: Library, address: str) -> Crumbs:
    parts = address.split("/")[:-1]
    trail = [library.category_at("/".join(parts[: depth + 1])) for depth in range(len(parts))]
    return [(library.settings.title, "/"), *((item.name, href(item.address)) for item in trail if item)]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None
