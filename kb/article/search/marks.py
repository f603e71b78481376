"""Text with the words that were looked for marked, and the part of a long text that shows most of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kb.article.search.words import WORD, folded

REGION = 480  # characters from the first marked word on in which a snippet is looked for
LENGTH = 180  # characters of a snippet
BEFORE = 40  # of them before the first marked word, at most
MORE = "…"

Sought = Mapping[str, int]  # a word of the library -> which word of the question it answers


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text, marked or not."""

    text: str
    marked: bool = False


Marked = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class _Match:
    start: int
    end: int
    number: int  # of the word of the question


def marked(text: str, sought: Sought) -> Marked:
    """The whole text in pieces."""
    return _pieces(text, _matches(folded(text), sought))


def snippet(text: str, sought: Sought) -> Marked:
    """About two lines of the text, where it has most of the words; its beginning if it has none."""
    known = folded(text)
    first = min((at for word in sought if (at := known.find(word)) >= 0), default=0)
    region = max(0, known.rfind(" ", 0, max(first - BEFORE, 0)) + 1)
    text, known = text[region : region + REGION], known[region : region + REGION]
    matches = _matches(known, sought)
    start, end = _window(text, matches)
    shown = [_Match(one.start - start, one.end - start, one.number) for one in matches if start <= one.start < end]
    before = (Piece(f"{MORE} "),) if region + start else ()
    after = (Piece(f" {MORE}"),) if end < len(text) or len(text) == REGION else ()
    return (*before, *_pieces(text[start:end], [one for one in shown if one.end <= end - start]), *after)


def _matches(known: str, sought: Sought) -> list[_Match]:
    return [_Match(*word.span(), sought[word.group()]) for word in WORD.finditer(known) if word.group() in sought]


def _window(text: str, matches: Sequence[_Match]) -> tuple[int, int]:
    """Start and end, at word boundaries, of the part that answers most of the question."""
    if len(text) <= LENGTH:
        return 0, len(text)
    room = LENGTH - BEFORE

    def worth(first: int) -> int:
        until = matches[first].start + room
        return len({match.number for match in matches[first:] if match.end <= until})

    best = matches[max(range(len(matches)), key=worth)].start if matches else 0
    start = text.rfind(" ", 0, best - BEFORE) + 1 if best > BEFORE else 0
    end = start + LENGTH
    if end >= len(text):
        return start, len(text)
    return start, max(text.rfind(" ", best, end), best + 1)


def _pieces(text: str, matches: Sequence[_Match]) -> Marked:
    pieces: list[Piece] = []
    at = 0
    for match in matches:
        if match.start > at:
            pieces.append(Piece(text[at : match.start]))
        pieces.append(Piece(text[match.start : match.end], marked=True))
        at = match.end
    if at < len(text):
        pieces.append(Piece(text[at:]))
    return tuple(pieces)
