"""One small tree for every body, whether it was Markdown or HTML: what is analysed, decorated and shown."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

VOID = frozenset("area br col embed hr img input link meta source track wbr".split())
BLOCKS = frozenset(
    "address article aside blockquote caption center dd details div dl dt figcaption figure footer h1 h2 h3 h4 h5 h6"
    " header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
HEADINGS = {f"h{level}": level for level in range(1, 7)}


@dataclass(slots=True, eq=False)
class Node:
    """An element: its name, attributes, line in the file (from 1), and what is in it (text is plain `str`)."""

    tag: str
    line: int = 1
    attrs: dict[str, str] = field(default_factory=dict)
    children: "list[Node | str]" = field(default_factory=list)

    def elements(self) -> "Iterator[Node]":
        """Its child elements, without the text between them."""
        return (child for child in self.children if not isinstance(child, str))

    def walk(self) -> "Iterator[Node]":
        """This element and all below it, in the order of the text."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            if node.children:
                stack += [child for child in reversed(node.children) if not isinstance(child, str)]


@dataclass(slots=True)
class Tree:
    """A body as a tree, and what was met while building it."""

    root: Node
    headings: list[Node] = field(default_factory=list)
    links: list[Node] = field(default_factory=list)  # a, img and iframe, in order
    anchors: list[Node] = field(default_factory=list)  # elements with an id or name of the author's own
    tables: list[Node] = field(default_factory=list)
    labels: set[str] = field(default_factory=set)  # of link definitions that links and images use
    code: list[tuple[int, int]] = field(default_factory=list)  # lines of the file that are code: first, behind the last


def render(nodes: "Iterable[Node | str]") -> str:
    """These nodes as HTML. Attribute values and text are escaped here and nowhere else."""
    out: list[str] = []
    for node in nodes:
        _write(node, out)
    return "".join(out)


def _write(node: "Node | str", out: list[str]) -> None:
    if isinstance(node, str):
        out.append(escape(node))
        return
    tag = node.tag
    if node.attrs:
        pairs = "".join([f' {name}="{escape(value)}"' for name, value in node.attrs.items()])
        out.append(f"<{tag}{pairs}>")
    else:
        out.append(f"<{tag}>")
    if tag not in VOID:
        for child in node.children:
            if isinstance(child, str):
                out.append(escape(child))
            else:
                _write(child, out)
        out.append(f"</{tag}>")
    if tag in BLOCKS:
        out.append("\n")


def escape(text: str) -> str:
    """Text for HTML, in an element or in a quoted attribute."""
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text:
        text = text.replace("<", "&lt;")
    if ">" in text:
        text = text.replace(">", "&gt;")
    if '"' in text:
        text = text.replace('"', "&quot;")
    return text


def inline_text(nodes: "Iterable[Node | str]") -> str:
    """Visible text on one line: of a heading, a link, the opening of a step."""
    parts: list[str] = []
    for node in nodes:
        _collect(node, parts)
    return " ".join("".join(parts).split())


def visible_text(nodes: "Iterable[Node | str]") -> str:
    """Visible text with each block on its own line."""
    parts: list[str] = []
    for node in nodes:
        _collect(node, parts)
    lines = [line.strip() for line in "".join(parts).split("\n")]
    return "\n".join([line for line in lines if line])


def _collect(node: "Node | str", parts: list[str]) -> None:
    if isinstance(node, str):
        parts.append(node)
        return
    block = node.tag in BLOCKS or node.tag == "br"
    if block:
        parts.append("\n")
    for child in node.children:
        if isinstance(child, str):
            parts.append(child)
        else:
            _collect(child, parts)
    if block:
        parts.append("\n")
