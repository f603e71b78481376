"""`kb` as it is typed, but in this process: to start another one takes longer than most tests."""

import io
from contextlib import redirect_stderr, redirect_stdout
from subprocess import CompletedProcess

import pytest

from kb.cli import main


def typed(*words: str, given: str = "") -> "CompletedProcess[str]":
    """The exit code and what was said; an error that the command does not expect is raised here."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr("sys.stdin", io.StringIO(given))
        with pytest.raises(SystemExit) as ended:
            main(words)
    return CompletedProcess(words, int(ended.value.code or 0), out.getvalue(), err.getvalue())
