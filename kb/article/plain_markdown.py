"""Writes what a page shows as plain Markdown: for programs, which get the same text with every link resolved."""

import re
from collections.abc import Callable, Iterable, Sequence

from kb.article.html_tree import parse_clean
from kb.article.node import BLOCKS, HEADINGS, Node, inline_text

Absolute = Callable[[str], str]  # an address as on the page -> one that works anywhere

_SPECIAL = re.compile(r"([\\*_\[\]<`])")
_OPENING = re.compile(r"^(?:(\d+)([.)])|([#+>~=-]))")
_FENCE = re.compile(r"`{3,}")
_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*"}


def markdown_of(html: str, absolute: Absolute) -> str:
    """The HTML of an edition as Markdown, blocks parted by empty lines."""
    writer = _Writer(absolute)
    return "\n\n".join(writer.blocks(parse_clean(html, 1))) + "\n"


class _Writer:
    def __init__(self, absolute: Absolute) -> None:
        self._absolute = absolute

    def blocks(self, nodes: Iterable[Node | str]) -> list[str]:
        found: list[str] = []
        run: list[Node | str] = []
        for node in nodes:
            if isinstance(node, str) or node.tag not in BLOCKS:
                run.append(node)
                continue
            found += self._paragraph(run)
            run = []
            found += self._block(node)
        return found + self._paragraph(run)

    def _block(self, node: Node) -> list[str]:
        if node.tag in HEADINGS:
            text = self._inline(node.children)
            return [f"{'#' * HEADINGS[node.tag]} {text}"] if text else []
        if node.tag in ("ul", "ol"):
            return [self._list(node)]
        if node.tag == "pre":
            return [_code(node)]
        if node.tag == "blockquote":
            quoted = "\n\n".join(self.blocks(node.children))
            return [_indented(quoted, "> ", "> ")] if quoted else []
        if node.tag == "table":
            return self._table(node)
        if node.tag == "hr":
            return ["* * *"]
        if node.tag == "p":
            return self._paragraph(node.children)
        return self.blocks(node.children)

    def _paragraph(self, nodes: Sequence[Node | str]) -> list[str]:
        text = self._inline(nodes)
        if not text:
            return []
        return [_OPENING.sub(lambda found: f"{found[1] or ''}\\{found[2] or found[3]}", text)]

    def _list(self, node: Node) -> str:
        ordered = node.tag == "ol"
        start = node.attrs.get("start", "")
        number = int(start) if start.isdecimal() and len(start) < 10 else 1
        items = []
        for item in node.elements():
            mark = f"{number}. " if ordered else "- "
            text = "\n\n".join(self.blocks(item.children if item.tag == "li" else [item]))
            items.append(_indented(text, mark, " " * len(mark)))
            number += 1
        return "\n".join(items)

    def _table(self, node: Node) -> list[str]:
        rows = [
            [self._inline(cell.children).replace("|", "\\|").replace("  \n", " ") for cell in row.elements()]
            for row in node.walk()
            if row.tag == "tr"
        ]
        width = max((len(row) for row in rows), default=0)
        if not width:
            return []
        full = [row + [""] * (width - len(row)) for row in rows]
        lines = [full[0], ["---"] * width, *full[1:]]
        return ["\n".join(f"| {' | '.join(line)} |" for line in lines)]

    def _inline(self, nodes: Iterable[Node | str]) -> str:
        written = "".join(self._piece(node) for node in nodes)
        lines = (" ".join(line.split()) for line in written.split("\0"))
        return "  \n".join(line for line in lines if line)

    def _piece(self, node: Node | str) -> str:
        """One piece of a line; a forced break is a NUL until the line is put together."""
        if isinstance(node, str):
            return _SPECIAL.sub(r"\\\1", node.replace("\0", ""))
        if node.tag == "br":
            return "\0"
        if node.tag == "img":
            alt = _SPECIAL.sub(r"\\\1", node.attrs.get("alt", ""))
            return f"![{alt}]({self._target(node.attrs.get('src', ''))})"
        if node.tag in ("code", "kbd", "samp"):
            return _code_span(inline_text(node.children))
        inner = "".join(self._piece(child) for child in node.children)
        if node.tag == "a" and node.attrs.get("href") and inner.strip():
            return f"[{inner.replace(chr(0), ' ')}]({self._target(node.attrs['href'])})"
        mark = _MARKS.get(node.tag)
        if not mark or not inner.strip() or "\0" in inner:
            return inner
        before, after = inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :]
        return f"{before}{mark}{inner.strip()}{mark}{after}"

    def _target(self, address: str) -> str:
        absolute = self._absolute(address)
        return f"<{absolute}>" if re.search(r"[\s()]", absolute) else absolute


def _code(node: Node) -> str:
    parts = [child if isinstance(child, str) else "".join(_strings(child)) for child in node.children]
    text = "".join(parts).strip("\n")
    longest = max((len(run) for run in _FENCE.findall(text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}\n{text}\n{fence}"


def _strings(node: Node) -> Iterable[str]:
    for child in node.children:
        if isinstance(child, str):
            yield child
        elif child.tag == "br":
            yield "\n"
        else:
            yield from _strings(child)


def _code_span(text: str) -> str:
    if not text:
        return ""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    tick = "`" * (longest + 1)
    room = " " if "`" in text else ""
    return f"{tick}{room}{text}{room}{tick}"


def _indented(text: str, first: str, others: str) -> str:
    lines = text.split("\n")
    return "\n".join([f"{first}{lines[0]}".rstrip(), *(f"{others}{line}".rstrip() for line in lines[1:])])
