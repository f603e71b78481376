"""Pages in XML: the Atom feeds, the site map and the OpenSearch description. `root` ends with a slash."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from html import escape, unescape
from urllib.parse import urljoin
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from kb.article.article import Article
from kb.article.edition import Edition
from kb.article.library import Library
from kb.settings import Settings
from kb.web.language import spoken
from kb.web.theme import href
from kb.words import told, words

ATOM = "http://www.w3.org/2005/Atom"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
NEWEST = 30  # entries of a feed
XHTML = "http://www.w3.org/1999/xhtml"
MOST_IN_MAP = 50_000  # addresses, says the protocol
# `node.render` wrote the HTML: in text a quotation mark is an entity.
_ADDRESS = re.compile(r'\b(href|src)="([^"]*)"')
_UNPRINTABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
LONGEST_NAME = 16  # characters of an OpenSearch ShortName


def feed(title: str, here: str, page: str, articles: Iterable[Article], site: Settings) -> bytes:
    """An Atom feed of the articles changed last. `here` and `page` are its own and its page's whole address."""
    dated = [article for article in articles if article.current.date and not article.withdrawn]
    newest = sorted(dated, key=lambda article: (article.current.date, article.address), reverse=True)[:NEWEST]
    top = Element("feed", {"xmlns": ATOM, "xml:lang": site.language})
    _text(top, "title", title)
    _text(top, "id", here)
    _text(top, "updated", _midnight(newest[0].current.date if newest else None))
    SubElement(top, "link", {"rel": "self", "type": "application/atom+xml", "href": here})
    SubElement(top, "link", {"rel": "alternate", "type": "text/html", "href": page})
    _text(SubElement(top, "author"), "name", site.title)
    for article in newest:
        _entry(top, article, page)
    return _bytes(top)


def _entry(top: Element, article: Article, root: str) -> None:
    edition = article.current
    entry = SubElement(top, "entry")
    _text(entry, "title", edition.title)
    _text(entry, "id", urljoin(root, href(edition.address)))
    _text(entry, "updated", _midnight(edition.date))
    SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": urljoin(root, href(article.address))})
    if edition.author:
        _text(SubElement(entry, "author"), "name", edition.author)
    for name in article.category:
        SubElement(entry, "category", {"term": name})
    _text(entry, "summary", edition.description)
    page = urljoin(root, href(article.address))
    content = SubElement(entry, "content", {"type": "html", "xml:base": page})
    content.text = _printable(_ADDRESS.sub(lambda found: _whole(found, page), edition.html))


def site_map(
    library: Library,
    root: str,
    part: int | None = None,
    labels: Sequence[str] = (),
    updated: Callable[[Edition], date | None] = lambda edition: edition.date,
) -> bytes | None:
    """The site map: every current page. A large one is an index of parts (from 1); None: there is no such part."""
    pages = [*_pages(library, updated), *((address, None) for address in labels)]
    parts = -(-len(pages) // MOST_IN_MAP)
    if part is None and parts > 1:
        top = Element("sitemapindex", {"xmlns": SITEMAP})
        for number in range(1, parts + 1):
            _text(SubElement(top, "sitemap"), "loc", urljoin(root, f"/sitemap-{number}.xml"))
        return _bytes(top)
    first = ((part or 1) - 1) * MOST_IN_MAP
    if part is not None and (parts == 1 or not 0 <= first < len(pages)):
        return None
    versions = {article.address: article.versions for article in (*library.articles, *library.translations)}
    top = Element("urlset", {"xmlns": SITEMAP, **({"xmlns:xhtml": XHTML} if any(versions.values()) else {})})
    for address, changed in pages[first : first + MOST_IN_MAP]:
        url = SubElement(top, "url")
        _text(url, "loc", urljoin(root, href(address)))
        if changed:
            _text(url, "lastmod", changed.isoformat())
        for language, other in versions.get(address, ()):
            link = {"rel": "alternate", "hreflang": language, "href": urljoin(root, href(other))}
            SubElement(url, "xhtml:link", link)
    return _bytes(top)


def opensearch(site: Settings, root: str, language: str = "") -> bytes:
    """What a browser needs to search here from its address bar; in `language`, "" if the library's own."""
    top = Element("OpenSearchDescription", {"xmlns": OPENSEARCH})
    _text(top, "ShortName", site.title[:LONGEST_NAME])
    _text(top, "Description", told(words("Search {site}", site=site.title), spoken()))
    _text(top, "InputEncoding", "UTF-8")
    also = f"&language={language}" if language else ""
    for kind, path in (("text/html", "/search"), ("application/x-suggestions+json", "/api/suggest")):
        SubElement(top, "Url", {"type": kind, "template": urljoin(root, path) + "?q={searchTerms}" + also})
    return _bytes(top)


def _pages(library: Library, updated: Callable[[Edition], date | None]) -> Sequence[tuple[str, date | None]]:
    shown = [article for article in (*library.articles, *library.translations) if not article.stands_in]
    articles = [article for article in shown if not article.withdrawn]
    categories = sorted(
        {
            "/".join(article.address.split("/")[:-1][:depth])
            for article in articles
            for depth in range(1, article.address.count("/") + 1)
        }
    )
    listed = [(address, None) for address in ("", *categories) if not address or library.category_at(address)]
    return [*listed, *((article.address, updated(article.current)) for article in articles)]


def _midnight(day: date | None) -> str:
    return f"{(day or date(1970, 1, 1)).isoformat()}T00:00:00Z"


def _text(parent: Element, tag: str, text: str) -> None:
    """An element with text; characters that XML cannot hold are left out."""
    SubElement(parent, tag).text = _printable(text)


def _printable(text: str) -> str:
    return _UNPRINTABLE.sub("", text)


def _whole(found: "re.Match[str]", page: str) -> str:
    """A link or image with its whole address: a reader of feeds does not know where the text stood."""
    return f'{found[1]}="{escape(urljoin(page, unescape(found[2])))}"'


def _bytes(top: Element) -> bytes:
    indent(top, " ")
    written: bytes = tostring(top, encoding="utf-8", xml_declaration=True)
    return written + b"\n"
