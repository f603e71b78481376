"""The number at the head of a paragraph or heading: `1. …`, `1) …`, `(1) …`, `Step 1: …`, bold or not."""

import re
from dataclasses import dataclass

from kb.article.node import Node, inline_text

_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_NUMBER = re.compile(
    rf"\s*(?:step\s*\#?(?P<step>\d{{1,3}}|{'|'.join(_WORDS)})\b\s*(?P<mark>[.:)–—-]*)"
    r"|\(?(?P<plain>\d{1,3})(?:\s?[.)]+(?!\d)|:(?=\s|$)|\s[–—-](?=\s)))\s*",
    re.IGNORECASE,
)
_MARKS = " \u00a0\n.:)–—-"
_BEGINNINGS = frozenset("0123456789(sS")
_WRAPPERS = frozenset("b big em font i small span strong u".split())


@dataclass(frozen=True, slots=True)
class Numbered:
    """Inline content that begins with a number."""

    number: int
    step: bool  # it says "Step"
    cut: bool  # whether the number was taken away from the opening
    opening: "list[Node | str]"


def numbered(children: "list[Node | str]") -> Numbered | None:
    """The number that this inline content begins with, if any. The content itself stays as it is."""
    if not children or (isinstance(children[0], str) and not _may_begin(children[0])):
        return None  # nearly all paragraphs
    outer, inner = _descend(children)
    place = end = _first(inner)
    if place == len(inner) or not isinstance(first := inner[place], str) or not _may_begin(first):
        return None
    while end < len(inner) and isinstance(inner[end], str) and (end == place or inner[end] != "\n"):
        end += 1
    text = "".join(one for one in inner[place:end] if isinstance(one, str))
    match = _NUMBER.match(text)
    if match is None:
        return None
    said = (match["step"] or match["plain"]).lower()
    number = _WORDS.index(said) + 1 if said in _WORDS else int(said)
    step = match["step"] is not None
    whole = Numbered(number, step, False, list(children))
    if step and not match["mark"] and text[match.end() :].strip():  # "Step 4 (optional). …" stays as it is
        return whole
    opening = _rebuilt(outer, [text[match.end() :], *inner[end:]])
    return Numbered(number, step, True, opening) if inline_text(opening) else whole


def _may_begin(text: str) -> bool:
    text = text.lstrip()
    return not text or text[0] in _BEGINNINGS


def is_bold(children: "list[Node | str]") -> bool:
    """Whether all that can be read is bold."""
    bold = False
    for child in children:
        if isinstance(child, str):
            if child.strip(_MARKS):
                return False
        elif child.tag in ("strong", "b"):
            bold = bold or bool(inline_text([child]))
        elif child.tag in _WRAPPERS:
            if not is_bold(child.children):
                return False
            bold = True
        elif inline_text([child]):
            return False
    return bold


def _descend(children: "list[Node | str]") -> "tuple[list[tuple[list[Node | str], int]], list[Node | str]]":
    """The wrappers around the first text, outermost first, and what is in the innermost."""
    outer: list[tuple[list[Node | str], int]] = []
    while (place := _first(children)) < len(children):
        first = children[place]
        if isinstance(first, str) or first.tag not in _WRAPPERS:
            break
        outer.append((children, place))
        children = first.children
    return outer, children


def _first(children: "list[Node | str]") -> int:
    """The place of the first child that is no blank, line break or empty anchor."""
    for place, child in enumerate(children):
        if child.strip() if isinstance(child, str) else child.children or child.tag not in ("a", "br"):
            return place
    return len(children)


def _rebuilt(outer: "list[tuple[list[Node | str], int]]", inner: "list[Node | str]") -> "list[Node | str]":
    """Copies of the wrappers around what is left; one that held the number alone goes, with the mark after it."""
    for children, place in reversed(outer):
        wrapper, after = children[place], children[place + 1 :]
        if not isinstance(wrapper, str) and inline_text(inner).strip(_MARKS):
            inner = [Node(wrapper.tag, wrapper.line, wrapper.attrs, inner), *after]
        elif after and isinstance(after[0], str):
            inner = [after[0].lstrip(_MARKS), *after[1:]]
        else:
            inner = after
    return inner
