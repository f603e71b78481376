"""One allow-list for everything that authors wrote as HTML.

What is harmless stays, what executes goes, and what is no tag at all (`<your host>`) is shown.
"""

import re
from dataclasses import dataclass

import nh3

LINE = "data-line"  # bears the author's line through the cleaning

_TAGS = set(
    "a abbr address article aside b bdi bdo blockquote br caption center cite code col colgroup dd del details dfn div"
    " dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i iframe img ins kbd li main mark nav ol p pre q"
    " rp rt ruby s samp section small span strike strong sub summary sup table tbody td tfoot th thead time tr tt u ul"
    " var wbr big font".split()
)
_DROPPED = frozenset(
    "applet audio base button canvas embed fieldset form frame frameset head html body input label legend link map"
    " area math meta noframes noscript object optgroup option param picture script select source style svg template"
    " textarea track video".split()
)  # real elements that an article has no use for: the tag goes, the text stays (not of scripts and styles)
_ATTRIBUTES = {
    "*": {"id", "class", "title", "lang", "dir", LINE},
    "a": {"href", "name"},
    "img": {"src", "alt", "width", "height"},
    "iframe": {"src"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "td": {"colspan", "rowspan", "align", "valign", "headers"},
    "th": {"colspan", "rowspan", "align", "valign", "scope", "headers"},
    "tr": {"align"},
    "col": {"span"},
    "colgroup": {"span"},
    "details": {"open"},
    "time": {"datetime"},
    "q": {"cite"},
    "blockquote": {"cite"},
}
CLASSES = frozenset(["row-header", "section-header", "table", "table--large", "permission-matrix"])
CLASS_PREFIXES = ("language-", "align-")
SCHEMES = frozenset(["http", "https", "mailto", "tel", "ftp", "ftps", "sftp", "ssh", "news", "irc", "ldap", "sip"])
_DEEPEST = 100  # open elements; deeper ones lose their tags, so that no tree is too deep to walk

_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    clean_content_tags={"script", "style"},
    attributes=_ATTRIBUTES,
    strip_comments=True,
    link_rel=None,
    url_schemes=set(SCHEMES),
)
_VOID = frozenset("area br col embed hr img input link meta param source track wbr".split())
_MARKUP = re.compile(
    r"<!--.*?(?:-->|\Z)|<[?]|<!(?=\[)|\n"
    r"|<(?P<end>/?)(?P<name>[A-Za-z][\w:.-]*+)(?P<tail>(?:[^<>\"']++|\"[^\"<>]*+\"|'[^'<>]*+')*+>)?",
    re.DOTALL,
)


def clean(html: str) -> str:
    """Well-formed HTML that holds nothing but what the allow-list names."""
    return _CLEANER.clean(html)


@dataclass(slots=True)
class Depth:
    """How many elements are open, over all pieces of one text."""

    open: int = 0


def prepare(html: str, line: int, depth: Depth) -> str:
    """Number the tags with their lines (the first line is `line`) and escape what is no HTML, before `clean`."""

    def mend(match: re.Match[str]) -> str:
        nonlocal line
        found = match[0]
        name = match["name"]
        if name is None:
            line += found.count("\n")
            return "&lt;" + found[1:] if found in ("<?", "<!") else found
        here, known = line, name.lower()
        line += found.count("\n")
        if known not in _TAGS:
            return found if known in _DROPPED and match["tail"] else "&lt;" + found[1:]
        if not match["tail"] or known in _VOID:
            return found if match["end"] else _numbered(found, name, here)
        depth.open += -1 if match["end"] else 1
        if depth.open + bool(match["end"]) > _DEEPEST:
            return ""
        return found if match["end"] else _numbered(found, name, here)

    return _MARKUP.sub(mend, html)


def _numbered(tag: str, name: str, line: int) -> str:
    return f'<{name} {LINE}="{line}"{tag[len(name) + 1 :]}'


def kept_classes(value: str) -> str:
    """Of an author's classes those that our pages have a style for."""
    names = (name for name in value.split() if name in CLASSES or name.startswith(CLASS_PREFIXES))
    return " ".join(names)
