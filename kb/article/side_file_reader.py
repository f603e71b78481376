"""Reads a side file: bytes → placed YAML → JSON Schema and rules → `SideFile`, or the problems that are in the way."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

from jsonschema import Draft202012Validator, ValidationError

from kb.article.problem import Problem
from kb.article.side_file import (
    Afterwards,
    Changes,
    Finished,
    Prerequisite,
    SideFile,
    SideProcedure,
    SideStep,
    StepChange,
    StopQuestion,
    Told,
    Use,
)
from kb.article.side_file_rules import broken_rules, did_you_mean
from kb.article.side_file_yaml import Place, PlacedData, Trail, read_placed

SCHEMA_FILE = Path(__file__).parent / "schemas" / "checklist.schema.json"
LARGEST = 100_000  # bytes; a step needs about 200

UseKind = Literal["check", "action", "prepares", "shows"]

_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_TYPES = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "object": "a mapping (key: value)",
    "string": "text",
}


def read_side_file(file: Path, path: str) -> tuple[SideFile | None, list[Problem]]:
    """Read the side file `file`, which problems call `path` (in the library, posix).

    Gives (side file, []) if all is well, (None, problems) if not, (None, []) if there is no such file. Never raises.
    """
    try:
        text = _text_of(file)
    except FileNotFoundError:
        return None, []
    except (OSError, ValueError) as error:
        mend = "Make it a readable text file in UTF-8, or remove it."
        return None, [Problem(path, 1, 1, "side-file-unreadable", "error", f"it cannot be read: {error}.", mend)]
    return _understood(read_placed(text, path), path)


def names_in(side_file: SideFile) -> list[tuple[UseKind, str, int]]:
    """Every name that the account package must know: what it is used as, the name, its line."""
    return [
        (kind, use.name, use.line)
        for procedure in side_file.procedures
        for kind, use in _uses(procedure)
        if use is not None
    ]


def _uses(procedure: SideProcedure) -> Iterator[tuple[UseKind, Use | None]]:
    for prerequisite in procedure.prerequisites:
        yield "check", prerequisite.check
    for step in procedure.steps:
        yield "check", step.check
        yield "action", step.action
        yield "prepares", step.prepares
    for answer in procedure.afterwards:
        yield "shows", answer.shows


def _text_of(file: Path) -> str:
    """Raises OSError, ValueError."""
    with file.open("rb") as stream:
        data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise ValueError(f"it is larger than {LARGEST // 1000} kB")
    return data.decode("utf-8-sig")


def _understood(placed: PlacedData, path: str) -> tuple[SideFile | None, list[Problem]]:
    problems = placed.problems or _misfits(placed, path) or broken_rules(placed, path)
    if problems:
        return None, sorted(set(problems))
    return _Building(placed, path).side_file(), []


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))


def _misfits(placed: PlacedData, path: str) -> list[Problem]:
    """Where the data does not fit the schema, in words for authors."""
    return [
        Problem(path, *place, code, "error", message, mend)
        for error in _validator().iter_errors(placed.data)
        for place, code, message, mend in _explained(error, placed)
    ]


def _explained(error: ValidationError, placed: PlacedData) -> Iterator[tuple[Place, str, str, str]]:
    """Place, code, message, mend; the schema's own titles and descriptions are the words."""
    schema: Any = error.schema
    value: Any = error.instance
    trail: Trail = tuple(error.absolute_path)
    noun, description = schema["title"], schema["description"]
    match error.validator:
        case "additionalProperties":
            known = list(schema["properties"])
            for key in (key for key in value if key not in known):
                mend = f"{did_you_mean(key, known)}Known in {noun}: {', '.join(known)}."
                yield placed.key_place((*trail, key)), "side-file-unknown-key", f"unknown key `{key}`.", mend
        case "required":
            for key in (key for key in schema["required"] if key not in value):
                yield placed.place(trail), "side-file-missing-key", f"{noun}: `{key}` is missing.", description
        case "dependentRequired":
            message = f"{noun}: `gate` needs a `check` in the same step."
            yield placed.key_place((*trail, "gate")), "side-file-invalid", message, "Add `check`, or remove `gate`."
        case _ if "propertyNames" in error.absolute_schema_path:
            yield placed.key_place((*trail, value)), "side-file-invalid", f"`{value}` is not an id.", description
        case "pattern":
            message = f"{_named(trail)} is {_shown(value)}, which does not fit."
            yield placed.place(trail), "side-file-invalid", message, description
        case _:
            message = f"{_named(trail)} is {_shown(value)}, but must be {_wanted(error, schema)}."
            yield placed.place(trail), "side-file-invalid", message, description


def _named(trail: Trail) -> str:
    names = [part for part in trail if isinstance(part, str)]
    if not names:
        return "the file"
    return f"an item of `{names[-1]}`" if isinstance(trail[-1], int) else f"`{names[-1]}`"


def _shown(value: Any) -> str:
    match value:
        case None | "" | [] | {}:
            return "empty"
        case dict():
            return "a mapping (key: value)"
        case list():
            return "a list"
        case bool():
            return f"the truth value {str(value).lower()}"
        case int() | float():
            return f"the number {value}"
        case _:
            return f"`{value}`" if len(value) <= 60 else f"`{value[:60]}…`"


def _wanted(error: ValidationError, schema: Any) -> str:
    wanted: Any = error.validator_value
    match error.validator:
        case "type":
            return " or ".join(_TYPES[name] for name in ([wanted] if isinstance(wanted, str) else wanted))
        case "enum":
            return f"one of: {', '.join(wanted)}"
        case "minimum" | "maximum":
            return f"between {schema['minimum']} and {schema['maximum']}"
        case "maxLength":
            return f"at most {wanted} characters long"
        case "minItems":
            return f"a list with at least {wanted} item"
        case "uniqueItems":
            return "a list that names nothing twice"
        case _:
            return f"valid for {error.validator}"


class _Building:
    """Turns data that fits schema and rules into the dataclasses."""

    def __init__(self, placed: PlacedData, path: str) -> None:
        self._placed = placed
        self._path = path

    def side_file(self) -> SideFile:
        procedures = enumerate(self._placed.data["procedures"])
        return SideFile(self._path, tuple(self._procedure(data, ("procedures", at)) for at, data in procedures))

    def _procedure(self, data: dict[str, Any], trail: Trail) -> SideProcedure:
        def each(part: str) -> list[tuple[dict[str, Any], Trail]]:
            return [(item, (*trail, part, at)) for at, item in enumerate(data.get(part, []))]

        return SideProcedure(
            heading=data["heading"],
            steps=tuple(self._step(item, at) for item, at in each("steps")),
            prerequisites=tuple(self._prerequisite(item, at) for item, at in each("prerequisites")),
            questions=tuple(StopQuestion(**item) for item, _ in each("questions")),
            afterwards=tuple(self._afterwards(item, at) for item, at in each("afterwards")),
            finished=Finished(**data["finished"]) if "finished" in data else None,
            changes=_changes(data["changes"]) if "changes" in data else None,
            order=data.get("order", "free"),
            translations=data.get("translations", {}),
            line=self._line(trail),
        )

    def _step(self, data: dict[str, Any], trail: Trail) -> SideStep:
        return SideStep(
            step=data["step"],
            starts=data["starts"],
            id=data["id"],
            check=self._use(data, "check", trail),
            action=self._use(data, "action", trail),
            prepares=self._use(data, "prepares", trail),
            gate=data.get("gate", ""),
            irreversible=data.get("irreversible", False),
            fresh=_duration(data.get("fresh", "15m")),
            waits=data.get("waits", ""),
            order=data.get("order", ""),
            after=tuple(data.get("after", ())),
            told=Told(**data.get("told", {})),
            line=self._line(trail),
        )

    def _prerequisite(self, data: dict[str, Any], trail: Trail) -> Prerequisite:
        return Prerequisite(data["id"], self._must_use(data, "check", trail), data["label"])

    def _afterwards(self, data: dict[str, Any], trail: Trail) -> Afterwards:
        return Afterwards(data["id"], self._must_use(data, "shows", trail))

    def _use(self, data: dict[str, Any], key: str, trail: Trail) -> Use | None:
        return self._must_use(data, key, trail) if key in data else None

    def _must_use(self, data: dict[str, Any], key: str, trail: Trail) -> Use:
        """The short form takes the `with` beside it; the long form only its own."""
        value, line = data[key], self._line((*trail, key))
        if isinstance(value, str):
            return Use(value, data.get("with", {}), line)
        return Use(value["name"], value.get("with", {}), line)

    def _line(self, trail: Trail) -> int:
        return self._placed.key_place(trail)[0]


def _duration(text: str) -> timedelta:
    return timedelta(**{_UNITS[text[-1]]: int(text[:-1])})


def _changes(data: dict[str, Any]) -> Changes:
    return Changes(
        since=date.fromisoformat(data["since"]),
        weight=data["weight"],
        steps={name: _step_change(change) for name, change in data.get("steps", {}).items()},
        gone={name: _step_change(change) for name, change in data.get("gone", {}).items()},
        summary=tuple(data.get("summary", [])),
    )


def _step_change(data: dict[str, Any]) -> StepChange:
    return StepChange(how=data["how"], was=tuple(data.get("was", [])), now=data.get("now", ""))
