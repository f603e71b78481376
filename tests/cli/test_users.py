"""`kb users`, as it is typed: passwords come from standard input, never from an argument."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.typed import typed

PASSWORD = "correct horse battery"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    (tmp_path / "kb.toml").write_text('[staff.users]\nAnn = ["author", "support"]\n')
    return tmp_path


def users(library: Path, *words: str, given: str = "") -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "kb", "users", *words, "--library", str(library)]
    return subprocess.run(command, input=given, capture_output=True, text=True, timeout=120, check=False)


def test_a_user_is_added_listed_changed_and_removed(library: Path) -> None:
    assert "ann can sign in at /staff/ (author, support)." in users(library, "add", "ann", given=PASSWORD).stdout
    bob = users(library, "add", "Bob", given=f"{PASSWORD}\n")
    assert 'Give bob a role in kb.toml, under [staff.users]: "bob" = ["author"]' in bob.stdout
    assert "ann\tauthor, support\nbob\t(no role)\n" == users(library, "list").stdout
    before = (library / ".kb" / "staff.json").read_text()
    assert 0 == users(library, "passwd", "ann", given=f"{PASSWORD}!").returncode
    assert before != (library / ".kb" / "staff.json").read_text()
    assert 0 == users(library, "remove", "ann").returncode
    assert "bob\t(no role)\n" == users(library, "list").stdout
    assert PASSWORD not in (library / ".kb" / "staff.json").read_text()


@pytest.mark.parametrize(
    ("words", "given", "code", "said"),
    [
        (("add", "ann"), "", 2, "Pipe the password in"),
        (("add", "ann"), "short", 2, "A password has 12 to 500 characters."),
        (("add", "a/b"), PASSWORD, 2, "A user name has up to 64"),
        (("add", "ann", PASSWORD), "", 2, "unexpected extra argument"),
        (("passwd", "nobody"), PASSWORD, 1, "There is no user nobody."),
        (("remove", "nobody"), "", 1, "There is no user nobody."),
    ],
)
def test_wrong_use_is_named(library: Path, words: tuple[str, ...], given: str, code: int, said: str) -> None:
    done = typed("users", *words, "--library", str(library), given=given)
    assert code == done.returncode
    assert said in done.stderr
    assert PASSWORD not in done.stderr or PASSWORD in words
