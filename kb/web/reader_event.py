"""What a reader's form says that they did in a run, as a draft of an event."""

from typing import Any

from flask import request

from kb import words as texts
from kb.checklist.event import READERS_KINDS, Draft, Kind
from kb.errors import Refused
from kb.web.form import LONGEST_WORD, event_id, number, paragraphs, text, words
from kb.web.visitor import Visitor

LONGEST_NAME = 100  # characters
LONGEST_REASON = 500
LONGEST_NOTE = 4000


def draft_of(me: Visitor) -> Draft:
    """The form's event. A tick box that is not ticked is not sent: that is an untick. Raises Refused."""
    kind: Kind | None = next((kind for kind in READERS_KINDS if kind == text("kind")), None)
    if kind is None:
        raise Refused(texts.words("“{text}” is nothing that a reader can do here.", text=text("kind")[:LONGEST_WORD]))
    if kind == "tick" and request.form.get("done") != "yes":
        kind = "untick"
    return Draft(f"{event_id()}-{kind}", kind, me.actor, text("step")[:LONGEST_WORD], number("seen"), _body(kind))


def _body(kind: Kind) -> dict[str, Any]:
    match kind:
        case "answer":
            return {"question": text("question")[:LONGEST_WORD], "answer": text("answer")[:LONGEST_WORD]}
        case "word":
            return {"said": text("said")[:LONGEST_WORD]}
        case "request":
            return {"alias": text("alias")[:LONGEST_WORD].upper()}
        case "not-needed" | "abandoned":
            return {"reason": words("reason", LONGEST_REASON)}
        case "note":
            return {"text": paragraphs("text", LONGEST_NOTE)}
        case "named":
            return {"name": words("name", LONGEST_NAME)}
        case _:
            return {}
