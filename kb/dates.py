"""Dates and times in words, as readers see them; always UTC."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def in_words(day: date) -> str:
    """`10 September 2019`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def moment(at: datetime) -> str:
    """`10 September 2019, 14:05 UTC`."""
    at = at.astimezone(UTC)
    return f"{in_words(at.date())}, {at:%H:%M} UTC"


@dataclass(frozen=True, slots=True)
class MonthInWords:
    """`September 2019`, by its first day."""

    first: date

    def __str__(self) -> str:
        return f"{MONTHS[self.first.month - 1]} {self.first.year}"


def iso_date(text: str) -> date | None:
    """The date that `2019-09-10` names; None for any other text, other ISO forms too."""
    try:
        return date.fromisoformat(text) if len(text) == 10 and text[4] == text[7] == "-" else None
    except ValueError:
        return None
