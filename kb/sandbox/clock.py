"""What time it is: a clock is any callable that returns an aware UTC datetime."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Return the time of this machine."""
    return datetime.now(UTC)


class MovableClock:
    """A clock that runs on from where it was set; `stopped` it only moves when told."""

    def __init__(self, start: datetime | None = None, *, stopped: bool = False, source: Clock = system_clock) -> None:
        self._source = source
        self._stopped = stopped
        self._set_at = source()
        self._shown = start.astimezone(UTC) if start else self._set_at

    def __call__(self) -> datetime:
        """Return the time that this clock shows."""
        return self._shown if self._stopped else self._shown + (self._source() - self._set_at)

    @property
    def ahead(self) -> timedelta:
        """How far it is before its source."""
        return self._shown - (self._source() if self._stopped else self._set_at)

    def set(self, moment: datetime) -> None:
        """Show `moment` now."""
        self._shown = moment.astimezone(UTC)
        self._set_at = self._source()

    def advance(self, step: timedelta) -> None:
        """Move on by `step`."""
        self._shown += step
