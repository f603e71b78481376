"""`kb sandbox`: the options that the other tests of the sandbox do not reach."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import httpx
import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from kb.cli.sandbox import sandbox
from kb.errors import UsageError
from kb.sandbox.scenario import names, read_scenario


@contextmanager
def _running(*options: str) -> Iterator[str]:
    command = [sys.executable, "-m", "kb", "sandbox", "--port", "0", "--until-stdin-closes", *options]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield process.stdout.readline().strip()


def test_time_starts_where_it_is_told_and_runs_on() -> None:
    with _running("--clock", "2026-01-31T23:59:00Z", "--ephemeral") as url:
        shown = httpx.get(f"{url}/_sandbox/clock").json()["now"]
        moved = httpx.post(f"{url}/_sandbox/clock", json={"advance": "1h"}).json()["now"]

    assert shown.startswith(("2026-01-31T23:59", "2026-02-01T00:0"))
    assert moved.startswith(("2026-02-01T00:59", "2026-02-01T01:0"))


def test_the_schema_of_scenarios_is_printed_and_every_scenario_fits_it() -> None:
    printed = CliRunner().invoke(sandbox, ["--schema"])

    assert printed.exit_code == 0
    schema = json.loads(printed.output)
    Draft202012Validator.check_schema(schema)
    for name in names():
        Draft202012Validator(schema).validate(read_scenario(name).data)


def test_the_schema_describes_every_member_that_a_scenario_may_have() -> None:
    """What scenarios that come with kb use is in it, and it allows nothing that it does not name."""
    schema = json.loads(CliRunner().invoke(sandbox, ["--schema"]).output)

    objects = [schema, *(each for each in schema["$defs"].values() if each.get("type") == "object")]
    assert all(each["additionalProperties"] is False for each in objects)


@pytest.mark.parametrize("options", [["--scenario", "list"], ["--help"]])
def test_scenarios_are_listed_with_their_titles(options: list[str]) -> None:
    listed = CliRunner().invoke(sandbox, options)

    assert listed.exit_code == 0
    for name in names():
        assert re.search(rf"^ *{name} +{re.escape(read_scenario(name).title)}$", listed.output, re.MULTILINE)


def test_help_names_every_fault() -> None:
    shown = CliRunner().invoke(sandbox, ["--help"]).output

    assert all(each in shown for each in ("slow:2", "fail:50%", "hang", "jobs:unknown", "jobs:resumed"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--clock", "soon"], "soon is no time"),
        (["--clock", "2026-13-01"], "no time"),
        (["--ephemeral", "--state", "x.db"], "choose one"),
        (["--scenario", "nonesuch"], "There is no scenario"),
        (["--faults", "explode"], "Known are"),
    ],
)
def test_wrong_options_are_wrong_use(options: Sequence[str], message: str) -> None:
    result = CliRunner().invoke(sandbox, options)

    assert isinstance(result.exception, UsageError)
    assert message in str(result.exception)
