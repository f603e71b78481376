"""Faults on purpose: a slow API, one that fails half the time, one that never answers.

A specification is a comma-separated list, each for the whole API or only for paths that begin with what follows `@`:

    slow:2          each answer comes 2 seconds late
    fail:50%        every second request is answered 500
    hang            no answer comes until the sandbox stops
    jobs            queued operations end as failed
    jobs:unknown    they fail, and it is told that nobody knows
    jobs:resumed    they end well, after it was told that they were resumed

For example `fail:50%@/v2/operations,slow:0.5`.
"""

import threading
from dataclasses import dataclass, field
from typing import Literal

from kb.sandbox.errors import FaultsInvalid

Kind = Literal["slow", "fail", "hang", "jobs"]


@dataclass
class Fault:
    """One fault; `amount` is seconds for slow and a share for fail."""

    kind: Kind
    amount: float = 0.0
    prefix: str = "/"
    told: str = ""  # of jobs
    _asked: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def hits(self, path: str) -> bool:
        """Whether this request is one that the fault strikes; the share is spread evenly, without chance."""
        if not path.lower().startswith(self.prefix):
            return False
        if self.kind != "fail":
            return True
        with self._lock:
            self._asked += 1
            return int(self._asked * self.amount) > int((self._asked - 1) * self.amount)


def read_faults(spec: str) -> tuple[Fault, ...]:
    """Read a specification; "" is none. Raises FaultsInvalid."""
    return tuple(_read(part.strip()) for part in spec.split(",") if part.strip())


def _read(part: str) -> Fault:
    what, _, prefix = part.partition("@")
    kind, _, amount = what.partition(":")
    place = prefix.lower() or "/"
    try:
        match kind:
            case "slow":
                return Fault("slow", _seconds(amount), place)
            case "fail":
                return Fault("fail", _share(amount), place)
            case "hang" if not amount:
                return Fault("hang", 0.0, place)
            case "jobs" if amount in ("", "unknown", "resumed"):
                return Fault("jobs", 0.0, place, amount or "failed")
    except ValueError:
        pass
    raise FaultsInvalid(f"{part} is no fault that the sandbox knows. Known are slow:SECONDS, fail:50%, hang, jobs.")


def _seconds(text: str) -> float:
    seconds = float(text.removesuffix("s"))
    if not 0 <= seconds <= 3600:
        raise ValueError(text)
    return seconds


def _share(text: str) -> float:
    share = float(text.removesuffix("%")) / 100 if text.endswith("%") else float(text)
    if not 0 <= share <= 1:
        raise ValueError(text)
    return share
