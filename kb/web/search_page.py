"""Search: a page, and the same as data. They carry no user data; questions without an answer are counted."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from kb.article.category import Category
from kb.article.search.marks import Marked
from kb.article.search.search import Found, Hit, Place, Question, Search
from kb.errors import StoreError
from kb.web.search_log import SearchLog
from kb.web.site import Site
from kb.web.theme import href

PAGE = 10  # hits
MOST_PAGES = 20
LONGEST = 200  # characters of a question
MINUTE = 60  # seconds
TRUE = ("1", "true", "yes", "on")


@dataclass(frozen=True, slots=True)
class Shown:
    """One page of the answer."""

    question: Question
    found: Found
    page: int  # from 1
    pages: int


def searching(site: Site) -> Blueprint:
    """The blueprint of `/search` and `/api/search`; indexes the library."""
    pages = Blueprint("searching", __name__)
    search = Search.over(site.library)
    log = SearchLog(site.runs.database, site.clock)

    @pages.get("/search")
    def results() -> AnyResponse:
        shown = _answer(search)
        if shown.question.text and not shown.found.total and "typing" not in request.args:
            _count(log, shown.question.text)
        return _briefly(make_response(_page(site, shown)))

    @pages.get("/api/search")
    def data() -> AnyResponse:
        return _briefly(jsonify(_as_json(_answer(search))))

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


def _count(log: SearchLog, text: str) -> None:
    try:
        log.count(text)
    except StoreError as error:  # the reader does not need it
        current_app.logger.warning("a search without an answer was not counted: %s", error)


def _page(site: Site, shown: Shown) -> str:
    library = site.library
    return render_template(
        "search.html",
        question=shown.question,
        found=shown.found,
        page=shown.page,
        pages=shown.pages,
        categories=[(depth, category) for top in library.categories for depth, category in _with_depth(top)],
        address_of=_address,
        anything=bool(library.articles),
        older=any(len(article.editions) > 1 for article in library.articles),
        search_address=lambda **changes: _with(**changes),
        nav="search",
    )


def _with_depth(category: Category, depth: int = 0) -> list[tuple[int, Category]]:
    return [(depth, category), *(pair for sub in category.categories for pair in _with_depth(sub, depth + 1))]


def _with(**changes: str | int) -> dict[str, str]:
    """This question's own fields, changed; empty ones left out."""
    fields = {name: request.args.get(name, "") for name in ("q", "category", "editions", "checklist")}
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
