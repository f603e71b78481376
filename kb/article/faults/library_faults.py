"""Faults that only the whole library shows: doubles, orphans, articles outside a category, a wrong order."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from kb.article.front_matter import position
from kb.article.index import ORDER_FILE, Index
from kb.article.links import legacy_address
from kb.article.problem import Problem
from kb.article.reading import Draft

_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".bmp", ".ico")
_BLANKS = re.compile(r"\s+")
_SHORTEST_BODY = 200  # characters; shorter texts may well be the same


def library_faults(
    index: Index, current: Iterable[Draft], order: Draft | None, used: Iterable[str | None]
) -> Iterator[Problem]:
    """Every kind in turn. `current`: each article's current edition; `order`: index.md; `used`: files linked to."""
    drafts = list(current)
    yield from _doubles(drafts)
    yield from _outside(index, drafts)
    if order is not None:
        yield from _order_faults(index, order)
    yield from _orphans(index, used)
    yield from _lost_aliases(index)


def _doubles(drafts: list[Draft]) -> Iterator[Problem]:
    titles: dict[str, str] = {}
    bodies: dict[str, str] = {}
    for draft in drafts:
        title = draft.title.casefold().strip()
        if (other := titles.setdefault(title, draft.path)) != draft.path:
            line, column = _key(draft, "title")
            message, mend = f"has the same title as {other}", "give each article a title of its own"
            yield Problem(draft.path, line, column, "title-repeated", "warning", message, mend)
        body = _BLANKS.sub(" ", draft.body).strip()
        digest = hashlib.sha256(body.encode()).hexdigest()
        if len(body) >= _SHORTEST_BODY and (other := bodies.setdefault(digest, draft.path)) != draft.path:
            line = draft.body_line + 1
            message, mend = f"has the same text as {other}", "keep one, and name the other in redirect_from"
            yield Problem(draft.path, line, 1, "body-repeated", "warning", message, mend)


def _key(draft: Draft, key: str) -> tuple[int, int]:
    head = draft.source.text[: len(draft.source.text) - len(draft.body)]
    found = max(head.rfind(f'"{key}"'), head.rfind(f"\n{key}") + 1 if f"\n{key}" in head else -1)
    return position(head, max(found, 0))


def _outside(index: Index, drafts: list[Draft]) -> Iterator[Problem]:
    if not index.categories:
        return
    for draft in drafts:
        if "/" not in draft.path:
            message, mend = "lies outside every category", "move it into a category's folder"
            yield Problem(draft.path, 1, 1, "no-category", "warning", message, mend)


def _order_faults(index: Index, order: Draft) -> Iterator[Problem]:
    """`category_order` names what is not there, or omits what is."""
    wanted = order.metadata.category_order
    if not wanted:
        return
    folders = [folder for folder in index.categories if "/" not in folder]
    for name in wanted:
        if name not in folders:
            line, column = position(order.source.text, max(order.source.text.find(f'"{name}"'), 0))
            message, mend = f"there is no category {name}", "take it out, or correct its name"
            yield Problem(ORDER_FILE, line, column, "order-unknown", "warning", message, mend)
    for folder in folders:
        if folder not in wanted:
            line, column = _key(order, "category_order")
            message, mend = f"category_order omits {folder}", "add it; until then it stands last"
            yield Problem(ORDER_FILE, line, column, "order-missing", "warning", message, mend)


def _orphans(index: Index, used: Iterable[str | None]) -> Iterator[Problem]:
    """Pictures that no article shows or links to."""
    known = {path.partition("#")[0] for path in used if path}
    for path in sorted(index.files - known):
        if PurePosixPath(path).suffix.lower() in _PICTURES:
            message, mend = "no article shows this picture", "remove it, or show it"
            yield Problem(path, 1, 1, "image-orphaned", "warning", message, mend)


def _lost_aliases(index: Index) -> Iterator[Problem]:
    """Old addresses in kb.toml that lead nowhere."""
    aliases = {old.strip("/") for old in index.settings.aliases}
    for old, new in index.settings.aliases.items():
        address = new.strip("/")
        if address not in aliases and legacy_address(index, address) is None:
            message, mend = f"the alias {old} leads to {new}, where nothing is", "correct the new address"
            yield Problem("kb.toml", 1, 1, "alias-broken", "error", message, mend)
