"""What a move to another edition leaves of what was said before: the marks, under the ids of the new steps.

The move's event says which; so what a run shows never changes when an author later says something else.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from kb.article.side_file import How
from kb.checklist.event import Event
from kb.checklist.marks import Marks
from kb.words import words

Keep = Literal[
    "all",  # the step is the same one
    "receipt",  # it was done, in a way that is not used any more
    "again",  # all its parts were done: the tick stays, and the step is to be checked again
    "note",  # it is open; only what the reader wrote down stays
    "nothing",
]
OTHER_CHECK = words("it is looked up in another way now")


@dataclass(frozen=True, slots=True)
class Part:
    """Steps that belong together, by their ids, and what the move keeps of what was said of the older ones."""

    how: How
    older: tuple[str, ...]
    newer: tuple[str, ...]
    keep: Keep
    proof: bool = False  # the check is the same one, so its verdicts and answers stay
    word: bool = False  # nothing that it answered has changed, so the reader's word to go on stays
    actor: str = ""  # the new step whose action goes on with what was confirmed
    proposed: bool = False  # rests on the likeness of the words, not on the author's own word
    now: str = ""  # heading of the section that took a dropped step's place

    def as_json(self) -> dict[str, Any]:
        """Plain JSON data; `part_from` reads it back."""
        fields = ("how", "older", "newer", "keep", "proof", "word", "actor", "proposed", "now")
        said = {name: getattr(self, name) for name in fields}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in said.items() if value}


def part_from(data: Mapping[str, Any]) -> Part:
    """Read what `Part.as_json` wrote."""
    both = {name: tuple(data.get(name, ())) for name in ("older", "newer")}
    return Part(**{**data, **both})


def parts_of(moved: Event) -> tuple[Part, ...]:
    """What became of each step by this move; none if it was erased."""
    return tuple(part_from(item) for item in moved.body.get("steps", ()))


def carried(marks: Mapping[str, Marks], moved: Event) -> dict[str, Marks]:
    """The marks after the move. What is not kept stays in the record, that is in the events, only."""
    asked = marks.get("", Marks())
    known = set(moved.body.get("questions", ()))
    kept = {"": replace(asked, answers={name: said for name, said in asked.answers.items() if name in known})}
    kept |= {name: marks[name] for name in moved.body.get("prerequisites", ()) if name in marks}
    for part in parts_of(moved):
        kept |= dict(_carried(part, [marks.get(name, Marks()) for name in part.older]))
    return kept


def _carried(part: Part, before: Sequence[Marks]) -> Iterator[tuple[str, Marks]]:
    for place, name in enumerate(part.newer):
        fresh = Marks(note=_notes(before)) if place == 0 else Marks()
        if place == 0 and part.keep in ("all", "receipt", "again"):
            fresh = _together(before) if part.keep == "again" else _alone(part, before[0])
        if name == part.actor:
            fresh.targets = {key: item for marks in before for key, item in marks.targets.items()}
            fresh.changed = max((marks.changed for marks in before), default=0)
        yield name, fresh


def _alone(part: Part, before: Marks) -> Marks:
    """One step that became one step."""
    kept = replace(before, targets={}, changed=0, word=before.word if part.word or before.requested else None)
    if part.keep == "receipt":
        kept.revealed = False  # what is prepared now is another thing
    if part.proof:
        return kept
    known = before.checked is not None and not (before.ticked or before.requested or before.not_needed)
    kept.checked = kept.tried = None
    kept.answers, kept.answered = {}, 0
    kept.again = OTHER_CHECK if known else before.again
    return kept


def _together(before: Sequence[Marks]) -> Marks:
    """Several steps, all of them done, that became one."""
    requested = [marks.requested for marks in before]
    needless = [marks.not_needed for marks in before]
    if all(needless):
        return Marks(not_needed=_last(needless), note=_notes(before))
    return Marks(
        ticked=_last([marks.ticked or marks.requested for marks in before]),
        requested=_last(requested) if all(requested) else None,
        note=_notes(before),
        again=words("it is made of {number} steps that were done", number=len(before)),
    )


def _notes(before: Sequence[Marks]) -> Event | None:
    """All that the reader wrote down, in one."""
    notes = [marks.note for marks in before if marks.note]
    if len(notes) < 2:
        return notes[0] if notes else None
    return replace(max(notes, key=_age), body={"text": "\n\n".join(note.body["text"] for note in notes)})


def _last(events: Sequence[Event | None]) -> Event | None:
    return max((event for event in events if event), key=_age, default=None)


def _age(event: Event) -> int:
    return event.version
