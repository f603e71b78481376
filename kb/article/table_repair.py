"""Repair of tables whose rows do not all have as many cells as the row of hyphens says: no text may vanish."""

import re

from kb.article.lines import Line, outside_fences

_HYPHENS = re.compile(r" {0,3}\|?[ \t]*:?-[-:| \t]*$")
_HYPHEN_CELL = re.compile(r":?-+:?")
_CELL_BORDER = re.compile(r"(?<!\\)\|")


def has_table(text: str) -> bool:
    """Whether there may be a table."""
    return "|" in text and "-" in text


def even_tables(lines: list[Line]) -> list[Line]:
    """These lines with every table's first two rows as wide as its widest row."""
    out = list(lines)
    outside: list[bool] | None = None
    place = 1
    while place < len(lines):
        text = lines[place].text
        if "-" in text and "|" in text and "|" in lines[place - 1].text and _HYPHENS.match(text):
            outside = outside or outside_fences(lines)
            if outside[place]:
                place = _even(out, place)
        place += 1
    return out


def _even(lines: list[Line], place: int) -> int:
    """Widen the head and the hyphens of the table whose hyphens stand here; answers the line behind its last row."""
    head, hyphens = cells(lines[place - 1].text), cells(lines[place].text)
    width, end = len(head), place + 1
    while end < len(lines) and "|" in lines[end].text:
        width = max(width, len(_filled(cells(lines[end].text))))
        end += 1
    even = width == len(head) == len(hyphens) and all(_HYPHEN_CELL.fullmatch(cell) for cell in hyphens)
    if not even:
        lines[place - 1] = _row(lines[place - 1], head + [""] * (width - len(head)))
        lines[place] = _row(lines[place], [_alignment(cell) for cell in (hyphens + ["-"] * width)[:width]])
    return end


def cells(text: str) -> list[str]:
    """The cells of a row, without the borders at its ends."""
    parts = [part.strip() for part in _CELL_BORDER.split(text.strip())]
    if parts and not parts[0]:
        parts = parts[1:]
    return parts[:-1] if parts and not parts[-1] else parts


def _filled(row: list[str]) -> list[str]:
    while row and not row[-1]:
        row = row[:-1]
    return row


def _row(line: Line, row: list[str]) -> Line:
    indent = line.text[: len(line.text) - len(line.text.lstrip(" "))]
    return Line(f"{indent}| {' | '.join(row)} |", line.number)


def _alignment(cell: str) -> str:
    left, right = cell.startswith(":"), len(cell) > 1 and cell.endswith(":")
    return f"{':' if left else ''}---{':' if right else ''}"
