"""Which invoices still come, decided from the dates of a run: the rules of both editions of the article."""

from dataclasses import dataclass
from typing import Literal

from kb.account.month import Month
from kb.checklist.check import Record

Fate = Literal["gone", "cleared", "left", "unsure"]


@dataclass(frozen=True, slots=True)
class Forecast:
    """`sure` invoices come; `expected` ones the rules announce, though nothing may be left to charge."""

    fate: Fate  # gone before the request, cleared after it, still left, or nobody knows
    sure: tuple[Month, ...]
    expected: tuple[Month, ...] = ()
    open_end: bool = False  # and one for each further month until everything is gone
    before: Month | None = None  # an earlier month whose invoice comes as usual

    @property
    def months(self) -> tuple[Month, ...]:
        """All months that an invoice is to be expected for."""
        return self.sure + self.expected


def forecast(record: Record, rules: str) -> Forecast:
    """Decide for a run whose request was sent, or as if it were sent now. `rules`: "2015" or "2019"."""
    month = Month.of(record.requested or record.now)
    fate = fate_of(record)
    if rules == "2015":  # says one invoice whatever is left: the staff deletes it
        return Forecast(fate, (month,))
    if fate == "gone":
        return Forecast(fate, (month,), before=_earlier(record, month))
    if fate == "cleared" and record.cleared is not None:
        return _cleared(month, Month.of(record.cleared))
    if fate == "left":
        return Forecast(fate, month.until(max(month.next, Month.of(record.now))), open_end=True)
    return Forecast(fate, (month,), expected=(month.next,))


def fate_of(record: Record) -> Fate:
    """What became of the services. A later look that found something outweighs every word before it."""
    if record.left:
        return "left"
    if record.basis in ("checked", "said-done"):
        return "gone"
    if record.basis == "said-left":
        return "cleared" if record.cleared else "left"
    if record.requested is None and record.left == 0:
        return "gone"
    return "unsure"


def _cleared(month: Month, cleared: Month) -> Forecast:
    """Deleted after the request: in the same month the rules still announce a second invoice."""
    if cleared <= month:
        return Forecast("cleared", (month,), expected=(month.next,))
    return Forecast("cleared", month.until(cleared))


def _earlier(record: Record, month: Month) -> Month | None:
    """The month in which everything was found deleted, if that was before the month of the request."""
    if record.basis != "checked" or record.basis_at is None:
        return None
    found = Month.of(record.basis_at)
    return found if found < month else None
