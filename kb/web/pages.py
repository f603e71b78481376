"""The reading pages: home, category, article, edition, files. They carry no user data."""

from datetime import date
from typing import NoReturn
from urllib.parse import quote

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, send_file
from werkzeug.wrappers import Response as AnyResponse

from kb.article.article import Article
from kb.article.category import Category
from kb.article.edition import Edition
from kb.article.library import Library
from kb.article.neighbours import Neighbours
from kb.article.standing import standing_of, versions_of
from kb.dates import iso_date
from kb.errors import NotFound, UsageError
from kb.web.compare_page import compare_address
from kb.web.errors import problem, wants_json
from kb.web.frames import framed, has_wide_table
from kb.web.shelves import Shelves
from kb.web.site import Site
from kb.web.theme import href
from kb.words import words

Crumbs = list[tuple[str, str]]
# An attachment may be HTML or SVG with scripts in it: opened by itself, it must not act as a page of ours.
FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox"


def reading(site: Site, shelves: Shelves) -> Blueprint:
    """The blueprint of the reading pages."""
    pages = Blueprint("reading", __name__)
    pages.add_app_template_filter(framed)
    library = site.library

    @pages.get("/")
    def home() -> AnyResponse:
        sticky = tuple(article for article in library.articles if article.sticky and not article.withdrawn)
        return _page("home.html", library=library, shelves=shelves, sticky=sticky, nav="home")

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
            return _article(library, shelves, article, _wanted(article))
        category = library.category_at(address)
        if category:
            return _category(library, shelves, category)
        return _edition(library, shelves, address)

    @pages.get("/health")
    def health() -> Response:
        return make_response({"articles": len(library.articles)})

    return pages


def _category(library: Library, shelves: Shelves, category: Category) -> AnyResponse:
    """Its articles as rows; many of them by first letters, the pinned ones before."""
    parts = shelves.parts_of(category)
    return _page(
        "category.html",
        category=category,
        crumbs=_crumbs(library, category.address),
        rows=[article for article in category.articles if article.sticky or not parts],
        parts_of=parts,
        nav="category",
    )


def _edition(library: Library, shelves: Shelves, address: str) -> AnyResponse:
    """A dated address; else where the address moved to; else nothing."""
    undated, _, last = address.rpartition("/")
    article = library.article_at(undated)
    day = iso_date(last)
    edition = article.edition_of(day) if article and day else None
    if article and edition:
        return _article(library, shelves, article, edition)
    if article and day:
        raise NotFound(
            words(
                "This article has no edition of {when}. Its current one is at {undated}",
                when=day,
                undated=href(undated),
            )
        )
    moved = library.moved(address)
    if moved is None:
        abort(404)
    asked = f"?{request.query_string.decode('ascii', 'ignore')}" if "on" in request.args else ""
    return redirect(f"{href(moved)}{asked}", 301)


def _wanted(article: Article) -> Edition:
    """The edition that was valid on the day of `?on=2017-05-01`; without one the current edition."""
    written = request.args.get("on")
    if written is None:
        return article.current
    day = iso_date(written.strip())
    if day is None:
        raise UsageError(words("“{written}” is not a date. Ask for a day as in ?on=2017-05-01.", written=written[:20]))
    return article.edition_on(day) or _not_yet(article, day)


def _not_yet(article: Article, day: date) -> NoReturn:
    since = (
        words("It exists since {when}", when=article.since) if article.since else words("Its editions have no dates")
    )
    raise NotFound(
        words(
            "This article had no valid edition on {when}. {since}: {address}",
            when=day,
            since=since,
            address=href(article.address),
        )
    )


def _article(library: Library, shelves: Shelves, article: Article, edition: Edition) -> AnyResponse:
    current = edition is article.current
    if edition.withdrawn and wants_json():
        return _gone(edition)
    standing = standing_of(article, edition)
    versions = [(relation, _url(article, other)) for relation, other in versions_of(article, edition)]
    response = _page(
        "article.html",
        article=article,
        edition=edition,
        editions=article.editions,
        current=current,
        crumbs=_crumbs(library, article.address),
        url_of=lambda other: _url(article, other),
        standing=standing,
        versions=versions,
        compared=compare_address(article, edition, article.current),
        instead=_title_at(library, (edition if edition.withdrawn else article.current).replacement),
        canonical=request.url_root.rstrip("/") + href(article.original if article.stands_in else article.address),
        root=request.url_root.rstrip("/"),
        noindex=not current or edition.withdrawn,
        procedures_start="" if standing.bar else "/runs/",
        shelves=shelves,
        updated=shelves.updated(edition),
        related=shelves.related.to(article) if current and not edition.withdrawn else (),
        beside=shelves.neighbours.get(article.address, Neighbours()),
        roomy=any(has_wide_table(block) for block in edition.blocks if isinstance(block, str)),
        nav="article",
        status=410 if edition.withdrawn else 200,
    )
    for relation, address in versions:
        response.headers.add("Link", f'<{quote(address)}>; rel="{relation}"')
    return response


def _url(article: Article, edition: Edition) -> str:
    return href(article.address if edition is article.current else edition.address)


def _gone(edition: Edition) -> AnyResponse:
    """A withdrawn edition, for machines."""
    instead = f" Read instead: {edition.replacement}" if edition.replacement else ""
    reason = edition.withdrawn_reason or "No reason was given."
    return problem(410, words("“{title}” was withdrawn", title=edition.title), f"{reason}{instead}", ())


def _title_at(library: Library, address: str) -> str:
    """What to call the page at this address: the article's title, else the address itself."""
    path = address.partition("#")[0]
    undated, _, last = path.strip("/").rpartition("/")
    article = library.article_at(path.strip("/")) or (library.article_at(undated) if iso_date(last) else None)
    return article.title if article and path.startswith("/") else address


def _page(template: str, *, status: int = 200, **context: object) -> AnyResponse:
    response = make_response(render_template(template, **context), status)
    if status != 200:  # another answer for machines stands at the same address
        response.vary.add("Accept")
        response.cache_control.no_cache = True
        return response
    response.cache_control.public = True
    response.cache_control.max_age = 60
    response.add_etag()
    return response.make_conditional(request)


def _crumbs(library: Library, address: str) -> Crumbs:
    parts = address.split("/")[:-1]
    trail = [library.category_at("/".join(parts[: depth + 1])) for depth in range(len(parts))]
    return [(library.settings.title, href(library.home)), *((item.name, href(item.address)) for item in trail if item)]
