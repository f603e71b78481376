"""What this process has read and may need again soon. Losing it costs a look into the database."""

import threading
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Shelf(Generic[Key, Value]):
    """At most so many values by their keys; what was put there last stays longest."""

    most: int
    known: dict[Key, Value] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: Key) -> Value | None:
        """The value, if it was kept."""
        return self.known.get(key)

    def keep(self, key: Key, value: Value) -> Value:
        """Keep it; the oldest goes when there is no room."""
        with self.lock:
            self.known.pop(key, None)
            while len(self.known) >= self.most:
                self.known.pop(next(iter(self.known)))
            self.known[key] = value
        return value

    def drop(self, key: Key) -> None:
        """Forget it."""
        with self.lock:
            self.known.pop(key, None)
