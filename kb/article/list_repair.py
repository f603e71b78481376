"""Repair of lists: text that belongs to an item but is indented less than CommonMark wants is moved under it.

The old preview took every line for the item's until a blank line was followed by text at the margin, so authors
indented as they liked. The same reading is done here line by line; only indentation and bullets change.
"""

import re
from dataclasses import dataclass

from kb.article.lines import Line, fences_of

_ITEM = re.compile(r"( *)([*+-]|\d{1,9}\.)( +)(?=\S)")
_BULLETS = frozenset("*+-0123456789")
_BULLET = r"(?:[*+-]|\d{1,9}\.)[ \t]"
_ANY_ITEM = re.compile(rf"^[ \t]*{_BULLET}", re.MULTILINE)
_NOT_FLAT = re.compile(rf"^[ \t]+\S|^{_BULLET}.*\n(?!{_BULLET}|\s*\n|\s*\Z)", re.MULTILINE)
_KINDS = (re.compile(r"^\*[ \t]", re.MULTILINE), re.compile(r"^\+[ \t]", re.MULTILINE),
          re.compile(r"^-[ \t]", re.MULTILINE), re.compile(r"^\d{1,9}\.[ \t]", re.MULTILINE))  # fmt: skip
_RULE = re.compile(r" {0,3}(?:(?:- *){3,}|(?:_ *){3,}|(?:\* *){3,})$")
_DEFINITION = re.compile(r" {0,3}\[[^\[\]]+\]: *\S")
_DEEPEST = 20  # lists in lists; deeper ones stay as they are


@dataclass(slots=True)
class _Item:
    bullet: str
    gap: int
    lines: list[Line]


def has_list(text: str) -> bool:
    """Whether there is anything to look at: flat lists of one kind, with nothing below their items, are fine."""
    if _ANY_ITEM.search(text) is None:
        return False
    return _NOT_FLAT.search(text) is not None or sum(kind.search(text) is not None for kind in _KINDS) > 1


def indent_lists(lines: list[Line]) -> list[Line]:
    """These lines with everything that belongs to a list item indented under it."""
    return _indented(lines, 0, any("```" in line.text or "~~~" in line.text for line in lines))


def _indented(lines: list[Line], depth: int, fenced: bool) -> list[Line]:
    out: list[Line] = []
    fences = fences_of(lines) if fenced else {}
    place, end = 0, len(lines)
    fresh = True  # a new block may begin here: only then is indented text code
    while place < end:
        line = lines[place]
        text = line.text
        if not text:
            out.append(line)
            fresh = True
            place += 1
            continue
        first = text[0]
        code = first == " " and text.startswith("    ") and (fresh or depth > 0)
        item = None if code or depth >= _DEEPEST else _ITEM.match(text)
        if item is not None and not _RULE.match(text):
            stop = _list_end(lines, fences, place, len(item[1]))
            if not fresh and item[2][0].isdigit() and item[2] != "1.":  # no list to CommonMark without a blank line
                out.append(Line("", line.number))
            out += _list(lines[place:stop], item[1], depth, fenced)
            place, fresh = stop, True
            continue
        closing = fences.get(place, place)
        out += lines[place : closing + 1]
        fresh = closing > place or (fresh and code)
        place = closing + 1
    return out


def _list_end(lines: list[Line], fences: dict[int, int], place: int, indent: int) -> int:
    """A list ends where a blank line is followed by text at the margin that is no item of it, or at a rule."""
    at, end = place, len(lines)
    while True:
        at = fences.get(at, at) + 1
        if at >= end:
            return end
        text = lines[at].text
        if not text:
            continue
        if text[0] != " " and not lines[at - 1].text and not _is_item(text, indent):
            return at
        if text.lstrip(" ")[:1] in "-_*[" and (_RULE.match(text[indent:]) or _DEFINITION.match(text)):
            return at


def _is_item(text: str, indent: int) -> bool:
    match = _ITEM.match(text)
    return match is not None and len(match[1]) == indent


def _list(lines: list[Line], indent: str, depth: int, fenced: bool) -> list[Line]:
    items = _items(lines, len(indent), fenced)
    first = items[0].bullet
    ordered = first[0].isdigit()
    out: list[Line] = []
    for item in items:
        if item.bullet[0].isdigit() != ordered:  # numbers after bullets are steps: a list of its own
            first, ordered = item.bullet, not ordered
            if out[-1].text:
                out.append(Line("", item.lines[0].number))
        bullet = item.bullet if ordered else first
        holds_blocks = any(line.text for line in item.lines[1:])
        head, *rest = _indented(item.lines, depth + 1, fenced) if holds_blocks else item.lines
        lead = f"{indent}{bullet}{' ' * (item.gap if item.gap <= 4 else 1)}"
        pad = " " * len(lead)
        out.append(Line(lead + head.text, head.number))
        out += [Line(pad + text, number_) if text else Line(text, number_) for text, number_ in rest]
    return out


def _items(lines: list[Line], indent: int, fenced: bool) -> list[_Item]:
    """Cut a list into its items, whose lines lose as much indentation as the bullet is wide."""
    items: list[_Item] = []
    fences = fences_of(lines) if fenced else {}
    width, closing = 0, -1
    for place, line in enumerate(lines):
        text = line.text
        bare = text.lstrip(" ")
        match = _ITEM.match(text) if bare[:1] in _BULLETS and place > closing else None
        if fences:
            closing = max(closing, fences.get(place, -1))
        if match and (not items or len(match[1]) == indent):
            width = match.end()
            items.append(_Item(match[2], len(match[3]), [Line(text[width:], line.number)]))
        else:
            items[-1].lines.append(Line(text[min(len(text) - len(bare), width) :], line.number) if text else line)
    return items
