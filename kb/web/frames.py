"""Tables and code of an article in frames: what is too wide scrolls inside of its frame, also by keyboard."""

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape

from markupsafe import Markup, escape

WIDE = 6  # columns: more do not fit beside the contents
TALL = 20  # rows: a longer table keeps its head in view
LONG_LINE = 64  # characters of code: longer lines are likely to be cut on any screen

_PLACES = re.compile(
    r"<h[1-6]\b[^>]*>(?P<heading>.*?)</h[1-6]>|<(?P<end>/?)table\b[^>]*>|<pre(?P<pre>\b[^>]*)>(?P<code>.*?)</pre>",
    re.DOTALL,
)
_CAPTION = re.compile(r"<caption\b[^>]*>(.*?)</caption>", re.DOTALL)
_ROW = re.compile(r"<tr\b[^>]*>(.*?)</tr>", re.DOTALL)
_CELL = re.compile(r'<t[hd]\b(?:[^>]*?\bcolspan="(\d+)")?')
_TAG = re.compile(r"<[^>]*>")
_HEADS_LOOKED_AT = 4  # rows from whose cells the columns are counted


def framed(html: str, name: str) -> Markup:
    """Each outermost table in a region that has a name and takes the focus; code with long lines takes the focus.

    `html` was written by `node.render`: well-formed, every < begins a tag. `name` is what a table without a caption
    and without a heading before it is called.
    """
    return Markup("".join(_pieces(html, name)))  # noqa: S704 sanitised before, and labels are escaped


def has_wide_table(html: str) -> bool:
    """Whether a table here needs more room than a column of text."""
    return any(_columns(part) >= WIDE for part in _outermost(html))


def _pieces(html: str, name: str) -> Iterator[str]:
    at = depth = begun = 0
    heading = ""
    named: Counter[str] = Counter()
    for place in _PLACES.finditer(html):
        if place["heading"] is not None:
            heading = _text(place["heading"]) or heading
        elif place["pre"] is not None:
            if not depth:
                yield html[at : place.start()]
                yield _code(place)
                at = place.end()
        elif not place["end"]:
            if not depth:
                yield html[at : place.start()]
                at = begun = place.start()
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                yield _table(html[begun : place.end()], heading or name, named)
                at = place.end()
    yield html[at:]


def _outermost(html: str) -> Iterator[str]:
    depth = begun = 0
    for place in _PLACES.finditer(html):
        if place["end"] is None:
            continue
        if not place["end"]:
            begun = begun if depth else place.start()
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                yield html[begun : place.end()]


def _table(table: str, name: str, named: Counter[str]) -> str:
    """The table in its frame; tables of one name are counted, for two regions must not be called the same."""
    caption = _CAPTION.search(table)
    label = (_text(caption[1]) if caption else "") or name
    named[label] += 1
    label = f"{label} ({named[label]})" if named[label] > 1 else label
    kinds = ["frame", *(["broad"] if _columns(table) >= WIDE else []), *(["tall"] if table.count("<tr") > TALL else [])]
    return f'<div class="{" ".join(kinds)}" role="region" aria-label="{escape(label)}" tabindex="0">{table}</div>'


def _columns(table: str) -> int:
    """How many columns the first rows have."""
    counts = []
    for row, _ in zip(_ROW.finditer(table), range(_HEADS_LOOKED_AT), strict=False):
        counts.append(sum(min(int(span or 1), 100) for span in _CELL.findall(row[1])))
    return max(counts, default=0)


def _code(place: re.Match[str]) -> str:
    longest = max((len(unescape(_TAG.sub("", line))) for line in place["code"].split("\n")), default=0)
    focus = ' tabindex="0"' if longest > LONG_LINE and "tabindex" not in place["pre"] else ""
    return f"<pre{place['pre']}{focus}>{place['code']}</pre>"


def _text(html: str) -> str:
    return " ".join(unescape(_TAG.sub("", html)).split())
