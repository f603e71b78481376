"""Pages for programs: site map, feeds, OpenSearch, robots.txt, llms.txt, Markdown twins. They carry no user data."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urljoin

from flask import Blueprint, Response, abort, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from kb.article.article import Article
from kb.article.category import Category
from kb.article.edition import Edition
from kb.web.label_pages import label_addresses
from kb.web.shelves import Shelves
from kb.web.site import Site
from kb.web.structured import Crumbs, image_of, schema_org
from kb.web.theme import href
from kb.web.twin import category_twin, overview, twin
from kb.web.xml_pages import feed, opensearch, site_map

HOUR = 3600  # seconds
NOT_FOR_ROBOTS = ("/api/", "/resume", "/runs/", "/share", "/search", "/sign-in", "/staff/")
ATOM, MARKDOWN, PLAIN = "application/atom+xml", "text/markdown; charset=utf-8", "text/plain; charset=utf-8"


def describing(site: Site, shelves: Shelves) -> Blueprint:
    """The blueprint of the pages for programs; gives the templates `structured` and `picture`."""
    pages = Blueprint("describing", __name__)
    library, settings = site.library, site.library.settings
    labels = label_addresses(shelves, library.home)

    @pages.app_template_global()
    def structured(article: Article, edition: Edition, crumbs: Crumbs) -> dict[str, Any]:
        return schema_org(article, edition, crumbs, _address(article, edition), settings, shelves.updated(edition))

    @pages.app_template_global()
    def picture(article: Article, edition: Edition) -> str | None:
        return image_of(edition, _address(article, edition))

    @pages.get("/sitemap.xml")
    def map_of_all() -> AnyResponse:
        return _public(site_map(library, request.url_root, None, labels, shelves.updated), "application/xml")

    @pages.get("/sitemap-<int:part>.xml")
    def map_of_part(part: int) -> AnyResponse:
        return _public(site_map(library, request.url_root, part, labels, shelves.updated), "application/xml")

    @pages.get("/feed.xml")
    def feed_of_all() -> AnyResponse:
        return _public(feed(settings.title, request.base_url, request.url_root, library.articles, settings), ATOM)

    @pages.get("/<path:address>/feed.xml")
    def feed_of_category(address: str) -> AnyResponse:
        category = library.category_at(address)
        if category is None:
            return _moved(site, address, "/feed.xml")
        title, page = f"{category.name} – {settings.title}", urljoin(request.url_root, href(address))
        return _public(feed(title, request.base_url, page, _articles(category), settings), ATOM)

    @pages.get("/opensearch.xml")
    def search_description() -> AnyResponse:
        return _public(opensearch(settings, request.url_root, library.home), "application/opensearchdescription+xml")

    @pages.get("/robots.txt")
    def robots() -> AnyResponse:
        rules = "\n".join(f"Disallow: {path}" for path in NOT_FOR_ROBOTS)
        return _public(f"User-agent: *\n{rules}\n\nSitemap: {urljoin(request.url_root, '/sitemap.xml')}\n", PLAIN)

    @pages.get("/llms.txt")
    def for_language_models() -> AnyResponse:
        return _public(overview(settings, library.categories, library.loose, request.url_root), PLAIN)

    @pages.get("/<path:address>.md")
    def markdown(address: str) -> AnyResponse:
        found = _edition(site, address)
        if found:
            response = _public(twin(*found, request.url_root), MARKDOWN)
            response.headers["Link"] = f'<{_address(found[0], found[0].current)}>; rel="canonical"'
            if found[1].withdrawn:
                response.status_code = 410
            return response
        category = library.category_at(address)
        return (
            _public(category_twin(category, request.url_root), MARKDOWN) if category else _moved(site, address, ".md")
        )

    return pages


def _edition(site: Site, address: str) -> tuple[Article, Edition] | None:
    """The article at this address and its current edition; at a dated address that edition."""
    article = site.library.article_at(address)
    if article:
        return article, article.current
    undated, _, last = address.rpartition("/")
    article = site.library.article_at(undated)
    try:
        edition = article.edition_of(date.fromisoformat(last)) if article else None
    except ValueError:
        return None
    return (article, edition) if article and edition else None


def _moved(site: Site, address: str, end: str) -> AnyResponse:
    """What moved is found at its new address, in the same form."""
    moved = site.library.moved(address)
    if not moved:
        abort(404)
    return redirect(f"/{moved}{end}", 301)


def _address(article: Article, edition: Edition) -> str:
    return urljoin(request.url_root, href(article.address if edition is article.current else edition.address))


def _articles(category: Category) -> Iterator[Article]:
    yield from category.articles
    for sub in category.categories:
        yield from _articles(sub)


def _public(content: str | bytes | None, kind: str) -> AnyResponse:
    if content is None:
        abort(404)
    response: Response = make_response(content)
    response.content_type = kind
    response.cache_control.public = True
    response.cache_control.max_age = HOUR
    response.add_etag()
    return response.make_conditional(request)
