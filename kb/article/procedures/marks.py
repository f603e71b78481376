"""The marks of steps among blocks: lists, and paragraphs that begin with a number."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from kb.article.node import BLOCKS, Node, inline_text
from kb.article.procedures.found import FoundStep, opening_and_body, step_of_item
from kb.article.procedures.numbering import Numbered, is_bold, numbered

_LOOKED_AT = 8  # nodes behind a line break in which its number must stand
Kind = Literal["list", "plain", "bold"]


@dataclass(frozen=True, slots=True)
class Mark:
    """One block that holds one or more steps; `first` is the number of the first."""

    place: int
    first: int
    kind: Kind
    steps: list[FoundStep]
    says_step: bool = False


def mark_of(place: int, block: "Node | str") -> Mark | None:
    """What this block of a body marks, if anything."""
    if isinstance(block, str):
        return None
    if block.tag == "ol":
        steps = _items(block)
        return Mark(place, steps[0].number, "list", steps) if steps else None
    return paragraph_mark(place, block)


def paragraph_mark(place: int, block: "Node | str") -> Mark | None:
    """The mark of a paragraph that begins with a number, or of several such lines in one."""
    if isinstance(block, str) or block.tag not in ("p", "div"):
        return None
    head = numbered(block.children)
    if head is None or any(child.tag in BLOCKS for child in block.elements()):
        return None
    bold = is_bold(block.children)
    if head.step and not bold and not head.cut:  # a sentence about a step
        return None
    lines = list(_lines(block.children, head.number))
    steps = [_line_step(block, found, number == 0) for number, found in enumerate(lines)]
    if not steps:  # its number is broken over two lines
        return None
    kind: Kind = "bold" if (bold or head.step) and len(steps) == 1 else "plain"
    return Mark(place, head.number, kind, steps, head.step)


def _items(block: Node) -> list[FoundStep]:
    """The items of a list. What stands between them, such as a list without an item around it, is the last one's."""
    steps: list[FoundStep] = []
    number = _start(block) - 1
    inner = list(block.elements())
    if len(inner) == 1 and inner[0].tag == "ol":  # a list in a list, for its indentation
        return _items(inner[0])
    for child in block.children:
        if not isinstance(child, str) and child.tag == "li":
            steps.append(step_of_item(number + 1, child))
            steps.extend(_slipped(steps[-1]))
            number = steps[-1].number
        elif steps and (not isinstance(child, str) or child.strip()):
            steps[-1].body.append(child)
    return steps


def _slipped(step: FoundStep) -> list[FoundStep]:
    """Items that slipped into the step above by their indentation: their numbers go on with its own."""
    for place, block in enumerate(step.body):
        if not isinstance(block, str) and block.tag == "ol" and _start(block) == step.number + 1:
            slipped = _items(block)
            if not slipped:
                continue
            slipped[-1].body.extend(step.body[place + 1 :])
            del step.body[place:]
            return slipped
    return []


def _start(block: Node) -> int:
    first = next((item for item in block.elements() if item.tag == "li"), block)
    start = block.attrs.get("start") or first.attrs.get("value") or "1"
    return int(start) if start.isascii() and start.isdigit() and len(start) < 10 else 1


def _line_step(block: Node, found: Numbered, is_first: bool) -> FoundStep:
    item = block if is_first else Node("span", block.line)
    opening, body = opening_and_body(Node("", block.line, {}, found.opening))
    return FoundStep(found.number, block.line, item, list(opening), list(body))


def _lines(children: "list[Node | str]", number: int) -> Iterator[Numbered]:
    """The content cut where a line begins with the next number. In HTML that is a line of the author's, too."""
    children = list(_broken(children))
    start = 0
    for place, child in enumerate(children):
        if not (child == "\n" if isinstance(child, str) else child.tag == "br"):
            continue
        following = numbered(children[place + 1 : place + _LOOKED_AT])
        if following and following.number == number + 1:
            yield from filter(None, [numbered(children[start:place])])
            start, number = place + 1, number + 1
    yield from filter(None, [numbered(children[start:])])


def _broken(children: "list[Node | str]") -> "Iterator[Node | str]":
    for child in children:
        if isinstance(child, str) and "\n" in child and len(child) > 1:
            for number, line in enumerate(child.split("\n")):
                yield from ("\n", line) if number else (line,)
        else:
            yield child


def names(block: "Node | str") -> str:
    """What a line of bold text alone says, or "": it is a heading in all but name."""
    if isinstance(block, str) or block.tag not in ("p", "div") or not is_bold(block.children):
        return ""
    return inline_text(block.children)
