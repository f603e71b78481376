"""What we give to others for their own repositories works with the commands as they are."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from kb.cli import commands

CHECKOUT = Path(__file__).resolve().parent.parent.parent
HOOKS = yaml.safe_load((CHECKOUT / ".pre-commit-hooks.yaml").read_text())
WORKFLOW = (CHECKOUT / ".github" / "workflows" / "check-articles.example.yml").read_text()
RUNS = re.findall(r"run: (kb .*)", WORKFLOW)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    root = tmp_path / "my articles"
    (root / "Hands").mkdir(parents=True)
    (root / "Hands" / "good.md").write_text("---\ntitle: Good\ndate: 2026-01-01\nauthor: Us\n---\nText.\n")
    return root


@pytest.mark.parametrize("hook", HOOKS, ids=[hook["id"] for hook in HOOKS])
def test_a_hook_runs(library: Path, hook: dict[str, Any]) -> None:
    words = [*shlex.split(hook["entry"])[1:], str(library)]
    assert 0 == CliRunner().invoke(commands, words, catch_exceptions=False).exit_code
    assert not hook["pass_filenames"]


@pytest.mark.parametrize("line", RUNS)
def test_the_workflow_runs(library: Path, line: str) -> None:
    words = shlex.split(line.replace("$LIBRARY", str(library)).replace(".kb-answers", str(library.parent / "data")))
    done = CliRunner().invoke(commands, words[1:], catch_exceptions=False)
    assert (0, "") == (done.exit_code, done.stdout)


def test_the_workflow_has_commands_and_never_starts_by_itself_here() -> None:
    assert 2 == len(RUNS)
    assert {"workflow_dispatch": None} == yaml.safe_load(WORKFLOW)[True]  # YAML reads the key `on` as true


@pytest.mark.parametrize(("terminal", "shown"), [(True, True), (False, False)])
def test_only_a_terminal_is_told_that_work_goes_on(tmp_path: Path, terminal: bool, shown: bool) -> None:
    for number in range(300):
        (tmp_path / f"a{number}.md").write_text("# A\n\nText.\n" * 20)
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "kb", "check", str(tmp_path), "--select", "nothing"]
    done = subprocess.run(command, stderr=theirs if terminal else subprocess.PIPE, stdout=subprocess.PIPE, cwd=CHECKOUT)
    os.close(theirs)
    said = b"".join(_read_all(ours)) if terminal else done.stderr
    os.close(ours)
    assert shown == (b"Reading the articles" in said)
    assert b"300 articles: 0 errors, 0 warnings" in said
    assert b"" == done.stdout


def _read_all(terminal: int) -> Iterator[bytes]:
    """What was written to a terminal whose other end is closed."""
    while True:
        try:
            yield os.read(terminal, 4096)
        except OSError:  # Linux says so at the end
            return
