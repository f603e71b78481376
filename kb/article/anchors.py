"""Anchors of a page: headings get the ids that GitHub gives them, ids of the author's own stay."""

import re

from kb.article.node import Tree, inline_text

_DROPPED = re.compile(r"[^\w\- ]+")


def heading_slug(text: str) -> str:
    """GitHub's id of a heading: lower case, punctuation dropped, each blank a hyphen."""
    return _DROPPED.sub("", text.strip().lower()).replace(" ", "-")


def set_anchors(tree: Tree) -> dict[str, str]:
    """Give each heading an id that is unique on the page; answers all anchors by their lower-case form."""
    anchors: dict[str, str] = {}
    for node in tree.anchors:
        own = node.attrs.get("id") or node.attrs.get("name", "")
        anchors.setdefault(own.lower(), own)
    taken: dict[str, int] = {}
    for heading in tree.headings:
        if heading.attrs.get("id"):
            continue
        slug = heading_slug(inline_text(heading.children)) or "section"
        heading.attrs["id"] = unique = _unique(slug, taken, anchors)
        anchors[unique] = unique
    return anchors


def _unique(slug: str, taken: dict[str, int], anchors: dict[str, str]) -> str:
    candidate = slug
    while candidate in anchors:
        taken[slug] = taken.get(slug, 0) + 1
        candidate = f"{slug}-{taken[slug]}"
    return candidate
