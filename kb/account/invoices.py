"""The answer to "which invoices still come": in words and as a timeline."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from kb.account.forecast import Forecast, forecast
from kb.account.month import Month, utc_day
from kb.checklist.check import Moment, Record, Shown, Shows
from kb.words import counted, enumerated, sentences, words

_NOT_CLOSED = words("The account is not closed yet. It is closed when the provider confirms it.")
_CONFIRMED = words("The provider confirms that the account is closed")
_UTC = words("Months begin and end in UTC.")
_FLAT = words(
    "Public IP addresses, networks and site-to-site VPNs are charged for whole months: one day in a new month costs "
    "that month."
)


def final_invoice(record: Record, params: Mapping[str, Any]) -> Shown:
    """Params: `rules`, 2019 (default) or 2015. One or two invoices, for which months, and why."""
    rules = str(params.get("rules", 2019))
    decided = forecast(record, rules)
    paragraphs = _paragraphs_2015(record, decided) if rules == "2015" else _paragraphs_2019(record, decided)
    return Shown(_title(record, decided), (*paragraphs, _NOT_CLOSED), _timeline(record, decided))


SHOWS: Mapping[str, Shows] = {"account.final_invoice": final_invoice}


def _title(record: Record, decided: Forecast) -> str:
    months = enumerated(words("{month}", month=month.named) for month in decided.months)
    if record.requested is None:
        return words("Your final invoice")
    if decided.open_end:
        return words("Invoices for {months}, and more until everything is deleted", months=months)
    if decided.fate == "unsure" and decided.expected:
        return words("One or two more invoices: {months}", months=months)
    if decided.expected:
        return words("Expect two more invoices: {months}", months=months)
    if len(decided.months) == 1:
        return words("One more invoice: {months}", months=months)
    return words("{count} more invoices: {months}", count=_number(len(decided.months)), months=months)


def _number(count: int) -> str:
    return {2: words("Two"), 3: words("Three"), 4: words("Four")}.get(count, str(count))


def _paragraphs_2019(record: Record, decided: Forecast) -> Iterator[str]:
    month = decided.sure[0]
    if record.requested is None:
        yield from _if_asked_now(record, month)
        return
    asked = utc_day(record.requested)
    if decided.fate == "gone":
        yield words(
            "Everything was deleted before you asked for the closure on {asked}{basis}.",
            asked=asked,
            basis=_basis(record),
        )
        yield words("You will get one final invoice, for {month}. {dated}", month=month.named, dated=_after(month))
        if decided.before:
            yield words(
                "The invoice for {before} comes as usual. The one for {month} may be zero.",
                before=decided.before.named,
                month=month.named,
            )
    elif decided.fate == "cleared" and record.cleared:
        yield from _cleared(decided, asked, utc_day(record.cleared))
    elif decided.fate == "left":
        yield from _left(record, decided, asked)
    else:
        yield words(
            "You asked for the closure on {asked}. We do not know whether everything was deleted before that.",
            asked=asked,
        )
        yield words(
            "If it was, you will get one final invoice, for {month}, dated {day}.",
            month=month.named,
            day=month.invoiced,
        )
        yield words(
            "If not, you will get a second one, for {month}, dated {day}.",
            month=month.next.named,
            day=month.next.invoiced,
        )


def _basis(record: Record) -> str:
    if record.basis != "checked":
        return words(", as you told us")
    if record.basis_at is None:
        return words(", which was checked")
    return words(". This was checked on {day}", day=utc_day(record.basis_at))


def _if_asked_now(record: Record, month: Month) -> Iterator[str]:
    yield words("You have not asked for the closure yet.")
    if record.left:
        yield counted(
            "{number} service is still billed. Delete everything first.",
            "{number} services are still billed. Delete everything first.",
            record.left,
        )
    yield words(
        "If everything is deleted before you ask, and you ask by {day}, you will get one final invoice, for {month}. "
        "{dated}",
        day=month.last_day,
        month=month.named,
        dated=_after(month),
    )
    second = words(
        "If something is left when you ask, you will get a second invoice, for {month}.", month=month.next.named
    )
    yield sentences(second, _FLAT, _UTC)


def _cleared(decided: Forecast, asked: date, cleared: date) -> Iterator[str]:
    month = decided.sure[0]
    yield words(
        "Something was left when you asked for the closure on {asked}. A check on {cleared} found that everything is "
        "gone.",
        asked=asked,
        cleared=cleared,
    )
    if decided.expected:
        yield words("You will get an invoice for {month}, dated {day}.", month=month.named, day=month.invoiced)
        yield words(
            "Expect one for {month} as well, dated {day}. The article announces it if something was left at the time "
            "of the request. There should be nothing to charge on it.",
            month=month.next.named,
            day=month.next.invoiced,
        )
    else:
        went_on = words(
            "Charges went on after {month}, so you will get invoices for {months}.",
            month=month.named,
            months=_dated(decided),
        )
        yield sentences(went_on, _UTC)


def _left(record: Record, decided: Forecast, asked: date) -> Iterator[str]:
    if record.left:
        yield counted(
            "You asked for the closure on {asked}. The last check found that {number} service is still billed.",
            "You asked for the closure on {asked}. The last check found that {number} services are still billed.",
            record.left,
            asked=asked,
        )
    else:
        yield words(
            "You told us that something was left when you asked for the closure on {asked}. Charges go on for it.",
            asked=asked,
        )
    yield words(
        "You will get invoices for {months}, and for every further month until everything is deleted.",
        months=_dated(decided),
    )
    now = Month.of(record.now)
    delete = words(
        "Delete what is left by {day}, so that nothing is charged for {month}.",
        day=now.last_day,
        month=now.next.named,
    )
    yield sentences(delete, _FLAT, _UTC)


def _paragraphs_2015(record: Record, decided: Forecast) -> Iterator[str]:
    month = decided.sure[0]
    if record.requested is None:
        yield words("You have not asked for the closure yet.")
        yield words(
            "If you ask by {day}, your final invoice will be for {month}.", day=month.last_day, month=month.named
        )
        yield _after(month)
    else:
        yield words("You asked for the closure on {day}.", day=utc_day(record.requested))
        yield words("Your final invoice will be for {month}. {dated}", month=month.named, dated=_after(month))
    if decided.fate in ("left", "unsure"):
        yield words(
            "Whatever is left is charged until it is deleted. The provider deletes it once your request is verified, "
            "which can take hours or days."
        )


def _after(month: Month) -> str:
    return words("It will be dated {day}, after the month has ended.", day=month.invoiced)


def _dated(decided: Forecast) -> str:
    return enumerated(words("{month} (dated {day})", month=month.named, day=month.invoiced) for month in decided.months)


def _timeline(record: Record, decided: Forecast) -> tuple[Moment, ...]:
    """Dated lines in order; the first one that has not happened is what comes next."""
    today = utc_day(record.now)
    past = _past(record, decided)
    comes = sorted(_to_come(decided), key=lambda line: line[0])
    happened = sorted([*past, *((when, text) for when, text, over in comes if over <= today)], key=lambda line: line[0])
    asked: list[tuple[date | None, str]] = [] if record.requested else [(None, words("You ask for the closure"))]
    ahead = [*asked, *((when, text) for when, text, over in comes if over > today), (None, _CONFIRMED)]
    return (
        *(Moment(when, text, "done") for when, text in happened),
        *(Moment(when, text, "later" if at else "next") for at, (when, text) in enumerate(ahead)),
    )


def _past(record: Record, decided: Forecast) -> Iterator[tuple[date, str]]:
    if record.basis_at and decided.fate == "gone":
        yield utc_day(record.basis_at), _gone_line(record)
    if record.requested:
        yield utc_day(record.requested), words("You asked for the closure")
    if record.cleared and decided.fate == "cleared":
        yield utc_day(record.cleared), words("Everything was found deleted")


def _to_come(decided: Forecast) -> Iterator[tuple[date, str, date]]:
    """Date, text, and the day from which it has happened: a month closes at the end of its last day."""
    if decided.before:
        before = words("Date of the invoice for {month}", month=decided.before.named)
        yield decided.before.invoiced, before, decided.before.invoiced
    for month in decided.months:
        yield month.last_day, words("{month} closes", month=month.named), month.invoiced
        yield month.invoiced, _invoice_line(month, decided), month.invoiced


def _gone_line(record: Record) -> str:
    if record.basis == "checked":
        return words("Everything was checked and found deleted")
    return words("You told us that everything is deleted")


def _invoice_line(month: Month, decided: Forecast) -> str:
    if decided.open_end or month != decided.months[-1]:
        return words("Date of the invoice for {month}", month=month.named)
    if month in decided.expected:
        return words("Date of the final invoice, for {month}, if one comes", month=month.named)
    return words("Date of the final invoice, for {month}", month=month.named)
