"""What a reader sees of a page, as figures that two renderings can be compared by."""

import hashlib
import re
from collections.abc import Iterator

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

KINDS = ("text", "lists", "tables", "code", "images", "headings", "links")
_TAG = re.compile(r"</?([A-Za-z][\w:.-]*)")
_HTML = frozenset(
    "a abbr b big blockquote br center code col dd del div dl dt em font h1 h2 h3 h4 h5 h6 hr i iframe img ins kbd li"
    " ol p pre s section small span strike strong sub sup table tbody td tfoot th thead tr tt u ul var script style"
    " form input button".split()
)


def with_unknown_tags_shown(html: str) -> str:
    """HTML in which what is no tag (`<your host>`) is text."""
    return _TAG.sub(lambda match: match[0] if match[1].lower() in _HTML else f"&lt;{match[0][1:]}", html)


def facts_of(html: str) -> dict[str, str]:
    """A short hash of each kind of fact."""
    soup = BeautifulSoup(html, "html.parser")
    facts = {
        "text": "".join(_texts(soup)),
        "lists": [_nesting(item) for item in soup.find_all("li")],
        "tables": [len(row.find_all(["td", "th"])) for row in soup.find_all("tr")],
        "code": [_words(block) for block in soup.find_all("pre")],
        "images": len(soup.find_all("img")),
        "headings": [(heading.name, _words(heading)) for heading in soup.find_all(re.compile("^h[1-6]$"))],
        "links": [_words(link) for link in soup.find_all("a", href=True)],
    }
    return {kind: hashlib.sha256(repr(facts[kind]).encode()).hexdigest()[:8] for kind in KINDS}


def _texts(soup: BeautifulSoup) -> Iterator[str]:
    """All visible text without its blanks."""
    for text in soup.find_all(string=True):
        if type(text) is NavigableString and not text.find_parent(["script", "style"]):
            yield re.sub(r"\s+", "", text)


def _nesting(item: Tag) -> str:
    """The kinds of the lists that an item lies in, from the inside out."""
    return " ".join(parent.name for parent in item.parents if parent.name in ("ol", "ul"))


def _words(tag: Tag) -> str:
    return " ".join(tag.get_text().split())
