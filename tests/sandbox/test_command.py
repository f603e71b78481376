"""`kb sandbox`: the options that the other tests of the sandbox do not reach."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import httpx
import pytest
from click.testing import CliRunner

from kb.cli.sandbox import sandbox
from kb.errors import UsageError


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
