"""The articles that whoever asked for a wrong address may have meant."""

import re
from urllib.parse import unquote

from rapidfuzz import fuzz

from kb.article.address import DATE_SHAPE, slugify
from kb.article.article import Article
from kb.article.search.search import Hit, Question, Search

LOOKED_AT = 10  # articles with words of the address
LIKE = 55  # of 100: an article's own last part is like the wrong one
_WORDS = re.compile(r"[^\W_]+")
_ENDINGS = re.compile(r"\.(?:html?|md|php|aspx?)$", re.IGNORECASE)


def words_of(path: str) -> str:
    """The words of the last part of an address: "closing your acount" of "/accounts/closing-your-acount/"."""
    parts = [unquote(part) for part in path.split("/") if part and not DATE_SHAPE.fullmatch(part)]
    return " ".join(_WORDS.findall(_ENDINGS.sub("", parts[-1]))) if parts else ""


def nearest(search: Search, path: str, most: int = 3) -> tuple[Article, ...]:
    """Articles whose title has words of the address, or whose own address is much like it; the likest first."""
    words = words_of(path)
    if not words:
        return ()
    wrong = slugify(words)
    found = search.find(Question(words, typing=False), LOOKED_AT)
    hits = [(_likeness(wrong, hit.article), hit.article) for hit in found.hits if _in_title(hit)]
    more = [(_likeness(wrong, article), article) for article in found.titles]
    like = [(_likeness(wrong, hit.article), hit.article) for hit in found.hits]
    near = [*hits, *(one for one in [*like, *more] if one[0] >= LIKE)]
    ranked = {article.address: article for _, article in sorted(near, key=lambda one: -one[0]) if not article.withdrawn}
    return tuple(ranked.values())[:most]


def _in_title(hit: Hit) -> bool:
    return any(piece.marked for piece in hit.title)


def _likeness(wrong: str, article: Article) -> float:
    return fuzz.ratio(wrong, article.slug)
