"""Rate limits, kept in the store: all processes of a site count together.

One row per limit and caller holds the moment until which it is busy. Each request moves it by its share of the
period, and is refused if it would then lie further ahead than one period: all of a period may come at once.
"""

import hashlib
import hmac
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Insert, bindparam, case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from kb.access import Access
from kb.database import Database
from kb.direct import Direct
from kb.errors import TooMany
from kb.tables import rate_limits

SECOND = 1_000_000  # microseconds, the unit of the table
COUNTED = 20  # a limit of more than so many is counted by a sample
RAREST = 32  # one of so many at the least
SWEPT = 1 / 500  # how often rows that limit nothing any more are deleted
SHARED = ("address", "everywhere")  # callers that may be many people
KNOWN = 1_000  # callers that a process remembers as refused
NOW = bindparam("now", type_=BigInteger)
UNTIL = select(rate_limits.c.busy_until).where(rate_limits.c.key == bindparam("of"))
SWEEP = delete(rate_limits).where(rate_limits.c.busy_until < NOW)
Callers = Mapping[str, str]  # kind of caller (reader, address, account, …) -> who


def _charging(dialect: Any) -> Insert:
    """Move the moment until which a limit is busy; no row comes back if it would lie too far ahead."""
    insert = dialect.insert(rate_limits)
    busy = case((rate_limits.c.busy_until > NOW, rate_limits.c.busy_until), else_=NOW) + insert.excluded.cost
    charge: Insert = insert.on_conflict_do_update(
        index_elements=[rate_limits.c.key],
        set_={"busy_until": busy, "cost": insert.excluded.cost, "room": insert.excluded.room},
        where=busy <= NOW + insert.excluded.room,
    )
    return charge.returning(rate_limits.c.key)


CHARGE = {"sqlite": _charging(sqlite), "postgresql": _charging(postgresql)}


@dataclass(frozen=True, slots=True)
class Allowance:
    """One limit of one caller, in microseconds."""

    key: str
    cost: int
    room: int


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a site. `refused` spares the database what is known to be refused; losing it loses nothing."""

    database: Database
    key: bytes
    clock: Callable[[], datetime]
    access: Access
    chance: Callable[[], float] = random.random
    refused: dict[str, int] = field(default_factory=dict)

    def draws(self, name: str) -> bool:
        """Whether the next one is counted: of a limit of many only a sample is, each for all that it stands for."""
        weight = self._weight(name)
        return bool(self.access.limits[name].count) and (weight == 1 or self.chance() < 1 / weight)

    def take(self, name: str, callers: Callable[[], Callers], drawn: bool | None = None) -> None:
        """Count one for each caller. Raises TooMany (then none is counted) and StoreError.

        A tick must stay cheap: only who is counted, or may be refused, is asked who they are. `drawn` is what `draws`
        said, if it was asked before.
        """
        drawn = self.draws(name) if drawn is None else drawn
        if not drawn and not self.refused:
            return
        allowances = self._allowances(name, callers(), self._weight(name))
        self._refuse_known(allowances)
        if allowances and drawn:
            self._charge(allowances)

    def give_back(self, name: str, callers: Callers) -> None:
        """Take back what `take` has just counted, of a limit that is not sampled. Raises StoreError."""
        for allowance in self._allowances(name, callers, 1):
            row = rate_limits.c.key == allowance.key
            less = update(rate_limits).where(row).values(busy_until=rate_limits.c.busy_until - allowance.cost)
            with self.database.writing() as connection:
                connection.execute(less)

    def _weight(self, name: str) -> int:
        """How many each that is counted stands for."""
        return max(1, min(RAREST, self.access.limits[name].count // COUNTED))

    def _allowances(self, name: str, callers: Callers, weight: int) -> tuple[Allowance, ...]:
        """In the order of their keys, so that no two requests wait for each other."""
        rate = self.access.limits[name]
        if not rate.count:
            return ()
        room = rate.seconds * SECOND
        shared = dict.fromkeys(SHARED, self.access.readers_per_address)
        found = [
            Allowance(self._key(name, kind, who), weight * room // (rate.count * shared.get(kind, 1)), room)
            for kind, who in callers.items()
        ]
        return tuple(sorted(found, key=lambda allowance: allowance.key))

    def _key(self, name: str, kind: str, who: str) -> str:
        """A keyed hash: the table tells nobody who was here."""
        return hmac.new(self.key, f"limit:{name}:{kind}:{who}".encode(), hashlib.sha256).hexdigest()

    def _charge(self, allowances: Sequence[Allowance]) -> None:
        now = _microseconds(self.clock())
        try:
            with self.database.quick_writing() as connection:
                refused = _refused(connection, CHARGE[self.database.engine.dialect.name], allowances, now)
                if refused:
                    raise TooMany(max(-(-(until - now) // SECOND) for until in refused.values()))
                if self.chance() < SWEPT:
                    connection.run(SWEEP, {"now": now})
        except TooMany:
            self._remember(refused)
            raise

    def _refuse_known(self, allowances: Sequence[Allowance]) -> None:
        if not self.refused:
            return
        now = _microseconds(self.clock())
        until = max((self.refused.get(allowance.key, 0) for allowance in allowances), default=0)
        if until > now:
            raise TooMany(-(-(until - now) // SECOND))

    def _remember(self, refused: Mapping[str, int]) -> None:
        if len(self.refused) > KNOWN:
            self.refused.clear()
        self.refused.update(refused)


def _refused(connection: Direct, charge: Insert, allowances: Sequence[Allowance], now: int) -> dict[str, int]:
    """Charge the allowances; gives those that were too full, with the moment when they will have room."""
    full: dict[str, int] = {}
    for item in allowances:
        values = {"key": item.key, "busy_until": now + item.cost, "cost": item.cost, "room": item.room}
        if not connection.rows(charge, {**values, "now": now}):
            ((until,),) = connection.rows(UNTIL, {"of": item.key})
            full[item.key] = until + item.cost - item.room
    return full


def _microseconds(moment: datetime) -> int:
    return int(moment.timestamp() * SECOND)
