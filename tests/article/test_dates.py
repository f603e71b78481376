from datetime import date

import pytest

from kb.article.dates import parse_date


@pytest.mark.parametrize(
    ("text", "day", "usual"),
    [
        ("2015-11-04", date(2015, 11, 4), True),
        ("11-04-2015", date(2015, 11, 4), True),
        ("1-5-2015", date(2015, 1, 5), True),
        ("10/27/2015", date(2015, 10, 27), False),
        ("06-20-16", date(2016, 6, 20), False),
        ("May 19, 2016", date(2016, 5, 19), False),
        ("May 19 2016", date(2016, 5, 19), False),
        ("19 May, 2016", date(2016, 5, 19), False),
        ("Updated 5-4-2016 by me", date(2016, 5, 4), False),
        ("05-20-1-6", None, False),
        ("13-05-2016", None, True),
        ("02-30-2016", None, True),
        ("soon", None, False),
        ("9" * 10_000, None, False),
    ],
)
def test_a_date_is_read_month_first_or_not_at_all(text: str, day: date | None, usual: bool) -> None:
    assert parse_date(text) == (day, usual)
