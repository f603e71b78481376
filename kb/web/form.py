"""What a reader's form says, kept within bounds."""

import re
import secrets

from flask import request

LONGEST_WORD = 200
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")  # what no database and no page can hold


def text(name: str) -> str:
    """A field without the blanks around it; "" if it is not there."""
    return UNSEEN.sub("", request.form.get(name, "")).strip()


def words(name: str, most: int) -> str:
    """What a reader wrote in a field, on one line, at most so long."""
    return " ".join(text(name).split())[:most].rstrip()


def paragraphs(name: str, most: int) -> str:
    """What a reader wrote in a text area, its lines kept, at most so long."""
    lines = request.form.get(name, "").replace("\r\n", "\n").replace("\r", "\n")
    return UNSEEN.sub("", lines).strip()[:most].rstrip()


def number(name: str) -> int:
    """A small count; anything else is 0."""
    sent = text(name)
    return int(sent) if re.fullmatch(r"[0-9]{1,9}", sent) else 0


def event_id() -> str:
    """The form's own, so that sending it again is harmless."""
    sent = text("event")
    return sent if re.fullmatch(r"[\w-]{1,64}", sent) else secrets.token_hex(16)
