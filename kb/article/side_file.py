"""The side file `slug[@date].checklist.yaml`: what a machine needs beside an article that stays byte for byte."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from typing import Any, Literal

How = Literal["same", "reworded", "moved", "merged", "split", "method-changed", "new", "dropped"]
Weight = Literal["wording", "content", "danger"]
Gate = Literal["must-pass", "should-pass", ""]
Order = Literal["fixed", "free", ""]


@dataclass(frozen=True, slots=True)
class Use:
    """A check, action, preparation or answer by its name in the account package, with its parameters."""

    name: str
    params: Mapping[str, Any] = field(default_factory=dict)
    line: int = field(default=1, compare=False)  # in the side file, for problems; no part of what it means


@dataclass(frozen=True, slots=True)
class Prerequisite:
    """What must hold before the irreversible step; found by a check."""

    id: str
    check: Use
    label: str


@dataclass(frozen=True, slots=True)
class StopQuestion:
    """Asked before the first step; "yes" ends the self-service path with `stop`."""

    id: str
    ask: str
    stop: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """The words of the two choices by which a reader goes on past a step that was not checked; "" for plain words."""

    done: str = ""
    left: str = ""


@dataclass(frozen=True, slots=True)
class SideStep:
    """What is linked to one step."""

    step: int
    starts: str
    id: str
    check: Use | None = None
    action: Use | None = None
    prepares: Use | None = None
    gate: Gate = ""
    irreversible: bool = False
    fresh: timedelta = timedelta(minutes=15)  # a gate's verdict may be this old
    waits: str = ""  # whom the reader waits for; never counted as the reader's own
    order: Order = ""  # fixed: all earlier steps come first; "": as the procedure says
    after: tuple[str, ...] = ()  # ids of earlier steps that come first
    told: Told = Told()
    line: int = 1


@dataclass(frozen=True, slots=True)
class Afterwards:
    """An answer shown when the reader's own steps are done."""

    id: str
    shows: Use


@dataclass(frozen=True, slots=True)
class Finished:
    """The last words of a run."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class StepChange:
    """How one step of this edition came from the steps of the edition before, or where an old one went."""

    how: How
    was: tuple[str, ...] = ()
    now: str = ""  # heading of the section that took a dropped step's place


@dataclass(frozen=True, slots=True)
class Changes:
    """What this edition changed against the one before (`since`)."""

    since: date
    weight: Weight
    steps: Mapping[str, StepChange]  # by step id of this edition
    gone: Mapping[str, StepChange] = field(default_factory=dict)  # by step id of the edition before
    summary: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SideProcedure:
    """The part of a side file that belongs to one procedure."""

    heading: str
    steps: tuple[SideStep, ...]
    prerequisites: tuple[Prerequisite, ...] = ()
    questions: tuple[StopQuestion, ...] = ()
    afterwards: tuple[Afterwards, ...] = ()
    finished: Finished | None = None
    changes: Changes | None = None
    order: Order = "free"
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # language -> text here -> text there
    line: int = 1

    def spoken(self, language: str) -> "SideProcedure":
        """The same with its texts in this language, as far as they are translated."""
        known = self.translations.get(language, {})
        said = partial(_said, known)
        return replace(
            self,
            steps=tuple(
                replace(step, waits=said(step.waits), told=Told(said(step.told.done), said(step.told.left)))
                for step in self.steps
            ),
            prerequisites=tuple(replace(one, label=said(one.label)) for one in self.prerequisites),
            questions=tuple(
                replace(one, ask=said(one.ask), stop=said(one.stop), hint=said(one.hint)) for one in self.questions
            ),
            finished=Finished(said(self.finished.title), said(self.finished.text)) if self.finished else None,
            changes=replace(self.changes, summary=tuple(map(said, self.changes.summary))) if self.changes else None,
        )


def _said(known: Mapping[str, str], text: str) -> str:
    return known.get(" ".join(text.split()), text)


@dataclass(frozen=True, slots=True)
class SideFile:
    """A side file that fits its schema."""

    path: str
    procedures: tuple[SideProcedure, ...]
