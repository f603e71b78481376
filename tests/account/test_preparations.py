"""What is prepared for the reader to send."""

import pytest

from kb.account.preparations import PREPARES
from tests.account.fake_api import FakeApi, account_of, asked


@pytest.mark.parametrize(
    ("name", "to"), [("account.service_task_mail", "ServiceTasks@ctl.io"), ("account.closure_request", "help@ctl.io")]
)
def test_a_mail_names_the_account_and_leaves_the_pin_to_the_reader(name: str, to: str) -> None:
    api = FakeApi()
    with account_of(api) as account:
        prepared = PREPARES[name](account, asked())
    assert prepared.to == to
    assert "ABCD" in prepared.subject
    for line in (
        "Account alias: ABCD",
        "Control Portal user name: pat.abcd",
        "User PIN: [your PIN]",
        "Data centre: VA1",
    ):
        assert line in prepared.body.splitlines()
    assert api.asked == []


@pytest.mark.parametrize("name", ["account.service_task_mail", "account.closure_request"])
def test_a_reader_who_is_not_signed_in_gets_placeholders(name: str) -> None:
    prepared = PREPARES[name](None, asked())
    assert "Account alias: [your account alias]" in prepared.body
    assert "[your account alias]" in prepared.subject


def test_the_service_task_says_its_price_and_when_the_estimate_comes() -> None:
    notes = " ".join(PREPARES["account.service_task_mail"](None, asked()).notes)
    assert "$195 an hour, for 2 hours at least" in notes
    assert "within one business day" in notes


def test_the_closure_may_be_asked_by_ticket_instead() -> None:
    prepared = PREPARES["account.closure_request"](None, asked({"by": "mail"}))
    assert prepared.links == (("Submit a ticket instead", "https://support.ctl.io"),)
    assert (prepared.address, prepared.warning, prepared.done) == ("", "", "I have sent it")


def test_the_portals_address_needs_a_confirmation() -> None:
    prepared = PREPARES["account.closure_request"](None, asked({"by": "portal", "address": "https://portal.example/x"}))
    assert prepared.address == "https://portal.example/x"
    assert "at once, without asking again" in prepared.warning
    assert prepared.done == "I have clicked it"
    assert prepared.to == prepared.body == ""
