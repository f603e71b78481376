"""The page that shows two editions of an article beside each other. It carries no user data."""

from datetime import date

from flask import Blueprint, abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from kb.article.article import Article
from kb.article.compare import compare, in_order, short_names
from kb.article.compared_words import label, sentence
from kb.article.edition import Edition
from kb.web.site import Site
from kb.web.theme import href

CURRENT = "current"
BETWEEN = "..."
MINUTE = 60  # seconds


def comparing(site: Site) -> Blueprint:
    """The blueprint of `/<address>/compare/<from>...<to>/`; each end is a date as 2015-11-04, or `current`.

    Without ends it leads to those in the query. No other address has three dots, so none is taken from an article.
    """
    pages = Blueprint("comparing", __name__)

    @pages.get("/<path:address>/compare/.../")
    def choose(address: str) -> AnyResponse:
        article = site.library.article_at(address) or abort(404)
        ends = [request.args.get(name) for name in ("from", "to")]
        chosen = [_edition(article, end) if end else None for end in ends]
        older = chosen[0] or article.editions[min(1, len(article.editions) - 1)]
        return redirect(compare_address(article, older, chosen[1] or article.current))

    @pages.get("/<path:address>/compare/<first>...<last>/")
    def show(address: str, first: str, last: str) -> AnyResponse:
        article = site.library.article_at(address)
        if article is None:
            return _moved(site, address, f"{first}{BETWEEN}{last}")
        one, other = _edition(article, first), _edition(article, last)
        if one is None or other is None:
            abort(404)
        older, newer = in_order(article, one, other)
        if older is not one or older is newer:
            return redirect(compare_address(article, older, newer))
        return _page(site, article, older, newer)

    return pages


def compare_address(article: Article, older: Edition, newer: Edition) -> str:
    """The path of the page that compares these two; of one edition with itself: the path of that edition."""
    if older is newer:
        return href(newer.address)
    return f"{href(article.address)}compare/{_end(article, older)}{BETWEEN}{_end(article, newer)}/"


def _end(article: Article, edition: Edition) -> str:
    return edition.date.isoformat() if edition.date and edition is not article.current else CURRENT


def _edition(article: Article, end: str) -> Edition | None:
    """The edition that one end of the address names."""
    if end == CURRENT:
        return article.current
    try:
        return article.edition_of(date.fromisoformat(end))
    except ValueError:
        return None


def _moved(site: Site, address: str, between: str) -> AnyResponse:
    moved = site.library.moved(address)
    if moved is None or site.library.article_at(moved) is None:
        abort(404)
    return redirect(f"{href(moved)}compare/{between}/", 301)


def _page(site: Site, article: Article, older: Edition, newer: Edition) -> AnyResponse:
    comparison = compare(article, older, newer)
    names = short_names(comparison)
    response = make_response(
        render_template(
            "compare.html",
            article=article,
            comparison=comparison,
            crumbs=_crumbs(site, article),
            editions=article.editions,
            end_of=lambda edition: _end(article, edition),
            label=label,
            nav="article",
            sentence=lambda part: sentence(part, names),
            url_of=lambda edition: href(article.address if edition is article.current else edition.address),
        )
    )
    response.cache_control.public = True
    response.cache_control.max_age = MINUTE
    response.add_etag()
    return response.make_conditional(request)


def _crumbs(site: Site, article: Article) -> list[tuple[str, str]]:
    parts = article.address.split("/")
    trail = [site.library.category_at("/".join(parts[: depth + 1])) for depth in range(len(parts) - 1)]
    above = [(item.name, href(item.address)) for item in trail if item]
    return [(site.library.settings.title, href(site.library.home)), *above, (article.title, href(article.address))]
