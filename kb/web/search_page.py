"""Search: a page, and the same as data. They carry no user data; questions without an answer are counted."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from flask import Blueprint, Response, current_app, jsonify, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from kb.article.category import Category
from kb.article.search.marks import Marked
from kb.article.search.search import Found, Hit, Place, Question, Search
from kb.errors import StoreError, TooMany
from kb.web.address import address_of
from kb.web.limits import Limits
from kb.web.search_log import SearchLog
from kb.web.site import Site
from kb.web.theme import href
from kb.web.tongues import Tongues

PAGE = 10  # hits
MOST_PAGES = 20
LONGEST = 200  # characters of a question
MINUTE = 60  # seconds
MOST_PINNED = 5  # articles shown where nothing was found
SUGGESTIONS = "application/x-suggestions+json"
TRUE = ("1", "true", "yes", "on")


@dataclass(frozen=True, slots=True)
class Shown:
    """One page of the answer."""

    question: Question
    found: Found
    page: int  # from 1
    pages: int


def searching(tongues: Tongues, limits: Limits) -> Blueprint:
    """The blueprint of `/search`, `/api/search` and `/api/suggest`."""
    pages = Blueprint("searching", __name__)
    site = tongues.by_home[""].site
    log = SearchLog(site.runs.database, site.clock)

    @pages.get("/search")
    def results() -> AnyResponse:
        shown = _answer(tongues.here.shelves.search)
        if shown.question.text and not shown.found.total and "typing" not in request.args:
            _count(log, limits, shown.question.text)
        here = tongues.here
        return _briefly(make_response(_page(here.site, shown, _everywhere(here.shelves.search, shown))))

    @pages.get("/api/search")
    def data() -> AnyResponse:
        return _briefly(jsonify(_as_json(_answer(tongues.here.shelves.search))))

    @pages.get("/api/suggest")
    def suggest() -> AnyResponse:
        response = jsonify(_suggestions(_answer(tongues.here.shelves.search), request.url_root))
        response.content_type = SUGGESTIONS
        return _briefly(response)

    return pages


def _answer(search: Search) -> Shown:
    """What the address asks for: q, category, editions=all, checklist=1, page, limit."""
    asked = request.args
    question = Question(
        text=" ".join(asked.get("q", "").split())[:LONGEST],
        category=asked.get("category", "").strip("/"),
        every_edition=asked.get("editions") == "all",
        checklist=asked.get("checklist", "").lower() in TRUE,
    )
    size = min(max(asked.get("limit", PAGE, type=int), 1), PAGE)
    page = min(max(asked.get("page", 1, type=int), 1), MOST_PAGES)
    found = search.find(question, size, (page - 1) * size)
    return Shown(question, found, page, min(-(-found.total // size), MOST_PAGES))


def _count(log: SearchLog, limits: Limits, text: str) -> None:
    address = address_of(request.environ, limits.access.proxies)
    try:
        limits.take("searches", lambda: {"address": address or "here"})
        log.count(text)
    except TooMany:  # the answer is the same, it is only not written down
        return
    except StoreError as error:  # the reader does not need it
        current_app.logger.warning("a search without an answer was not counted: %s", error)


def _everywhere(search: Search, shown: Shown) -> int:
    """How many articles the same words would find without filters, if they found none with them."""
    asked = shown.question
    filtered = asked.category or asked.checklist
    return search.find(Question(asked.text, every_edition=True), 1).total if filtered and not shown.found.total else 0


def _page(site: Site, shown: Shown, everywhere: int) -> str:
    library = site.library
    return render_template(
        "search.html",
        question=shown.question,
        found=shown.found,
        page=shown.page,
        pages=shown.pages,
        categories=[(depth, category) for top in library.categories for depth, category in _with_depth(top)],
        address_of=_address,
        everywhere=everywhere,
        pinned=[article for article in library.articles if article.sticky and not article.withdrawn][:MOST_PINNED],
        older=any(len(article.editions) > 1 for article in library.articles),
        search_address=lambda **changes: _with(**changes),
        nav="search",
    )


def _with_depth(category: Category, depth: int = 0) -> list[tuple[int, Category]]:
    return [(depth, category), *(pair for sub in category.categories for pair in _with_depth(sub, depth + 1))]


def _with(**changes: str | int) -> dict[str, str]:
    """This question's own fields, changed; empty ones left out."""
    fields = {name: request.args.get(name, "") for name in ("q", "category", "editions", "checklist", "language")}
    fields |= {name: str(value) for name, value in changes.items()}
    return {name: value for name, value in fields.items() if value}


def _address(hit: Hit, place: Place | None = None) -> str:
    path = href(hit.article.address if hit.current else hit.edition.address)
    return f"{path}#{place.passage.anchor}" if place else path


def _as_json(shown: Shown) -> dict[str, Any]:
    return {
        "question": shown.question.text,
        "total": shown.found.total,
        "page": shown.page,
        "hits": [_hit(hit) for hit in shown.found.hits],
        "instead": shown.found.instead or None,
        "titles": [{"title": article.title, "url": href(article.address)} for article in shown.found.titles],
    }


def _suggestions(shown: Shown, root: str) -> list[Any]:
    """As OpenSearch has it: the question, then titles, where each stands, and whole addresses."""
    hits = shown.found.hits
    titles = [hit.edition.title for hit in hits]
    places = [" / ".join(hit.article.category) for hit in hits]
    return [shown.question.text, titles, places, [urljoin(root, _address(hit)) for hit in hits]]


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "title": hit.edition.title,
        "url": _address(hit),
        "category": list(hit.article.category),
        "date": hit.edition.date.isoformat() if hit.edition.date else None,
        "current": hit.current,
        "checklist": bool(hit.edition.procedures),
        "title_pieces": _pieces(hit.title),
        "text_pieces": _pieces(hit.text),
        "places": [
            {
                "kind": place.passage.kind,
                "label": place.passage.label,
                "url": _address(hit, place),
                "text_pieces": _pieces(place.text),
            }
            for place in hit.places
        ],
    }


def _pieces(marked: Marked) -> list[dict[str, Any]]:
    return [{"text": piece.text, "marked": piece.marked} for piece in marked]


def _briefly(response: Response) -> AnyResponse:
    """Kept for a minute, then asked again."""
    response.cache_control.public = True
    response.cache_control.max_age = MINUTE
    response.add_etag()
    return response.make_conditional(request)
