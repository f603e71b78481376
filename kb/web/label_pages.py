"""The pages of authors and keywords: all of them, and the articles of one. They carry no user data."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from flask import Blueprint, abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from kb.article.label import Label, Labels
from kb.web.initials import LONG, by_initial
from kb.web.shelves import Shelves
from kb.web.site import Site
from kb.web.theme import at, href
from kb.web.twin import label_twin, labels_twin

AUTHORS, KEYWORDS = "authors", "keywords"
MARKDOWN = "text/markdown; charset=utf-8"
MINUTE = 60  # seconds


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str  # its first part of the address
    labels: Labels


def labelling(site: Site, shelves: Shelves) -> Blueprint:
    """The blueprint of `/authors/`, `/keywords/` and a page for each; gives the templates `label_href`."""
    pages = Blueprint("labelling", __name__)
    home = (site.library.settings.title, href(site.library.home))

    @pages.app_template_global()
    def label_href(kind: str, label: Label) -> str:
        return at(_address(kind, label))

    for kind in (_Kind(AUTHORS, shelves.authors), _Kind(KEYWORDS, shelves.keywords)):
        _add(pages, kind, home)
        _add_twins(pages, kind)
    return pages


def label_addresses(shelves: Shelves, home: str) -> Sequence[str]:
    """The addresses of all these pages below `home` ("" or "de"), for the site map."""
    kinds = ((AUTHORS, shelves.authors), (KEYWORDS, shelves.keywords))
    lists = [kind for kind, labels in kinds if labels.all]
    found = [*lists, *(_address(kind, label) for kind, labels in kinds for label in labels.all)]
    return [f"{home}/{address}" if home else address for address in found]


def _add(pages: Blueprint, kind: _Kind, home: tuple[str, str]) -> None:
    @pages.get(f"/{kind.name}/", endpoint=f"all_{kind.name}")
    def all_of_them() -> AnyResponse:
        if not kind.labels.all:
            abort(404)
        parts = by_initial(kind.labels.all, lambda label: label.name)
        return _page("labels.html", kind=kind.name, parts_of=parts, labels=kind.labels.all, crumbs=[home])

    @pages.get(f"/{kind.name}/<slug>/", endpoint=f"one_of_{kind.name}")
    def one(slug: str) -> AnyResponse:
        label = kind.labels.at(slug)
        if label is None:
            abort(404)
        if label.slug != slug:
            return redirect(at(_address(kind.name, label)), 301)
        parts = by_initial(label.articles, lambda article: article.title) if len(label.articles) > LONG else ()
        rows = () if parts else label.articles
        return _page("label.html", kind=kind.name, label=label, rows=rows, parts_of=parts, crumbs=[home])


def _add_twins(pages: Blueprint, kind: _Kind) -> None:
    def twin_of(label: Label) -> str:
        return urljoin(request.url_root, f"{at(_address(kind.name, label))[:-1]}.md")

    @pages.get(f"/{kind.name}.md", endpoint=f"twin_of_all_{kind.name}")
    def twin_of_all() -> AnyResponse:
        if not kind.labels.all:
            abort(404)
        links = [(label.name, twin_of(label)) for label in kind.labels.all]
        return _public(labels_twin(kind.name.title(), links), MARKDOWN)

    @pages.get(f"/{kind.name}/<slug>.md", endpoint=f"twin_of_one_of_{kind.name}")
    def twin_of_one(slug: str) -> AnyResponse:
        label = kind.labels.at(slug)
        if label is None:
            abort(404)
        return (
            redirect(twin_of(label), 301)
            if label.slug != slug
            else _public(label_twin(label, request.url_root), MARKDOWN)
        )


def _address(kind: str, label: Label) -> str:
    return f"{kind}/{label.slug}"


def _page(template: str, **context: object) -> AnyResponse:
    return _public(render_template(template, **context, nav="labels"), "text/html; charset=utf-8")


def _public(content: str, kind: str) -> AnyResponse:
    response = make_response(content)
    response.content_type = kind
    response.cache_control.public = True
    response.cache_control.max_age = MINUTE
    response.add_etag()
    return response.make_conditional(request)
