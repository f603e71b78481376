import pytest
from flask import Flask

from kb.access import Access
from kb.errors import SettingsInvalid
from kb.settings import Settings
from kb.web.hosts import answers_to, own_hosts

NAMED = own_hosts(Settings(url="https://help.example.org:8443", access=Access(hosts=("kb", "Hilfe.example.org"))))
UNNAMED = own_hosts(Settings())
THIS_MACHINE = (
    "localhost",
    "localhost:8000",
    "kb.localhost",
    "127.0.0.1",
    "127.0.0.1:8000",
    "[::1]:8000",
    "LOCALHOST.",
)


@pytest.mark.parametrize("host", THIS_MACHINE)
@pytest.mark.parametrize("own", [NAMED, UNNAMED])
def test_this_machine_is_always_answered(host: str, own: frozenset[str]) -> None:
    assert answers_to(host, own)


@pytest.mark.parametrize("host", ["help.example.org", "HELP.example.org:443", "kb:8000", "hilfe.example.org."])
def test_a_site_answers_to_the_names_in_its_settings(host: str) -> None:
    assert answers_to(host, NAMED)
    assert not answers_to(host, UNNAMED)


@pytest.mark.parametrize("host", ["192.168.1.5:8000", "[fe80::1]:8000", "203.0.113.9"])
def test_an_address_of_numbers_is_answered_where_no_name_is_set(host: str) -> None:
    assert answers_to(host, UNNAMED)
    assert not answers_to(host, NAMED)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "help.example.org.evil.example",
        "evil.example#help.example.org",
        "help.example.org@evil.example",
        "evil.example/help.example.org",
        "help.example.org:80:80",
        "localhost evil.example",
        "evillocalhost",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "hеlp.example.org",  # a Cyrillic letter
        "help.example.org\r\nX-Other: 1",
        "[::1",
        "",
    ],
)
@pytest.mark.parametrize("own", [NAMED, UNNAMED])
def test_no_other_name_is_answered(host: str, own: frozenset[str]) -> None:
    assert not answers_to(host, own)


def test_a_name_with_letters_of_another_script_is_known_as_browsers_send_it() -> None:
    assert answers_to("xn--hlfe-vpa.example.org", own_hosts(Settings(access=Access(hosts=("hílfe.example.org",)))))


def test_a_name_that_cannot_be_one_is_a_fault_of_the_settings() -> None:
    with pytest.raises(SettingsInvalid):
        own_hosts(Settings(access=Access(hosts=("a" * 80,))))


def test_another_name_gets_a_page_that_says_what_to_do(app: Flask) -> None:
    answer = app.test_client().get("/", headers={"Host": "evil.example"})
    assert 400 == answer.status_code
    assert "kb.toml" in answer.text
    assert "evil.example" not in answer.text


def test_machines_that_ask_for_our_health_may_use_any_name(app: Flask) -> None:
    assert 200 == app.test_client().get("/health", headers={"Host": "10.0.0.1.evil.example"}).status_code
