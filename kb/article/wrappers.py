"""Elements that only wrap a part of the body are taken away, so that headings, lists and steps stand at the top."""

from collections.abc import Iterator

from kb.article.node import BLOCKS, HEADINGS, Node

_BOXES = frozenset(["div", "section", "article", "main", "center"])
_WRAPPERS = _BOXES | {"span", "font"}
_WRAPPED = frozenset(["ol", "ul", "p", "pre", "table", *_BOXES, *HEADINGS])


def unwrap(root: Node, *, loose_text: bool) -> None:
    """Unwrap the body in place. With `loose_text` what stands there without a paragraph gets a block of its own."""
    children = list(_unwrapped(root.children))
    root.children = list(_blocked(children)) if loose_text else children


def _unwrapped(children: "list[Node | str]") -> "Iterator[Node | str]":
    for child in children:
        if isinstance(child, str) or not _wraps(child):
            yield child
        else:
            yield "\n"
            yield from _unwrapped(list(_blocked(child.children)))
            yield "\n"


def _wraps(node: Node) -> bool:
    return node.tag in _WRAPPERS and not node.attrs and any(child.tag in _WRAPPED for child in node.elements())


def _blocked(children: "list[Node | str]") -> "Iterator[Node | str]":
    """These children, with text and inline elements that stand between blocks put into blocks."""
    loose: list[Node | str] = []
    for child in [*children, None]:
        if child is not None and (isinstance(child, str) or not (child.tag in BLOCKS or _wraps(child))):
            loose.append(child)
            continue
        if any(not isinstance(one, str) or not one.isspace() for one in loose):
            yield Node("div", next((one.line for one in loose if not isinstance(one, str)), 1), {}, loose)
        else:
            yield from loose
        loose = []
        if child is not None:
            yield child
