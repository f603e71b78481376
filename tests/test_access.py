"""Hosts, proxies, staff and limits as `kb.toml` says them."""

from pathlib import Path

import pytest

from kb.access import LIMITS, Access, Oidc, Rate
from kb.errors import SettingsInvalid
from kb.settings import read_settings


def told(folder: Path, toml: str) -> Access:
    (folder / "kb.toml").write_text(toml)
    return read_settings(folder).access


def test_without_settings_there_are_limits_and_no_staff(tmp_path: Path) -> None:
    assert Access() == told(tmp_path, "")
    assert LIMITS == Access().limits
    assert {} == Access().staff.users


def test_hosts_proxies_and_limits_are_read(tmp_path: Path) -> None:
    found = told(
        tmp_path,
        'hosts = ["kb"]\nproxies = 2\n[limits]\nstarts = "5/hour"\nevents = "9 / 15 minutes"\ncodes = "off"\n'
        "readers_per_address = 3\n",
    )
    assert (("kb",), 2, 3) == (found.hosts, found.proxies, found.readers_per_address)
    assert (Rate(5, 3600), Rate(9, 900), 0) == (
        found.limits["starts"],
        found.limits["events"],
        found.limits["codes"].count,
    )
    assert LIMITS["checks"] == found.limits["checks"]


def test_staff_and_their_provider_are_read(tmp_path: Path) -> None:
    found = told(
        tmp_path,
        '[staff]\nhours = 8\n[staff.users]\nann = ["author", "support"]\n[staff.oidc]\nissuer = "https://id.example"\n'
        'client_id = "kb"\nuser = "email"\n[staff.oidc.users]\n"oli@example.org" = ["operator"]\n'
        '[staff.oidc.claims]\nhelpers = ["support"]\n',
    ).staff
    assert (8, {"ann": ("author", "support")}) == (found.hours, found.users)
    expected = {"oli@example.org": ("operator",)}, {"helpers": ("support",)}
    assert Oidc("https://id.example", "kb", "email", "groups", *expected) == found.oidc  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ('[staff.users]\nann = ["boss"]', "staff.users.ann: there is no role “boss”. The roles are: reader, author"),
        ('[staff.users]\nann = "author"', "ann must be a list"),
        ('[staff.users]\nann = ["Author"]', "no role “Author”"),
        ("[staff]\nhours = 0", "hours must be a whole number of at least 1"),
        ("[staff]\nhours = 1000", "staff.hours must be at most 168"),
        ("[staff]\nbosses = 1", "unknown setting staff.bosses"),
        ('[staff.oidc]\nissuer = "https://id.example"', "staff.oidc needs issuer and client_id"),
        ('[staff.oidc]\nissuer = "http://id.example"\nclient_id = "kb"', "must begin with https://"),
        ('[staff.oidc]\nsecret = "x"', "unknown setting staff.oidc.secret"),
        (
            '[staff.oidc]\nissuer = "https://id.example"\nclient_id = "kb"\n[staff.oidc.claims]\nx = ["boss"]',
            "staff.oidc.claims.x: there is no role “boss”",
        ),
        ('[limits]\nstarts = "many"', 'limits.starts must be like "30/minute"'),
        ('[limits]\nstarts = "0/minute"', "limits.starts must be like"),
        ('[limits]\nstarts = "5/0 minutes"', "limits.starts must be like"),
        ("[limits]\nstarts = 5", "limits.starts must be like"),
        ("[limits]\nreaders_per_address = 0", "at least 1"),
        ('[limits]\nsleeps = "1/hour"', "unknown setting limits.sleeps"),
        ("proxies = -1", "proxies must be a whole number of at least 0"),
        ("proxies = true", "proxies must be a whole number"),
        ('hosts = "kb"', "hosts must be a list"),
    ],
)
def test_what_cannot_be_meant_is_named(tmp_path: Path, toml: str, words: str) -> None:
    with pytest.raises(SettingsInvalid) as wrong:
        told(tmp_path, toml)
    assert words in str(wrong.value)
