"""The answer about the final invoice, in words and as a timeline."""

from datetime import UTC, datetime
from typing import Any

import pytest

from kb.account.invoices import SHOWS
from kb.checklist.check import Record, Shown

final_invoice = SHOWS["account.final_invoice"]
ASKED = datetime(2019, 9, 10, 12, 0, tzinfo=UTC)
NOT_CLOSED = "The account is not closed yet. It is closed when the provider confirms it."


def shown(basis: Any = "checked", rules: int = 2019, **fields: Any) -> Shown:
    values = {"now": datetime(2019, 9, 13, tzinfo=UTC), "requested": ASKED, "basis_at": None, **fields}
    return final_invoice(Record(basis=basis, **values), {"rules": rules})


def lines(answer: Shown) -> list[tuple[str | None, str, str]]:
    return [(moment.when.isoformat() if moment.when else None, moment.text, moment.state) for moment in answer.timeline]


def test_everything_gone_before_the_request_means_one_invoice() -> None:
    answer = shown(basis_at=datetime(2019, 9, 8, tzinfo=UTC))
    assert answer.title == "One more invoice: September 2019"
    assert answer.paragraphs == (
        "Everything was deleted before you asked for the closure on 10 September 2019. This was checked on "
        "8 September 2019.",
        "You will get one final invoice, for September 2019. It will be dated 1 October 2019, after "
        "the month has ended.",
        NOT_CLOSED,
    )
    assert lines(answer) == [
        ("2019-09-08", "Everything was checked and found deleted", "done"),
        ("2019-09-10", "You asked for the closure", "done"),
        ("2019-09-30", "September 2019 closes", "next"),
        ("2019-10-01", "Date of the final invoice, for September 2019", "later"),
        (None, "The provider confirms that the account is closed", "later"),
    ]


def test_the_readers_word_is_named_as_such() -> None:
    answer = shown("said-done", basis_at=ASKED)
    assert answer.paragraphs[0].endswith("on 10 September 2019, as you told us.")
    assert lines(answer)[0][1] == "You told us that everything is deleted"


def test_gone_after_the_request_in_its_month_means_expect_two() -> None:
    answer = shown("said-left", left=0, cleared=datetime(2019, 9, 12, tzinfo=UTC))
    assert answer.title == "Expect two more invoices: September 2019 and October 2019"
    assert "There should be nothing to charge on it." in " ".join(answer.paragraphs)
    assert lines(answer)[-2:] == [
        ("2019-11-01", "Date of the final invoice, for October 2019, if one comes", "later"),
        (None, "The provider confirms that the account is closed", "later"),
    ]


def test_gone_in_the_next_month_means_two() -> None:
    requested = datetime(2019, 12, 31, 12, 0, tzinfo=UTC)
    cleared = datetime(2020, 1, 2, tzinfo=UTC)
    answer = shown("said-left", requested=requested, cleared=cleared, now=cleared)
    assert answer.title == "Two more invoices: December 2019 and January 2020"
    dated = "December 2019 (dated 1 January 2020) and January 2020 (dated 1 February 2020)"
    assert dated in " ".join(answer.paragraphs)
    assert lines(answer) == [
        ("2019-12-31", "You asked for the closure", "done"),
        ("2019-12-31", "December 2019 closes", "done"),
        ("2020-01-01", "Date of the invoice for December 2019", "done"),
        ("2020-01-02", "Everything was found deleted", "done"),
        ("2020-01-31", "January 2020 closes", "next"),
        ("2020-02-01", "Date of the final invoice, for January 2020", "later"),
        (None, "The provider confirms that the account is closed", "later"),
    ]


def test_something_still_left_means_invoices_without_end() -> None:
    answer = shown("said-left", left=2)
    assert answer.title == "Invoices for September 2019 and October 2019, and more until everything is deleted"
    text = " ".join(answer.paragraphs)
    assert "The last check found that 2 services are still billed." in text
    assert "Delete what is left by 30 September 2019, so that nothing is charged for October 2019." in text
    assert not any("final" in moment.text for moment in answer.timeline)


def test_left_by_the_readers_word_alone_is_said_so() -> None:
    assert shown("said-left").paragraphs[0].startswith("You told us that something was left")


def test_nobody_knowing_means_one_or_two() -> None:
    answer = shown("none")
    assert answer.title == "One or two more invoices: September 2019 and October 2019"
    assert answer.paragraphs[1:3] == (
        "If it was, you will get one final invoice, for September 2019, dated 1 October 2019.",
        "If not, you will get a second one, for October 2019, dated 1 November 2019.",
    )


@pytest.mark.parametrize(("left", "starts"), [(None, "If everything"), (1, "1 service is still billed.")])
def test_before_the_request_it_says_what_would_come(left: int | None, starts: str) -> None:
    answer = shown("none", requested=None, left=left, now=datetime(2020, 2, 28, tzinfo=UTC))
    assert answer.title == "Your final invoice"
    assert answer.paragraphs[1].startswith(starts)
    assert "you ask by 29 February 2020" in " ".join(answer.paragraphs)
    assert lines(answer)[0] == (None, "You ask for the closure", "next")


def test_a_month_closes_at_the_end_of_its_last_day() -> None:
    last_day = shown(basis_at=ASKED, now=datetime(2019, 9, 30, 23, 0, tzinfo=UTC))
    day_after = shown(basis_at=ASKED, now=datetime(2019, 10, 1, 0, 0, tzinfo=UTC))
    assert ("2019-09-30", "September 2019 closes", "next") in lines(last_day)
    assert lines(day_after)[-1] == (None, "The provider confirms that the account is closed", "next")


def test_a_check_in_the_month_before_keeps_that_months_usual_invoice() -> None:
    requested = datetime(2019, 10, 1, 0, 5, tzinfo=UTC)
    answer = shown(requested=requested, basis_at=datetime(2019, 9, 30, 23, 55, tzinfo=UTC), now=requested)
    assert "The invoice for September 2019 comes as usual. The one for October 2019 may be zero." in answer.paragraphs


@pytest.mark.parametrize("basis", ["checked", "said-done", "said-left", "none"])
def test_the_rules_of_2015_know_one_invoice(basis: str) -> None:
    answer = shown(basis, rules=2015)
    assert answer.title == "One more invoice: September 2019"
    warned = any("charged until it is deleted" in text for text in answer.paragraphs)
    assert warned == (basis in ("said-left", "none"))


@pytest.mark.parametrize("rules", [2015, 2019])
@pytest.mark.parametrize("basis", ["checked", "said-done", "said-left", "none"])
@pytest.mark.parametrize("requested", [None, ASKED])
@pytest.mark.parametrize("left", [None, 0, 1])
def test_it_always_ends_with_the_account_not_being_closed(rules: int, basis: str, requested: Any, left: Any) -> None:
    answer = shown(basis, rules=rules, requested=requested, left=left)
    assert answer.paragraphs[-1] == NOT_CLOSED
    assert [moment.state for moment in answer.timeline].count("next") == 1
    assert "!" not in " ".join(answer.paragraphs)
