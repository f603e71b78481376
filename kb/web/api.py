"""The library as data: the shape of `kb inspect`, over HTTP."""

import json
from collections.abc import Iterator
from importlib.resources import files
from itertools import chain

from flask import Blueprint, Response, jsonify, request

from kb.article.inspect import inspected_articles, other_problems
from kb.article.library import Library
from kb.errors import NotFound
from kb.web.site import Site
from kb.words import words

JSON = "application/json"


def serving_data(site: Site) -> Blueprint:
    """The blueprint of the API."""
    api = Blueprint("api", __name__, url_prefix="/api")
    library = site.library

    @api.get("/articles")
    def articles() -> Response:
        """All articles, one after the other: 800 of them are sent as they are read."""
        return Response(_stream(library, html=_html()), content_type=JSON)

    @api.get("/articles/<path:address>")
    def article(address: str) -> Response:
        found = library.article_at(address.strip("/"))
        if found is None:
            raise NotFound(words("There is no article at this address. /api/articles lists them all."))
        paths = [edition.path for edition in found.editions]
        return jsonify(next(inspected_articles(library, paths, html=_html())))

    @api.get("/openapi.json")
    def description() -> Response:
        return Response((files("kb.web") / "openapi.json").read_bytes(), content_type=JSON)

    return api


def _html() -> bool:
    return request.args.get("html") in ("1", "true", "yes")


def _stream(library: Library, *, html: bool) -> Iterator[str]:
    separator = chain(['{"articles": ['], iter(lambda: ",\n", None))
    empty = True
    for article in inspected_articles(library, html=html):
        empty = False
        yield f"{next(separator)}{json.dumps(article, ensure_ascii=False)}"
    if empty:
        yield next(separator)
    yield f'], "problems": {json.dumps(other_problems(library), ensure_ascii=False)}}}\n'
