"""Values out of a parsed TOML file, each of the type that is wanted."""

from collections.abc import Mapping
from typing import Any


class Wrong(Exception):
    """A key is unknown or its value cannot be used; the message says which and why."""


def table(data: Mapping[str, Any], key: str, known: set[str] | None = None, prefix: str = "") -> dict[str, Any]:
    """The table under this key, {} if there is none. Raises Wrong for a key in it that is not `known`."""
    value = data.get(key, {})
    if not isinstance(value, dict):
        raise Wrong(f"{prefix}{key} must be a table: [{prefix}{key}]")
    if known is not None:
        refuse_unknown(value, known, f"{prefix}{key}.")
    return value


def refuse_unknown(data: Mapping[str, Any], known: set[str], prefix: str = "") -> None:
    """Raise Wrong for a key that is not `known`."""
    for key in data:
        if key not in known:
            raise Wrong(f"unknown setting {prefix}{key}. Known are: {', '.join(sorted(known))}.")


def text(data: Mapping[str, Any], key: str, default: str) -> str:
    """A text."""
    value = data.get(key, default)
    if not isinstance(value, str):
        raise Wrong(f"{key} must be text in quotes")
    return value


def texts(data: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """A list of texts."""
    value = data.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise Wrong(f"{key} must be a list of texts in quotes")
    return tuple(value)


def text_map(data: Mapping[str, Any], key: str) -> dict[str, str]:
    """A table of texts."""
    value = data.get(key, {})
    if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
        raise Wrong(f"{key} must be a table of texts in quotes")
    return value


def lists(data: Mapping[str, Any], key: str) -> dict[str, tuple[str, ...]]:
    """A table of lists of texts."""
    value = data.get(key, {})
    if not isinstance(value, dict):
        raise Wrong(f"{key} must be a table of lists of texts in quotes")
    return {name: texts(value, name) for name in value}


def flag(data: Mapping[str, Any], key: str, *, default: bool) -> bool:
    """True or false."""
    value = data.get(key, default)
    if not isinstance(value, bool):
        raise Wrong(f"{key} must be true or false")
    return value


def count(data: Mapping[str, Any], key: str, default: int, least: int = 0) -> int:
    """A whole number, not below `least`."""
    value = data.get(key, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise Wrong(f"{key} must be a whole number of at least {least}")
    return value
