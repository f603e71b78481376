"""What the README says of settings, variables and commands is all there is, and all of it is there."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from kb.access import LIMITS, ROLES, Oidc
from kb.cli import COMMANDS
from kb.settings import AccountSettings, Settings

README = (Path(__file__).resolve().parent.parent / "README.md").read_text()
SETTINGS = [field.name for field in fields(Settings) if field.name not in ("account", "access")]
ACCESS = ["hosts", "proxies", *(f"limits.{name}" for name in LIMITS), "limits.readers_per_address"]
STAFF = ["staff.users", "staff.hours", "staff.oidc", *ROLES, *(field.name for field in fields(Oidc))]


@pytest.mark.parametrize(
    "name", [*SETTINGS, *ACCESS, *STAFF, *(f"account.{field.name}" for field in fields(AccountSettings))]
)
def test_every_setting_has_its_line(name: str) -> None:
    assert re.search(rf"`(\w+\.)?{re.escape(name)}`", README)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_line(name: str) -> None:
    assert f"`kb {name}" in README


def test_every_environment_variable_that_the_program_reads_has_its_line() -> None:
    code = "\n".join(path.read_text() for path in Path("kb").rglob("*.py"))
    read = set(re.findall(r'environ(?:\.get\(|\[)"(KB_\w+)"', code))
    assert read <= set(re.findall(r"`(KB_\w+)`", README))
    assert read
