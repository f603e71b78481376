"""What the finder finds: a run of steps among the blocks of a body, which may be a procedure."""

from dataclasses import dataclass, field
from typing import Literal

from kb.article.node import BLOCKS, HEADINGS, Node, inline_text

Form = Literal["list", "paragraphs", "bold", "headings"]
_OPENERS = frozenset(["p", "div", *HEADINGS])


@dataclass(slots=True)
class FoundStep:
    """One step: the element that bears its anchor, its opening words without number, and what else is in it."""

    number: int
    line: int
    item: Node
    opening: "list[Node | str]"
    body: "list[Node | str]"


@dataclass(slots=True)
class Found:
    """One run of steps: blocks `start` to `end` (not included) of the body. `why` is "" until it is judged."""

    heading: str
    line: int
    start: int
    end: int
    steps: list[FoundStep] = field(default_factory=list)
    why: str = ""
    form: Form = "list"
    says_step: bool = False  # its numbers are "Step 1", "Step 2"
    section: str = ""  # the heading above it
    label: str = ""  # a line of bold text above it
    lead: str = ""  # the sentence before it


def step_of_item(number: int, item: Node) -> FoundStep:
    """The step that a list item is."""
    opening, body = opening_and_body(item)
    return FoundStep(number, item.line, item, list(opening), list(body))


def opening_and_body(item: Node) -> "tuple[list[Node | str], list[Node | str]]":
    """Split a list item into its opening paragraph and the blocks below it."""
    children = item.children
    for place, child in enumerate(children):
        if isinstance(child, str) or child.tag not in BLOCKS:
            continue
        before, below = children[:place], children[place + 1 :]
        if inline_text(before):
            return _without_pictures(before, children[place:])
        if child.tag in _OPENERS and not any(inner.tag in BLOCKS for inner in child.elements()):
            if inline_text(child.children):
                return _without_pictures(child.children, below)
        elif child.tag == "pre":
            return child.children, below
    return _without_pictures(children, [])


def is_picture(node: "Node | str") -> bool:
    """Whether there is nothing to see but an image."""
    if isinstance(node, str):
        return False
    if node.tag == "img":
        return True
    return node.tag in ("a", "p") and any(map(is_picture, node.children)) and not inline_text(node.children)


def _without_pictures(
    opening: "list[Node | str]", body: "list[Node | str]"
) -> "tuple[list[Node | str], list[Node | str]]":
    """Pictures on lines of their own at the end of the opening belong below it."""
    end = len(opening)
    while end and (is_picture(opening[end - 1]) or _is_blank(opening[end - 1])):
        end -= 1
    pictures = [node for node in opening[end:] if is_picture(node)]
    if not pictures or not end or not _starts_line(opening[end]):
        return opening, body
    return opening[:end], [Node("p", node.line, {}, [node]) for node in pictures if isinstance(node, Node)] + body


def _starts_line(node: "Node | str") -> bool:
    return "\n" in node if isinstance(node, str) else node.tag == "br"


def _is_blank(node: "Node | str") -> bool:
    return node.isspace() if isinstance(node, str) else node.tag == "br"
