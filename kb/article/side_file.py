"""The side file `slug[@date].checklist.yaml`: what a machine needs beside an article that stays byte for byte."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

How = Literal["same", "reworded", "moved", "merged", "split", "method-changed", "new", "dropped"]
Weight = Literal["wording", "content", "danger"]


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
class SideStep:
    """What is linked to one step."""

    step: int
    starts: str
    id: str
    check: Use | None = None
    action: Use | None = None
    prepares: Use | None = None
    gate: Literal["must-pass", ""] = ""
    irreversible: bool = False
    fresh: timedelta = timedelta(minutes=15)  # a gate's verdict may be this old
    waits: str = ""  # whom the reader waits for; never counted as the reader's own
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
    line: int = 1


@dataclass(frozen=True, slots=True)
class SideFile:
    """A side file that fits its schema."""

    path: str
    procedures: tuple[SideProcedure, ...]
