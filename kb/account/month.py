"""A month of the calendar, in UTC as invoices count it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from kb.dates import MonthInWords


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """One month, such as September 2019."""

    year: int
    number: int  # 1 to 12

    @classmethod
    def of(cls, moment: datetime) -> "Month":
        """The month in UTC of an aware moment."""
        utc = moment.astimezone(UTC)
        return cls(utc.year, utc.month)

    @property
    def next(self) -> "Month":
        """The month after."""
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def first_day(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last_day(self) -> date:
        """The last moment to delete something without a charge in the next month is the end of this day, UTC."""
        return self.next.first_day - timedelta(days=1)

    @property
    def invoiced(self) -> date:
        """The date that its invoice bears."""
        return self.next.first_day

    def until(self, last: "Month") -> tuple["Month", ...]:
        """All months from here up to `last`; just the one when `last` is earlier."""
        months = [self]
        while months[-1] < last:
            months.append(months[-1].next)
        return tuple(months)

    @property
    def named(self) -> MonthInWords:
        """`September 2019`, in the language of whoever reads it."""
        return MonthInWords(self.first_day)

    def __str__(self) -> str:
        return str(self.named)


def utc_day(moment: datetime) -> date:
    """The day in UTC of an aware moment."""
    return moment.astimezone(UTC).date()
