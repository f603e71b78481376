"""Elements that only wrap a part of the body are taken away, so that headings, lists and steps stand at the top."""

from collections.abc import Iterator

from kb.article.node import BLOCKS, HEADINGS, Node

_BOXES = frozenset(["div", "section", "article", "main", "center"])
_WRAPPERS = _BOXES | {"span", "font"}
_WRAPPED = frozenset(["ol", "ul", "p", "pre", "table", *_BOXES, *HEADINGS])


def unwrap(root: Node, *, loose_text: bool) -> None:
    """Unwrap the body in place. With `loose_text` what stands there without a paragraph gets a block of its own."""
    children = list(_unwrapped(root.children))
    root.children = list(_blocked(children, root.line)) if loose_text else children


def _unwrapped(children: "list[Node | str]") -> "Iterator[Node | str]":
    for child in children:
        if isinstance(child, str) or not _wraps(child):
            yield child
        else:
            yield "\n"
            yield from _unwrapped(list(_blocked(child.children, child.line)))
            yield "\n"


def _wraps(node: Node) -> bool:
    return node.tag in _WRAPPERS and not node.attrs and any(child.tag in _WRAPPED for child in node.elements())


def _blocked(children: "list[Node | str]", line: int) -> "Iterator[Node | str]":
    """These children, with text and inline elements that stand between blocks put into blocks; text has no line."""
    loose = Node("div", line)
    for child in children:
        if isinstance(child, str) or not (child.tag in BLOCKS or _wraps(child)):
            loose.children.append(child)
            continue
        yield from _block(loose)
        yield child
        loose = Node("div", child.line)
    yield from _block(loose)


def _block(loose: Node) -> "Iterator[Node | str]":
    if all(isinstance(child, str) and child.isspace() for child in loose.children):
        yield from loose.children
    else:
        loose.line = next((child.line for child in loose.elements()), loose.line)
        yield loose
