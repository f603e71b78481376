"""What there is to see in a run of steps: of its items, of what is inside them, of what stands above."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from kb.article.node import Node, inline_text
from kb.article.procedures.found import Found, FoundStep
from kb.article.procedures.phrases import OVERVIEW
from kb.article.procedures.verbs import addresses, is_imperative, mentions_hands, uses_hands

_DEFINITION = re.compile(r"[\w&/()'’ .-]{2,45}?\s?(?:[–—:]|\s-)\s+\S")
_SUBJECT = re.compile(
    r"(?:the|a|an|any|all|each|every|no|only|it|its|this|these|those|that|there|i|my|he|they|customers?|users?|our|some|"
    r"most|one|two|three|what|why|who|where|which|is|are|do i|can i|does|ability|support for)\b",
    re.IGNORECASE,
)
_NORM = re.compile(r"\b(?:must|should|cannot|can not|can't|may not|is not|are not|shall)\b", re.IGNORECASE)
_GERUND = re.compile(r"\w+ing\b", re.IGNORECASE)
_LOOKED_AT = 3  # blocks below an item
_RICH = frozenset(["img", "pre"])


@dataclass(frozen=True, slots=True)
class Item:
    """The opening words of one step."""

    text: str
    tells: bool  # it tells the reader to do something
    hands: bool  # a sentence of it begins with what to click or type

    @property
    def mentions(self) -> bool:
        """It speaks of clicking or typing at all."""
        return mentions_hands(self.text)

    @property
    def describes(self) -> bool:
        """It begins with the thing that it is about."""
        return not self.hands and _SUBJECT.match(self.text) is not None and not self.mentions

    @property
    def defines(self) -> bool:
        """A term, a dash or colon, and what it means."""
        return not self.tells and _DEFINITION.match(self.text) is not None


@dataclass(frozen=True, slots=True)
class Traits:
    """What the signals look at."""

    found: Found
    items: list[Item]
    above: str  # the line of bold text above, else the heading
    section: str  # the heading above
    lead: str  # the sentence before

    def share(self, holds: Callable[[Item], object]) -> float:
        """For which part of the items this holds, between 0 and 1."""
        return len([item for item in self.items if holds(item)]) / len(self.items)


def traits_of(found: Found) -> Traits:
    """Look at a run that has its name."""
    items = [_item(step) for step in found.steps]
    return Traits(found, items, found.label or found.section, found.section, found.lead)


def _item(step: FoundStep) -> Item:
    text = inline_text(step.opening)
    return Item(text, is_imperative(text) or _is_command(step), uses_hands(text))


def _is_command(step: FoundStep) -> bool:
    """Nothing but code to be run."""
    seen = [node for node in step.opening if not isinstance(node, str) or node.strip(" \n.:")]
    return bool(seen) and all(not isinstance(node, str) and node.tag == "code" for node in seen)


def telling(traits: Traits) -> float:
    """The items that tell to do something, if they are more than a few."""
    share = traits.share(lambda item: item.tells)
    return share if share > 0.25 else 0.0


def telling_below(traits: Traits) -> float:
    """The items that only name what is to be done and tell it below, if the items themselves tell little."""
    if traits.share(lambda item: item.tells) > 0.5:
        return 0.0
    return sum(any(map(is_imperative, _texts_below(step))) for step in traits.found.steps) / len(traits.items)


def _texts_below(step: FoundStep) -> Iterator[str]:
    """The first paragraphs and items below the opening."""
    for block in step.body[:_LOOKED_AT]:
        if not isinstance(block, str):
            parts = list(block.elements())[:_LOOKED_AT] if block.tag in ("ul", "ol") else [block]
            yield from (inline_text(part.children) for part in parts if part.tag in ("li", "p", "div"))


def handling(traits: Traits) -> float:
    """The items that say what to click or type."""
    return traits.share(lambda item: item.hands)


def speaking(traits: Traits) -> float:
    """The items that speak to the reader."""
    return traits.share(lambda item: addresses(item.text))


def without_verbs(traits: Traits) -> float:
    """Whether next to nothing tells to do anything."""
    return float(telling(traits) == 0 and traits.share(lambda item: item.mentions) <= 0.25)


def describing(traits: Traits) -> float:
    """The items that describe, if they are most."""
    share = traits.share(lambda item: item.describes)
    return share if share > 0.5 else 0.0


def defining(traits: Traits) -> float:
    """The items that define, from one half on."""
    return _from_half(traits.share(lambda item: item.defines))


def ruling(traits: Traits) -> float:
    """The items that say what must be, from one half on."""
    return _from_half(traits.share(lambda item: _NORM.search(item.text)))


def naming_deeds(traits: Traits) -> float:
    """The items that begin with a gerund, from one half on."""
    return _from_half(traits.share(lambda item: _GERUND.match(item.text)))


def asking(traits: Traits) -> float:
    """The items that are questions, from one half on."""
    return _from_half(traits.share(lambda item: item.text.endswith("?")))


def _from_half(share: float) -> float:
    return share if share >= 0.5 else 0.0


def introducing(traits: Traits) -> float:
    """Whether numbered headings begin with an introduction, as those of a document do."""
    return float(traits.found.form == "headings" and OVERVIEW.search(traits.items[0].text.lower()) is not None)


def only_links(traits: Traits) -> float:
    """Whether every item is a link and no more."""
    return float(all(_is_link(step.opening) for step in traits.found.steps))


def _is_link(opening: "Iterable[Node | str]") -> bool:
    inside = [node for node in opening if not isinstance(node, str)]
    links = [node for node in inside if node.tag == "a" or _is_link(node.children)]
    return bool(links) and inline_text(links) == inline_text(opening)


def with_material(traits: Traits) -> float:
    """Whether there are images or code inside a step."""
    blocks = (block for step in traits.found.steps for block in step.body if not isinstance(block, str))
    return float(any(map(_is_rich, blocks)))


def _is_rich(node: Node) -> bool:
    return node.tag in _RICH or any(_is_rich(child) for child in node.children if not isinstance(child, str))
