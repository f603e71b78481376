"""All things of one kind, by key."""

from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar


class Keyed(Protocol):
    """What a table can keep."""

    @property
    def key(self) -> str: ...


T = TypeVar("T", bound=Keyed)
Watcher = Callable[["Table[Any]", str, Any, Any], None]  # table, key, before, after; None: not there


class Table(Generic[T]):
    """Things of class `cls` in the order of making; `watch` is told of each change, before it counts."""

    def __init__(self, cls: type[T], watch: Watcher) -> None:
        self.cls = cls
        self._rows: dict[str, T] = {}
        self._watch = watch

    @property
    def kind(self) -> str:
        return self.cls.__name__

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def get(self, key: str) -> T | None:
        """The thing, or None."""
        return self._rows.get(key)

    def all(self) -> tuple[T, ...]:
        """Every thing."""
        return tuple(self._rows.values())

    def put(self, thing: T) -> T:
        """Keep `thing`, in place of one with the same key."""
        self.set(thing.key, thing)
        return thing

    def remove(self, key: str) -> None:
        """Forget the thing with this key, if there is one."""
        if key in self._rows:
            self.set(key, None)

    def set(self, key: str, thing: T | None) -> None:
        """Put or remove."""
        self._watch(self, key, self._rows.get(key), thing)
        if thing is None:
            self._rows.pop(key, None)
        else:
            self._rows[key] = thing
