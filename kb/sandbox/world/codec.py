"""Dataclasses to plain JSON data and back."""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")


def plain(value: Any) -> Any:
    """Turn dataclasses, tuples, mappings and datetimes into what `json.dumps` takes."""
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, datetime):
        return value.isoformat()
    return value


def build(cls: type[T], data: Mapping[str, Any]) -> T:
    """Read what `plain` wrote for a dataclass; what is missing takes its default. Raises TypeError, ValueError."""
    hints: dict[str, Any] = _hints(cls)  # type: ignore[arg-type]  # a class is hashable
    return cls(**{name: _value(hints[name], value) for name, value in data.items() if name in hints})


@cache
def _hints(cls: type[Any]) -> dict[str, Any]:
    return get_type_hints(cls)


def _value(hint: Any, value: Any) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return None if value is None else _value(next(arg for arg in get_args(hint) if arg is not type(None)), value)
    if origin is tuple:
        return tuple(_value(get_args(hint)[0], item) for item in value)
    if isinstance(hint, type) and is_dataclass(hint):
        return build(cast(type[Any], hint), value)
    if hint is datetime:
        return datetime.fromisoformat(value)
    return value
