"""PATCH bodies: a list of `{op: set, member, value}`."""

from dataclasses import dataclass
from typing import Any

from kb.sandbox.api.ask import Ask
from kb.sandbox.errors import Rejected


@dataclass(frozen=True, slots=True)
class Patch:
    """One member to set; `member` in lower case."""

    member: str
    value: Any

    def text(self) -> str:
        """The value as text. Raises Rejected."""
        if not isinstance(self.value, str):
            raise self._wrong("text")
        return self.value

    def number(self) -> int:
        """The value as a whole number from 1 to a million. Raises Rejected."""
        number = whole(self.value)
        if number is None or not 1 <= number <= 1_000_000:
            raise self._wrong("a whole number from 1 to 1000000")
        return number

    def objects(self) -> tuple[dict[str, Any], ...]:
        """The value as a list of objects. Raises Rejected."""
        if not isinstance(self.value, list) or not all(isinstance(each, dict) for each in self.value):
            raise self._wrong("a list of objects")
        return tuple(self.value)

    def unknown(self) -> Rejected:
        """There is no such member."""
        return Rejected("The request is invalid.", {"member": f"The member {self.member} cannot be set."})

    def _wrong(self, wanted: str) -> Rejected:
        return Rejected("The request is invalid.", {self.member: f"The value must be {wanted}."})


def whole(value: Any) -> int | None:
    """The number that JSON or a form says; None if it is none, or one of more digits than anything here has."""
    text = "" if isinstance(value, bool) else str(value)
    return int(text) if text.isdecimal() and len(text) < 10 else None


def read_patches(ask: Ask) -> list[Patch]:
    """All patches of the body, at least one. Raises Rejected."""
    data = ask.json()
    if not isinstance(data, list) or not data or not all(isinstance(each, dict) for each in data):
        raise Rejected("The request is invalid.", {"patch": "The body must be a list of operations."})
    return [_read(each) for each in data]


def _read(data: dict[str, Any]) -> Patch:
    lower = {str(name).lower(): value for name, value in data.items()}
    if str(lower.get("op", "")).lower() != "set" or not isinstance(lower.get("member"), str):
        raise Rejected("The request is invalid.", {"op": "Only set operations with a member are known."})
    return Patch(lower["member"].lower(), lower.get("value"))
