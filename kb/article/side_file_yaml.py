"""The YAML of a side file as plain data, with the place of every value and key.

YAML 1.2 scalars: `yes` and `on` are texts, dates are texts, only `true` and `false` are truth values. Anchors, aliases
and tags are refused: nothing here needs them, and they make a small file grow without bounds.
"""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from kb.article.problem import Problem

Trail = tuple[str | int, ...]  # keys and indices from the root of the data to one value
Place = tuple[int, int]  # line and column in the file, from 1

DEEPEST = 20  # levels; a side file needs 7

_CORE = "tag:yaml.org,2002:"
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(slots=True)
class PlacedData:
    """Plain data (dict, list, str, int, float, bool, None) and where each part of it is written."""

    data: Any = None
    values: dict[Trail, Place] = field(default_factory=dict)
    keys: dict[Trail, Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def place(self, trail: Trail) -> Place:
        """Where this value is written; if it is not, where the nearest value around it is."""
        while trail and trail not in self.values:
            trail = trail[:-1]
        return self.values.get(trail, (1, 1))

    def key_place(self, trail: Trail) -> Place:
        """Where the key of this value is written."""
        return self.keys.get(trail) or self.place(trail)


def read_placed(text: str, path: str) -> PlacedData:
    """Read one YAML document. Never raises: what cannot be understood is in `problems`, named with `path`."""
    placed = PlacedData()
    try:
        node = yaml.compose(text, Loader=_Loader)
    except _Refused as error:
        placed.problems.append(_problem(path, error.place, error.code, error.message, error.mend))
    except yaml.MarkedYAMLError as error:
        placed.problems.append(_broken(path, _line_column(_where(error)), error.problem or error.context or ""))
    except yaml.reader.ReaderError as error:
        placed.problems.append(_broken(path, _position(text, error.position), "a character that YAML does not allow"))
    except (ValueError, OverflowError):  # PyYAML hands any number to chr()
        placed.problems.append(_broken(path, (1, 1), "an escape such as \\UFFFFFFFF that stands for no character"))
    else:
        placed.data = _Reading(path, placed).value(node, ())
    return placed


class _Refused(Exception):
    """Valid YAML that a side file may not use."""

    def __init__(self, place: Place, code: str, message: str, mend: str) -> None:
        super().__init__(message)
        self.place, self.code, self.message, self.mend = place, code, message, mend


class _Loader(yaml.SafeLoader):
    """Composes nodes; refuses what a side file may not use before it can cost anything."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012  PyYAML's own way to name them
    depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """As PyYAML does, but plain trees only."""
        event = self.peek_event()  # type: ignore[no-untyped-call]
        self._refuse(event)
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def _refuse(self, event: yaml.NodeEvent) -> None:
        place = _line_column(event.start_mark)
        tag = getattr(event, "tag", None)
        if event.anchor is not None:
            mend = "Write the value out in each place."
            raise _Refused(place, "side-file-alias", "anchors and aliases (& and *) are not allowed.", mend)
        if tag not in (None, "!"):
            mend = "Write the value without it; put texts in quotes."
            raise _Refused(place, "side-file-tag", f"the tag {tag} is not allowed.", mend)
        if self.depth >= DEEPEST:
            raise _Refused(
                place, "side-file-too-deep", "the values are nested too deeply.", f"At most {DEEPEST} levels."
            )


for _tag, _pattern, _first in (
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", list("tTfF")),
    ("int", r"^[-+]?[0-9]{1,18}$", list("-+0123456789")),
    ("float", r"^[-+]?(?:\.[0-9]{1,18}|[0-9]{1,18}\.[0-9]{0,18})(?:[eE][-+]?[0-9]{1,3})?$", list("-+.0123456789")),
):
    _Loader.add_implicit_resolver(_CORE + _tag, re.compile(_pattern), _first)


@dataclass(slots=True)
class _Reading:
    """One pass over the nodes, noting places and problems."""

    path: str
    placed: PlacedData

    def value(self, node: yaml.Node | None, trail: Trail) -> Any:
        if node is None:
            return None
        self.placed.values[trail] = _line_column(node.start_mark)
        if isinstance(node, yaml.MappingNode):
            return dict(self._pairs(node, trail))
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*trail, index)) for index, item in enumerate(node.value)]
        return self._scalar(node)

    def _pairs(self, node: yaml.MappingNode, trail: Trail) -> Iterator[tuple[str, Any]]:
        seen: dict[str, Place] = {}
        for key_node, value_node in node.value:
            place = _line_column(key_node.start_mark)
            if not isinstance(key_node, yaml.ScalarNode):
                self._note(place, "side-file-invalid", "a key must be a plain text.", "Write key: value.")
                continue
            key = self._text(key_node)
            if key in seen:
                message = f"the key `{key}` is here twice; the first is in line {seen[key][0]}."
                self._note(place, "side-file-duplicate-key", message, "Remove one of the two.")
                continue
            seen[key] = self.placed.keys[(*trail, key)] = place
            yield key, self.value(value_node, (*trail, key))

    def _scalar(self, node: yaml.Node) -> str | int | float | bool | None:
        text = self._text(node)
        match node.tag.removeprefix(_CORE):
            case "null":
                return None
            case "bool":
                return text.lower() == "true"
            case "int":
                return int(text)
            case "float" if math.isfinite(float(text)):
                return float(text)
            case _:
                return text

    def _text(self, node: yaml.Node) -> str:
        text = str(node.value)
        if _UNSTORABLE.search(text):
            mend = "Remove it; only line breaks and tabs are allowed."
            self._note(_line_column(node.start_mark), "side-file-invalid", "an invisible control character.", mend)
            return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)
        return text

    def _note(self, place: Place, code: str, message: str, mend: str) -> None:
        self.placed.problems.append(_problem(self.path, place, code, message, mend))


def _where(error: yaml.MarkedYAMLError) -> Any:
    """What was opened and never closed is to be mended where it was opened, not at the end of the file."""
    unclosed = "stream" in (error.problem or "") and error.context_mark
    return error.context_mark if unclosed else error.problem_mark


def _broken(path: str, place: Place, what: str) -> Problem:
    mend = (
        "Mend it here or in the line before: a colon, bracket or blank is missing, or a text with : ? # needs quotes."
    )
    return _problem(path, place, "side-file-unreadable", f"this is not valid YAML: {what}.", mend)


def _problem(path: str, place: Place, code: str, message: str, mend: str) -> Problem:
    return Problem(path, *place, code, "error", message, mend)


def _line_column(mark: Any) -> Place:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _position(text: str, position: int) -> Place:
    before = text[:position]
    return before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1
