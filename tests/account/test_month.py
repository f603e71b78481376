"""Months as invoices count them."""

from datetime import date

import pytest

from kb.account.month import Month
from kb.dates import in_words


@pytest.mark.parametrize(
    ("month", "name", "last_day", "invoiced"),
    [
        (Month(2019, 9), "September 2019", date(2019, 9, 30), date(2019, 10, 1)),
        (Month(2019, 12), "December 2019", date(2019, 12, 31), date(2020, 1, 1)),
        (Month(2020, 2), "February 2020", date(2020, 2, 29), date(2020, 3, 1)),
        (Month(2019, 2), "February 2019", date(2019, 2, 28), date(2019, 3, 1)),
    ],
)
def test_a_month_closes_on_its_last_day_and_is_invoiced_the_day_after(
    month: Month, name: str, last_day: date, invoiced: date
) -> None:
    assert (str(month), month.last_day, month.invoiced) == (name, last_day, invoiced)


def test_months_are_counted_over_the_year() -> None:
    assert Month(2019, 11).until(Month(2020, 1)) == (Month(2019, 11), Month(2019, 12), Month(2020, 1))
    assert Month(2019, 11).until(Month(2019, 9)) == (Month(2019, 11),)


def test_days_are_said_in_words() -> None:
    assert in_words(date(2019, 9, 10)) == "10 September 2019"
