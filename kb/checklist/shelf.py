"""Checklists that this process has read: by their hash, and a hash never stands for another content."""

import threading
from dataclasses import dataclass, field

from kb.checklist.checklist import Checklist

MOST = 200


@dataclass(frozen=True, slots=True)
class Shelf:
    """The checklists that were read last; losing one costs a look into the database."""

    known: dict[str, Checklist] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, hash: str) -> Checklist | None:
        """The checklist, if it was kept."""
        return self.known.get(hash)

    def keep(self, hash: str, checklist: Checklist) -> Checklist:
        """Keep it; the oldest goes when there is no room."""
        with self.lock:
            while len(self.known) >= MOST:
                self.known.pop(next(iter(self.known)))
            self.known[hash] = checklist
        return checklist
