"""Calendar months in UTC, the periods of invoices."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self


@dataclass(frozen=True, slots=True)
class Month:
    """From its first moment up to, not including, the first moment of the next one."""

    year: int
    month: int

    @classmethod
    def of(cls, moment: datetime) -> Self:
        """The month in which `moment` lies."""
        utc = moment.astimezone(UTC)
        return cls(utc.year, utc.month)

    @property
    def start(self) -> datetime:
        return datetime(self.year, self.month, 1, tzinfo=UTC)

    @property
    def end(self) -> datetime:
        return (self.start + timedelta(days=32)).replace(day=1)

    @property
    def hours(self) -> float:
        """How long it is."""
        return (self.end - self.start).total_seconds() / 3600

    def overlap(self, started: datetime, ended: datetime) -> float:
        """Hours of this month between two moments."""
        return max((min(ended, self.end) - max(started, self.start)).total_seconds() / 3600, 0.0)

    def touched(self, started: datetime, ended: datetime) -> bool:
        """Whether something that lasted from `started` to `ended` was there at any moment of this month."""
        return started < self.end and ended > self.start
