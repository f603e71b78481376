"""The answer to "which invoices still come": in words and as a timeline."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from kb.account.forecast import Forecast, forecast
from kb.account.month import Month, in_words, utc_day
from kb.account.search_words import listed
from kb.checklist.check import Moment, Record, Shown, Shows

_NOT_CLOSED = "The account is not closed yet. It is closed when the provider confirms it."
_CONFIRMED = "The provider confirms that the account is closed"
_UTC = "Months begin and end in UTC."
_FLAT = (
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
    names = [str(month) for month in decided.months]
    if record.requested is None:
        return "Your final invoice"
    if decided.open_end:
        return f"Invoices for {listed(names)}, and more until everything is deleted"
    if decided.fate == "unsure" and decided.expected:
        return f"One or two more invoices: {listed(names)}"
    if decided.expected:
        return f"Expect two more invoices: {listed(names)}"
    return (
        f"One more invoice: {names[0]}" if len(names) == 1 else f"{_number(len(names))} more invoices: {listed(names)}"
    )


def _number(count: int) -> str:
    return {2: "Two", 3: "Three", 4: "Four"}.get(count, str(count))


def _paragraphs_2019(record: Record, decided: Forecast) -> Iterator[str]:
    month = decided.sure[0]
    if record.requested is None:
        yield from _if_asked_now(record, month)
        return
    asked = in_words(utc_day(record.requested))
    if decided.fate == "gone":
        yield f"Everything was deleted before you asked for the closure on {asked}{_basis(record)}."
        yield f"You will get one final invoice, for {month}. It will be dated {_after(month)}."
        if decided.before:
            yield f"The invoice for {decided.before} comes as usual. The one for {month} may be zero."
    elif decided.fate == "cleared" and record.cleared:
        yield from _cleared(decided, asked, utc_day(record.cleared))
    elif decided.fate == "left":
        yield from _left(record, decided, asked)
    else:
        yield f"You asked for the closure on {asked}. We do not know whether everything was deleted before that."
        yield f"If it was, you will get one final invoice, for {month}, dated {in_words(month.invoiced)}."
        yield f"If not, you will get a second one, for {month.next}, dated {in_words(month.next.invoiced)}."


def _basis(record: Record) -> str:
    if record.basis != "checked":
        return ", as you told us"
    return f". This was checked on {in_words(utc_day(record.basis_at))}" if record.basis_at else ", which was checked"


def _if_asked_now(record: Record, month: Month) -> Iterator[str]:
    yield "You have not asked for the closure yet."
    if record.left:
        yield f"{_services(record.left)} still billed. Delete everything first."
    yield (
        f"If everything is deleted before you ask, and you ask by {in_words(month.last_day)}, you will get one final "
        f"invoice, for {month}. It will be dated {_after(month)}."
    )
    yield f"If something is left when you ask, you will get a second invoice, for {month.next}. {_FLAT} {_UTC}"


def _cleared(decided: Forecast, asked: str, cleared: date) -> Iterator[str]:
    month = decided.sure[0]
    yield (
        f"Something was left when you asked for the closure on {asked}. A check on {in_words(cleared)} found that "
        f"everything is gone."
    )
    if decided.expected:
        yield f"You will get an invoice for {month}, dated {in_words(month.invoiced)}."
        yield (
            f"Expect one for {month.next} as well, dated {in_words(month.next.invoiced)}. The article announces it if "
            "something was left at the time of the request. There should be nothing to charge on it."
        )
    else:
        yield f"Charges went on after {month}, so you will get invoices for {_dated(decided)}. {_UTC}"


def _left(record: Record, decided: Forecast, asked: str) -> Iterator[str]:
    if record.left:
        yield f"You asked for the closure on {asked}. The last check found that {_services(record.left)} still billed."
    else:
        yield f"You told us that something was left when you asked for the closure on {asked}. Charges go on for it."
    yield f"You will get invoices for {_dated(decided)}, and for every further month until everything is deleted."
    now = Month.of(record.now)
    yield f"Delete what is left by {in_words(now.last_day)}, so that nothing is charged for {now.next}. {_FLAT} {_UTC}"


def _paragraphs_2015(record: Record, decided: Forecast) -> Iterator[str]:
    month = decided.sure[0]
    if record.requested is None:
        yield "You have not asked for the closure yet."
        yield f"If you ask by {in_words(month.last_day)}, your final invoice will be for {month}."
        yield f"It will be dated {_after(month)}."
    else:
        yield f"You asked for the closure on {in_words(utc_day(record.requested))}."
        yield f"Your final invoice will be for {month}. It will be dated {_after(month)}."
    if decided.fate in ("left", "unsure"):
        yield (
            "Whatever is left is charged until it is deleted. The provider deletes it once your request is verified, "
            "which can take hours or days."
        )


def _after(month: Month) -> str:
    return f"{in_words(month.invoiced)}, after the month has ended"


def _services(count: int) -> str:
    return "1 service is" if count == 1 else f"{count} services are"


def _dated(decided: Forecast) -> str:
    return listed([f"{month} (dated {in_words(month.invoiced)})" for month in decided.months])


def _timeline(record: Record, decided: Forecast) -> tuple[Moment, ...]:
    """Dated lines in order; the first one that has not happened is what comes next."""
    today = utc_day(record.now)
    past = _past(record, decided)
    comes = sorted(_to_come(decided), key=lambda line: line[0])
    happened = sorted([*past, *((when, text) for when, text, over in comes if over <= today)], key=lambda line: line[0])
    asked: list[tuple[date | None, str]] = [] if record.requested else [(None, "You ask for the closure")]
    ahead = [*asked, *((when, text) for when, text, over in comes if over > today), (None, _CONFIRMED)]
    return (
        *(Moment(when, text, "done") for when, text in happened),
        *(Moment(when, text, "later" if at else "next") for at, (when, text) in enumerate(ahead)),
    )


def _past(record: Record, decided: Forecast) -> Iterator[tuple[date, str]]:
    if record.basis_at and decided.fate == "gone":
        yield utc_day(record.basis_at), _gone_line(record)
    if record.requested:
        yield utc_day(record.requested), "You asked for the closure"
    if record.cleared and decided.fate == "cleared":
        yield utc_day(record.cleared), "Everything was found deleted"


def _to_come(decided: Forecast) -> Iterator[tuple[date, str, date]]:
    """Date, text, and the day from which it has happened: a month closes at the end of its last day."""
    if decided.before:
        yield decided.before.invoiced, f"Date of the invoice for {decided.before}", decided.before.invoiced
    for month in decided.months:
        yield month.last_day, f"{month} closes", month.invoiced
        yield month.invoiced, _invoice_line(month, decided), month.invoiced


def _gone_line(record: Record) -> str:
    if record.basis == "checked":
        return "Everything was checked and found deleted"
    return "You told us that everything is deleted"


def _invoice_line(month: Month, decided: Forecast) -> str:
    if decided.open_end or month != decided.months[-1]:
        return f"Date of the invoice for {month}"
    maybe = ", if one comes" if month in decided.expected else ""
    return f"Date of the final invoice, for {month}{maybe}"
