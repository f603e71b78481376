"""Repairs inside a paragraph: emphasis with blanks at its inner edges, and backslashes that were shown as they are."""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline import escape as commonmark_escape
from markdown_it.token import Token
from markdown_it.utils import EnvType

_ESCAPED = frozenset("\\`*{}[]()#+-.!_>~|\n")  # what the old preview took a backslash away from
_CODE_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
_STRONG = re.compile(r"(?<![*\\])\*\*(?!\*)")
_EDGE = re.compile(r"(?P<before>\s*)(?P<inner>.*?)(?P<after>\s*)", re.DOTALL)


def escape(state: StateInline, silent: bool) -> bool:
    """A backslash before a sign that needs none, such as a dollar, stays visible."""
    following = state.src[state.pos + 1 : state.pos + 2]
    return following in _ESCAPED and commonmark_escape(state, silent)


def tighten_strong(markdown: MarkdownIt, tokens: list[Token], environment: EnvType) -> None:
    """Read those paragraphs anew in which `**` was left over as text."""
    for token in tokens:
        if "**" not in token.content or not token.children:
            continue
        left_over = any("**" in child.content for child in token.children if child.type == "text")
        if left_over and (tight := tight_strong(token.content)) != token.content:
            token.children = markdown.inline.parse(tight, markdown, environment, [])


def tight_strong(text: str) -> str:
    """`**Role **to` and `** Role**`: blanks go outside; `**Done.**Next`: the full stop goes outside."""
    masked = _CODE_SPAN.sub(lambda match: "\0" * len(match[0]), text)
    places = [match.start() for match in _STRONG.finditer(masked)]
    if len(places) % 2 or "***" in masked:
        return text
    starts, ends = [0, *(place + 2 for place in places)], [*places, len(text)]
    parts = [text[start:end] for start, end in zip(starts, ends, strict=True)]
    for at in range(1, len(parts), 2):
        edge = _EDGE.fullmatch(parts[at])
        if edge is None or not edge["inner"]:
            return text
        inner, after = edge["inner"], edge["after"]
        if not after and parts[at + 1][:1].isalnum() and not inner[-1].isalnum():
            inner, after = inner[:-1], inner[-1]
        parts[at - 1] += edge["before"]
        parts[at], parts[at + 1] = inner, after + parts[at + 1]
    return "**".join(parts)
