"""The blocks of a rendered text: what stands on its own line when two editions are compared."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Literal
from urllib.parse import unquote, urlsplit

from kb.article.node import BLOCKS, HEADINGS

Kind = Literal["heading", "step", "text", "item", "code", "row", "image"]

_BLANKS = re.compile(r"[ \t\r\f\v\n]+")
_SIGNS = re.compile(r"[\W_]+")
_CELLS = ("td", "th")


@dataclass(frozen=True, slots=True)
class Block:
    """One line of text; a "step" is the opening of one.

    `level` is a heading's level, how deep an item lies (from 1), or a step's number; else 0.
    """

    kind: Kind
    text: str
    level: int = 0

    @property
    def key(self) -> str:
        """What makes two blocks the same: their letters and digits, or their signs where there are no letters."""
        return self.text if self.kind == "code" else plain_words(self.text) or self.text


def plain_words(text: str) -> str:
    """Letters and digits in small letters, words apart by one blank."""
    return _SIGNS.sub(" ", text.casefold()).strip()


def blocks_of(html: str) -> tuple[Block, ...]:
    """The blocks of sanitised HTML, in order. Each line of code, row of a table and image is a block."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.flush()
    return tuple(reader.blocks)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self._open: list[str] = []
        self._parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._parts.append("\n" if "pre" in self._open else " ")
        elif tag == "img":
            self._add_image(dict(attrs))
        elif tag in BLOCKS:
            if tag not in _CELLS:
                self.flush()
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in BLOCKS:
            return
        if tag in _CELLS:
            self._parts.append(" | ")
        else:
            self.flush()
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._parts.append(data)

    def flush(self) -> None:
        """End the block that is being read."""
        text = "".join(self._parts)
        self._parts.clear()
        self.blocks.extend(self._blocks(text))

    def _blocks(self, text: str) -> Iterator[Block]:
        if "pre" in self._open:
            yield from (Block("code", line.rstrip()) for line in text.split("\n") if line.strip())
            return
        text = _BLANKS.sub(" ", text).strip(" ")
        heading = next((tag for tag in self._open if tag in HEADINGS), None)
        if not text.strip(" |"):
            return
        if heading:
            yield Block("heading", text, HEADINGS[heading])
        elif "tr" in self._open:
            yield Block("row", text.removesuffix(" |"))
        elif "li" in self._open:
            yield Block("item", text, self._open.count("li"))
        else:
            yield Block("text", text)

    def _add_image(self, attrs: dict[str, str | None]) -> None:
        name = unquote(urlsplit(attrs.get("src") or "").path).rpartition("/")[2]
        words = _BLANKS.sub(" ", attrs.get("alt") or "").strip()
        self.flush()
        self.blocks.append(Block("image", f"{words} ({name})" if words and words != name else name or words))
