"""Remembers between two checks what outside addresses answered, in a JSON file of the data folder."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, get_args

from kb.cli.files import replace
from kb.cli.outside.answer import Answer, Kind

_SHORT = timedelta(hours=1)  # for what may be otherwise in a moment


@dataclass(slots=True)
class Memory:
    """Answers with the time at which they came. Deleting the file loses nothing."""

    file: Path
    max_age: timedelta
    now: datetime  # UTC
    _known: dict[str, tuple[datetime, Answer]] = field(default_factory=dict)

    @classmethod
    def load(cls, file: Path, max_age: timedelta, now: datetime) -> "Memory":
        """What is kept in this file; what cannot be read there is forgotten."""
        memory = cls(file, max_age, now)
        try:
            data = json.loads(file.read_text(encoding="utf-8"))
            memory._known = {address: _entry(item) for address, item in data["addresses"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            memory._known = {}
        return memory

    def recall(self, address: str) -> Answer | None:
        """The answer that this address gave, if it is not too old."""
        when, answer = self._known.get(address, (None, None))
        if when is None or answer is None:
            return None
        limit = min(self.max_age, _SHORT) if answer.kind == "unreachable" else self.max_age
        return answer if timedelta(0) <= self.now - when < limit else None

    def remember(self, address: str, answer: Answer) -> None:
        """Keep an answer; that nobody was asked is none."""
        if answer.kind != "refused":
            self._known[address] = (self.now, answer)

    def save(self) -> None:
        """Write what is not too old. Raises UsageError."""
        kept = {
            address: {"asked": when.isoformat(), "kind": answer.kind, "detail": answer.detail, "to": answer.to}
            for address, (when, answer) in sorted(self._known.items())
            if self.recall(address)
        }
        replace(self.file, json.dumps({"version": 1, "addresses": kept}, indent=1).encode())


def _entry(item: Mapping[str, Any]) -> tuple[datetime, Answer]:
    """Raises ValueError, KeyError, TypeError if the file holds something else."""
    when = datetime.fromisoformat(item["asked"])
    if item["kind"] not in get_args(Kind) or when.tzinfo is None:
        raise ValueError(item["kind"])
    return when, Answer(item["kind"], str(item["detail"]), str(item["to"]))
