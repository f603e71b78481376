"""One request as the views see it: who asks for what, with query and body in lower-case names."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from kb.sandbox.api import roles
from kb.sandbox.api.shape import Shape, spelled
from kb.sandbox.errors import Denied, Rejected
from kb.sandbox.world.records import User
from kb.sandbox.world.state import World


@dataclass(frozen=True, slots=True)
class Ask:
    """A request that was let in. `user` is None only where no token is needed."""

    world: World
    user: User | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    raw: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)  # names in lower case
    shape: Shape = field(default_factory=dict)  # what the body may say

    @property
    def by(self) -> str:
        """The name of who asks."""
        return self.user.name if self.user else ""

    def may(self, deed: str) -> bool:
        """Whether the caller's roles allow this."""
        return self.user is not None and roles.may(self.user.roles, deed)

    def need(self, deed: str) -> None:
        """Go on only if the caller's roles allow this. Raises Denied."""
        if not self.may(deed):
            raise Denied

    def json(self) -> Any:
        """The body as data: JSON or form, whatever the header says; None without one. Raises Rejected."""
        return spelled(read_body(self.raw), self.shape)

    def members(self) -> dict[str, Any]:
        """The body as an object with lower-case names; empty without one. Raises Rejected."""
        data = self.json()
        if data is None or data == "":
            return {}
        if not isinstance(data, dict):
            raise _not_understood()
        return {str(name).lower(): value for name, value in data.items()}

    def text(self, name: str) -> str:
        """A text that must be there. Raises Rejected."""
        value = self.members().get(name.lower())
        if not isinstance(value, str) or not value.strip():
            raise Rejected("The request is invalid.", {name: f"The {name} field is required."})
        return value.strip()

    def optional_text(self, name: str) -> str | None:
        """A text that may be missing. Raises Rejected."""
        value = self.members().get(name.lower())
        if value is not None and not isinstance(value, str):
            raise Rejected("The request is invalid.", {name: f"The {name} field must be text."})
        return value

    def objects(self, name: str) -> list[dict[str, Any]]:
        """A list of objects that must be there. Raises Rejected."""
        value = self.members().get(name.lower())
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            raise Rejected("The request is invalid.", {name: f"The {name} field is required."})
        return value

    def texts(self) -> list[str]:
        """The body as a list of texts. Raises Rejected."""
        data = self.json()
        if not isinstance(data, list) or not all(isinstance(each, str) for each in data):
            raise _not_understood()
        return data


def read_body(raw: bytes) -> Any:
    """JSON, or a form as an object of texts; None for no bytes. Raises Rejected."""
    try:
        text = raw.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise _not_understood() from error
    if not text:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        pairs = [] if text[0] in '{["' else parse_qsl(text, keep_blank_values=True)
        if not pairs or "=" not in text:
            raise _not_understood() from error
        return dict(pairs)


def _not_understood() -> Rejected:
    return Rejected("The request is invalid.", {"body": "The body could not be understood."})
