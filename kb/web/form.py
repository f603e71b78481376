"""What a reader's form says, kept within bounds."""

import re
import secrets

from flask import request

LONGEST_WORD = 200


def text(name: str) -> str:
    """A field without the blanks around it; "" if it is not there."""
    return request.form.get(name, "").strip()


def number(name: str) -> int:
    """A small count; anything else is 0."""
    sent = text(name)
    return int(sent) if re.fullmatch(r"[0-9]{1,9}", sent) else 0


def event_id() -> str:
    """The form's own, so that sending it again is harmless."""
    sent = text("event")
    return sent if re.fullmatch(r"[\w-]{1,64}", sent) else secrets.token_hex(16)
