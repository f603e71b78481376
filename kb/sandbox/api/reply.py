"""Answers: a status, a body, and the bodies of the failures."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from kb.sandbox.errors import Denied, NotThere, Rejected, SandboxError

NO_TOKEN = "Authorization has been denied for this request."  # noqa: S105  a sentence
NO_RIGHT = "You do not have permission to perform this operation."
NO_ROUTE = "The requested resource does not exist."
FAULT = "An error has occurred."

NOTHING = object()  # a body of no bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What goes back. `body` is JSON data, or NOTHING; `headers` come in addition to the usual ones."""

    status: int = 200
    body: Any = NOTHING
    headers: dict[str, str] = field(default_factory=dict)
    media: str = "application/json; charset=utf-8"

    def encoded(self) -> bytes:
        """The bytes of the body."""
        if self.body is NOTHING:
            return b""
        if isinstance(self.body, bytes):
            return self.body
        return json.dumps(self.body, ensure_ascii=False, separators=(",", ":")).encode()


def ok(body: Any) -> Answer:
    """200 with this body."""
    return Answer(200, body)


def created(body: dict[str, Any]) -> Answer:
    """201 with this body, and with its place as its own link tells it."""
    place = next((link["href"] for link in body.get("links", ()) if link["rel"] == "self"), "")
    return Answer(201, body, {"Location": place} if place else {})


def nothing() -> Answer:
    """204."""
    return Answer(204)


def message(status: int, text: str) -> Answer:
    """A failure with its text."""
    return Answer(status, {"message": text})


def failure(error: SandboxError, *, experimental: bool) -> Answer:
    """The answer for an error that a caller may see."""
    match error:
        case NotThere():
            return message(404, NO_ROUTE) if experimental else Answer(404)
        case Denied():
            return message(403, str(error) or NO_RIGHT)
        case Rejected() if error.fields:
            fields = {name: [text] for name, text in error.fields.items()}
            return Answer(400, {"message": str(error), "modelState": fields})
        case _:
            return message(400, str(error))


def zulu(moment: datetime) -> str:
    """The only time format that all clients read."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def millis(moment: datetime | None) -> int | None:
    """Milliseconds since 1970, as the load-balancer and database hosts write times."""
    return None if moment is None else int(moment.timestamp() * 1000)
