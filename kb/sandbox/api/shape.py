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


PATCHES = rows(fields("op", "member", "value", op=choice("set"), member=TEXT, value={}))
ID = fields("id", id=TEXT)
