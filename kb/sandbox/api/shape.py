"""What requests may say, as JSON Schema: routes name it, and the OpenAPI document shows it."""

from collections.abc import Mapping
from typing import Any

Shape = Mapping[str, Any]

TEXT: Shape = {"type": "string"}
NUMBER: Shape = {"type": "integer"}
FLAG: Shape = {"type": "boolean"}
TEXTS: Shape = {"type": "array", "items": TEXT}


def fields(*required: str, **shapes: Shape) -> Shape:
    """An object; names in any letter case, and more members than these do no harm."""
    known: dict[str, Any] = {"type": "object", "properties": shapes}
    return {**known, "required": list(required)} if required else known


def rows(shape: Shape) -> Shape:
    """A list of things of one shape."""
    return {"type": "array", "items": shape}


def choice(*values: str) -> Shape:
    """One of these texts."""
    return {"type": "string", "enum": list(values)}


def spelled(data: Any, shape: Shape) -> Any:
    """The data with the names of its members written as the shape writes them; their letter case does not matter."""
    for each in shape.get("oneOf", ()):
        if each.get("type") == ("array" if isinstance(data, list) else "object"):
            data = spelled(data, each)
    if isinstance(data, list):
        return [spelled(each, shape.get("items", {})) for each in data]
    if not isinstance(data, dict):
        return data
    known = {name.lower(): (name, inside) for name, inside in shape.get("properties", {}).items()}
    named = [(*known.get(str(name).lower(), (name, {})), value) for name, value in data.items()]
    return {name: spelled(value, inside) for name, inside, value in named}


_VALUE: Shape = {"items": fields(id=TEXT, value=TEXT), "properties": {"current": TEXT, "password": TEXT}}
PATCHES = rows(fields("op", "member", "value", op=choice("set"), member=TEXT, value=_VALUE))
ID = fields("id", id=TEXT)
