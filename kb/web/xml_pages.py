"""Pages in XML: the Atom feeds, the site map and the OpenSearch description. `root` ends with a slash."""

from collections.abc import Iterable, Sequence
from datetime import date
from urllib.parse import urljoin
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from kb.article.article import Article
from kb.article.library import Library
from kb.settings import Settings
from kb.web.theme import href

ATOM = "http://www.w3.org/2005/Atom"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
NEWEST = 30  # entries of a feed
MOST_IN_MAP = 50_000  # addresses, says the protocol
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


def site_map(library: Library, root: str, part: int | None = None) -> bytes | None:
    """The site map: every current page. A large one is an index of parts (from 1); None: there is no such part."""
    pages = _pages(library)
    parts = -(-len(pages) // MOST_IN_MAP)
    if part is None and parts > 1:
        top = Element("sitemapindex", {"xmlns": SITEMAP})
        for number in range(1, parts + 1):
            _text(SubElement(top, "sitemap"), "loc", urljoin(root, f"/sitemap-{number}.xml"))
        return _bytes(top)
    first = ((part or 1) - 1) * MOST_IN_MAP
    if part is not None and (parts == 1 or not 0 <= first < len(pages)):
        return None
    top = Element("urlset", {"xmlns": SITEMAP})
    for address, changed in pages[first : first + MOST_IN_MAP]:
        url = SubElement(top, "url")
        _text(url, "loc", urljoin(root, href(address)))
        if changed:
            _text(url, "lastmod", changed.isoformat())
    return _bytes(top)


def opensearch(site: Settings, root: str) -> bytes:
    """What a browser needs to search here from its address bar."""
    top = Element("OpenSearchDescription", {"xmlns": OPENSEARCH})
    _text(top, "ShortName", site.title[:LONGEST_NAME])
    _text(top, "Description", f"Search {site.title}")
    _text(top, "InputEncoding", "UTF-8")
    SubElement(top, "Url", {"type": "text/html", "template": urljoin(root, "/search") + "?q={searchTerms}"})
    return _bytes(top)


def _pages(library: Library) -> Sequence[tuple[str, date | None]]:
    articles = [article for article in library.articles if not article.withdrawn]
    categories = sorted(
        {
            "/".join(article.address.split("/")[:-1][:depth])
            for article in articles
            for depth in range(1, article.address.count("/") + 1)
        }
    )
    listed = [(address, None) for address in ("", *categories) if not address or library.category_at(address)]
    return [*listed, *((article.address, article.current.date) for article in articles)]


def _midnight(day: date | None) -> str:
    return f"{(day or date(1970, 1, 1)).isoformat()}T00:00:00Z"


def _text(parent: Element, tag: str, text: str) -> None:
    """An element with text; characters that XML cannot hold are left out."""
    SubElement(parent, tag).text = "".join(char for char in text if char >= " " or char in "\t\n")


def _bytes(top: Element) -> bytes:
    indent(top, " ")
    written: bytes = tostring(top, encoding="utf-8", xml_declaration=True)
    return written + b"\n"
