"""The text of two editions as rows: what both say, what changed word by word, what is gone and what is new.

Each step is a part of its own, beside the steps that it came from, wherever these stood: a step that only moved has no
changed row.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from kb.article.alignment import aligned
from kb.article.edition import Edition
from kb.article.step import Procedure, Step
from kb.article.step_match import StepMatch
from kb.article.text_blocks import Block, Kind, blocks_of
from kb.article.wording import Piece, changed_words

State = Literal["same", "moved", "changed", "removed", "added"]

_SHORT = 20  # characters; shorter paragraphs occur by chance in two places


@dataclass(frozen=True, slots=True)
class Row:
    """One block of text in both editions. `pieces` hold both wordings; `level` is as in Block."""

    kind: Kind
    state: State
    pieces: tuple[Piece, ...]
    level: int = 0

    @property
    def unchanged(self) -> bool:
        return self.state in ("same", "moved")

    @property
    def whole(self) -> bool:
        """Whether the two wordings have no words in common, or there is only one."""
        return all(piece.mark for piece in self.pieces)

    @property
    def text(self) -> str:
        """The newer wording; of what was removed, the older."""
        kept = [piece.text for piece in self.pieces if piece.mark != "removed"]
        return "".join(kept or [piece.text for piece in self.pieces])


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring rows to show together: unchanged ones, one changed, or some removed and what came in their place."""

    unchanged: bool
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of the text between procedures (`match` is None), or those of steps that belong together."""

    rows: tuple[Row, ...]
    match: StepMatch | None = None
    older: tuple[Step, ...] = ()
    newer: tuple[Step, ...] = ()
    heading: str = ""  # of the procedure that the steps belong to

    @property
    def unchanged(self) -> bool:
        """Whether nothing was said in other words, and no step became another."""
        return all(row.unchanged for row in self.rows) and (not self.match or len(self.older) == len(self.newer) == 1)

    @property
    def runs(self) -> tuple[Run, ...]:
        """The rows in runs; among removed and added ones the removed stand first."""
        found: list[Run] = []
        for name, rows in groupby(self.rows, key=_run_key):
            if name == "changed":
                found += [Run(False, (row,)) for row in rows]
            else:
                found.append(Run(name == "unchanged", tuple(sorted(rows, key=lambda row: row.state == "added"))))
        return tuple(found)


def _run_key(row: Row) -> str:
    return "unchanged" if row.unchanged else "changed" if row.state == "changed" else "replaced"


def compared_text(older: Edition, newer: Edition, matches: Sequence[StepMatch]) -> Iterator[Part]:
    """All parts, in the order of the newer edition; what only the older one has stands where it was."""
    places = _Places(older, newer, matches)
    rows: list[Row] = []
    before, after = list(_units(older)), list(_units(newer))
    for row in _settled(before, after, places):
        if isinstance(row, Row):
            rows.append(row)
            continue
        yield from _text_part(rows)
        rows = []
        yield from (_step_part(match, places) for match in places.matches_of(*row))
    yield from _text_part(rows)


Unit = Block | int  # a block of text, or the place of a procedure
Slot = tuple[int | None, int | None]  # places of procedures in the older and the newer edition


class _Places:
    """Where each step is, and which procedures are each other's."""

    def __init__(self, older: Edition, newer: Edition, matches: Sequence[StepMatch]) -> None:
        self.older, self.newer = _steps(older), _steps(newer)
        self._matches = matches
        self._procedures = (older.procedures, newer.procedures)
        self.partner = dict(self._partners())

    def heading(self, slot: int, procedure: int) -> str:
        return self._procedures[slot][procedure].heading

    def heading_of(self, match: StepMatch) -> str:
        """The heading of the procedure that the steps belong to, in its newer words if it has such."""
        if match.newer:
            return self.heading(1, self.newer[match.newer[0]][0])
        place = self.older[match.older[0]][0]
        return self.heading(1, self.partner[place]) if place in self.partner else self.heading(0, place)

    def matches_of(self, older: int | None, newer: int | None) -> Iterator[StepMatch]:
        """The matches to show where these procedures stand."""
        for match in self._matches:
            if match.newer:
                if newer == self.newer[match.newer[0]][0]:
                    yield match
            else:
                place = self.older[match.older[0]][0]
                if newer == self.partner.get(place) if place in self.partner else (newer is None and place == older):
                    yield match

    def _partners(self) -> Iterator[tuple[int, int]]:
        """Older procedures and the newer ones that most of their steps went to; each newer one once."""
        counts: dict[tuple[int, int], int] = {}
        for match in self._matches:
            for name in match.older:
                for new_name in match.newer:
                    pair = (self.older[name][0], self.newer[new_name][0])
                    counts[pair] = counts.get(pair, 0) + 1
        taken: set[int] = set()
        done: set[int] = set()
        for place, new_place in sorted(counts, key=lambda pair: (-counts[pair], pair)):
            if place not in done and new_place not in taken:
                done.add(place)
                taken.add(new_place)
                yield place, new_place


def _steps(edition: Edition) -> Mapping[str, tuple[int, Step]]:
    """Each step by its id, with the place of its procedure."""
    return {step.id: (place, step) for place, one in enumerate(edition.procedures) for step in one.steps}


def _units(edition: Edition) -> Iterator[Unit]:
    place = 0
    for part in edition.blocks:
        if isinstance(part, Procedure):
            yield from blocks_of(part.notes)
            yield place
            place += 1
        else:
            yield from blocks_of(part)


def _settled(before: list[Unit], after: list[Unit], places: _Places) -> Iterator[Row | Slot]:
    """Rows of text, and the places of procedures between them; a paragraph that only moved stands once, unmarked."""
    keys = [_key(unit, 0, places) for unit in before], [_key(unit, 1, places) for unit in after]
    pairs = list(aligned(*keys))
    lone = {
        keys[0][old].key for old, new in pairs if new is None and old is not None and isinstance(before[old], Block)
    }
    new_lone = {
        keys[1][new].key for old, new in pairs if old is None and new is not None and isinstance(after[new], Block)
    }
    moved = {key for key in lone & new_lone if len(key) >= _SHORT}
    for old, new in pairs:
        one = before[old] if old is not None else None
        other = after[new] if new is not None else None
        if isinstance(one, int) or isinstance(other, int):
            yield (one if isinstance(one, int) else None, other if isinstance(other, int) else None)
            continue
        for row in _rows(one, other):
            if row.state == "added" and other and other.key in moved:
                yield replace(row, state="moved", pieces=(Piece(other.text),))
            elif row.state != "removed" or not one or one.key not in moved:
                yield row


def _key(unit: Unit, slot: int, places: _Places) -> Block:
    """What is compared to find partners: procedures that are each other's are equal, and so are their headings."""
    if isinstance(unit, int):
        partner = places.partner.get(unit) if slot == 0 else unit
        return Block("code", f"\0{unit} is gone" if partner is None else f"\0{partner}")
    if slot == 0 and unit.kind == "heading":
        for place, partner in places.partner.items():
            if places.heading(0, place) == unit.text:
                return replace(unit, text=places.heading(1, partner) or unit.text)
    return unit


def _rows(one: Block | None, other: Block | None) -> Iterator[Row]:
    """The row of a block and its partner, two rows if they share no words; one of them may be missing."""
    row = _changed_row(one, other) if one and other else None
    if row and (row.kind == "heading" or not row.whole):
        yield row
        return
    if one:
        yield Row(one.kind, "removed", (Piece(one.text, "removed"),), one.level)
    if other:
        yield Row(other.kind, "added", (Piece(other.text, "added"),), other.level)


def _changed_row(one: Block, other: Block) -> Row:
    pieces = changed_words(one.text, other.text)
    state: State = "changed" if any(piece.mark for piece in pieces) else "same"
    return Row(other.kind, state, pieces, other.level)


def _text_part(rows: Iterable[Row]) -> Iterator[Part]:
    if rows := tuple(rows):
        yield Part(rows)


def _step_part(match: StepMatch, places: _Places) -> Part:
    older = tuple(places.older[name][1] for name in match.older)
    newer = tuple(places.newer[name][1] for name in match.newer)
    return Part(tuple(_step_rows(older, newer)), match, older, newer, places.heading_of(match))


def _step_rows(older: Sequence[Step], newer: Sequence[Step]) -> Iterator[Row]:
    before = [block for step in older for block in _step_blocks(step)]
    after = [block for step in newer for block in _step_blocks(step)]
    if len(older) == len(newer) == 1 and before and after:
        yield _changed_row(before.pop(0), after.pop(0))
    for old, new in aligned(before, after):
        yield from _rows(before[old] if old is not None else None, after[new] if new is not None else None)


def _step_blocks(step: Step) -> Iterator[Block]:
    """The opening, then what is below it."""
    opening = blocks_of(step.html)
    yield from (Block("step", block.text, step.number) if block.kind == "text" else block for block in opening)
    yield from blocks_of(step.body)
