"""The parts of an edition that a link can lead to: its sections and steps, each with its own text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Literal

from kb.article.edition import Edition
from kb.article.node import BLOCKS
from kb.article.search.words import WORD, folded

Kind = Literal["start", "section", "step"]

# `node.render` wrote the HTML: every < begins a tag and no > stands inside one.
_BORDER = re.compile(
    r'<(?:(h[1-6])(?: [^>]*?)?\bid="([^"]*)"[^>]*>.*?</h[1-6]>|li(?: id="([^"]*)")?[^>]*>|(/li)>)', re.DOTALL
)
_BLOCK = re.compile(rf"</?(?:{'|'.join(sorted(BLOCKS))}|br)\b[^>]*>")
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Passage:
    """A section up to the next heading, or one step with everything below it."""

    kind: Kind
    anchor: str  # "" for what stands before the first heading
    label: str  # of a section its heading, of a step its number
    text: str
    label_words: frozenset[str] = field(repr=False)
    words: frozenset[str] = field(repr=False)  # of the label and the text, folded


def passages_of(edition: Edition) -> tuple[Passage, ...]:
    """The passages of an edition, in order; together they hold its whole text."""
    texts: dict[tuple[Kind, str, str], list[str]] = {}
    for place, html in _parts(edition):
        texts.setdefault(place, []).append(html)
    return tuple(_passage(*place, _text(" ".join(parts))) for place, parts in texts.items())


def _passage(kind: Kind, anchor: str, label: str, text: str) -> Passage:
    label_words = frozenset(WORD.findall(folded(label)))
    return Passage(kind, anchor, label, text, label_words, label_words.union(WORD.findall(folded(text))))


def _parts(edition: Edition) -> Iterator[tuple[tuple[Kind, str, str], str]]:
    """Each run of HTML with the section or step that it belongs to."""
    headings = {heading.id: heading.text for heading in edition.headings}
    steps = {step.anchor: str(step.number) for procedure in edition.procedures for step in procedure.steps}
    section: tuple[Kind, str, str] = ("start", "", "")
    here = section
    items: list[bool] = []  # of the list items that are open: whether each is a step
    html, at = edition.html, 0
    for border in _BORDER.finditer(html):
        yield here, html[at : border.start()]
        at = border.end()
        heading, anchor, item, closed = border.groups()
        if heading:
            section = here = ("section", anchor, headings.get(anchor, ""))
        elif closed:
            here = section if items and items.pop() else here
        else:
            items.append(item in steps)
            here = ("step", item, steps[item]) if item in steps else here
    yield here, html[at:]


def _text(html: str) -> str:
    return " ".join(unescape(_TAG.sub("", _BLOCK.sub(" ", html))).split())
