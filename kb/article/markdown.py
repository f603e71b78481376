"""Markdown text to tokens. Addresses stay as the author wrote them; `links` resolves and judges them later."""

from dataclasses import dataclass
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from kb.article.destination import HELPERS
from kb.article.quick_parser import quicken
from kb.article.repairs import repair
from kb.article.span_repairs import escape, tighten_strong

_DEEPEST = 60  # levels of lists and quotes; what is deeper is left out, as in every Markdown program


@dataclass(frozen=True, slots=True)
class Definition:
    """A link definition: its label as markdown-it compares labels, and its line in the body, from 0."""

    label: str
    line: int
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Parsed:
    """Tokens of a body, and in the environment what it defined, as markdown-it keeps it."""

    tokens: list[Token]
    environment: dict[str, Any]
    numbers: list[int] | None  # the author's line of each parsed line, from 0; None: the same
    repairs: bool

    def line(self, parsed_line: int) -> int:
        """The author's line of this line of the parsed text, both from 0."""
        numbers = self.numbers
        return parsed_line if numbers is None else numbers[min(parsed_line, len(numbers) - 1)]

    def definitions(self) -> list[Definition]:
        """Link definitions in the order of the text, those that repeat a label included."""
        defined: dict[str, Any] = self.environment.get("references", {})
        repeated: list[dict[str, Any]] = self.environment.get("duplicate_refs", [])
        kept = [Definition(label, self.line(one["map"][0])) for label, one in defined.items()]
        extra = [Definition(one["label"], self.line(one["map"][0]), repeated=True) for one in repeated]
        return sorted(kept + extra, key=lambda definition: definition.line)

    def inside_html(self, text: str) -> list[Token]:
        """Inline tokens of Markdown that stands in a raw HTML block of this body."""
        tokens = parser(repairs=self.repairs).parseInline(text, self.environment)
        return tokens[0].children or [] if tokens else []


def parse(body: str, *, repairs: bool) -> Parsed:
    """Tokens of this body. With `repairs` old habits are mended first; without it is plain CommonMark with tables."""
    environment: dict[str, Any] = {}
    text, numbers = repair(body) if repairs else (body, None)
    markdown = parser(repairs=repairs)
    tokens = markdown.parse(text, environment)
    if repairs:
        tighten_strong(markdown, tokens, environment)
    return Parsed(tokens, environment, numbers, repairs)


def inline_tokens(text: str) -> list[Token]:
    """Tokens of a text without blocks, such as one that stands in HTML."""
    return parser(repairs=True).inline.parse(text, parser(repairs=True), {}, [])


@cache
def parser(*, repairs: bool) -> MarkdownIt:
    """The one configured parser of each kind."""
    markdown = MarkdownIt("commonmark", {"store_labels": True, "maxNesting": _DEEPEST})
    markdown.enable("table")
    if repairs:
        markdown.enable("strikethrough")
        markdown.inline.ruler.at("escape", escape)
        markdown.helpers = HELPERS  # type: ignore[assignment]
    markdown.normalizeLink = _as_written  # type: ignore[method-assign]
    markdown.normalizeLinkText = _as_written  # type: ignore[method-assign, assignment]
    markdown.validateLink = _any_link  # type: ignore[method-assign, assignment]
    return quicken(markdown)


def _as_written(url: str) -> str:
    return url


def _any_link(_url: str) -> bool:
    return True
