"""Group commit: what many threads write at the same moment goes into one transaction.

Whoever comes while nobody writes writes at once, alone. Whoever comes meanwhile waits, and the first of those who wait
then writes for all of them: the busier it is, the more share the cost of making it durable.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
Write = Callable[[Sequence[Item]], Sequence[Result | BaseException]]  # what came of each item, after COMMIT
MOST = 64  # in one transaction: nobody shall wait for a very long one


@dataclass(eq=False, slots=True)
class _Waiting(Generic[Item, Result]):
    item: Item
    came: Result | BaseException | None = None
    settled: bool = False
    woken: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.woken.acquire()

    def settle(self, came: Result | BaseException) -> None:
        self.came, self.settled = came, True
        self.woken.release()


@dataclass(slots=True)
class GroupCommit(Generic[Item, Result]):
    """Those who wait, oldest first; `led` says that somebody writes now."""

    waiting: list[_Waiting[Item, Result]] = field(default_factory=list)
    led: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, item: Item, write: Write[Item, Result]) -> Result:
        """Have the item written; gives what came of it, or raises it. `write` is the same for all."""
        mine: _Waiting[Item, Result] = _Waiting(item)
        with self.lock:
            self.waiting.append(mine)
            waits, self.led = self.led, True
        if waits:
            mine.woken.acquire()  # until it was written, or is the first of those who wait
        if not mine.settled:
            self._lead(write)
        if isinstance(mine.came, BaseException):
            raise mine.came
        return mine.came  # type: ignore[return-value]

    def _lead(self, write: Write[Item, Result]) -> None:
        """Write for all who wait, then hand over to the first who came meanwhile."""
        with self.lock:
            batch, self.waiting = self.waiting[:MOST], self.waiting[MOST:]
        came: Sequence[Result | BaseException]
        try:
            came = write([one.item for one in batch])
        except BaseException as error:
            came = [error] * len(batch)
        with self.lock:
            after = self.waiting[0] if self.waiting else None
            self.led = after is not None
        for one, what in zip(batch, came, strict=True):
            one.settle(what)
        if after:
            after.woken.release()
