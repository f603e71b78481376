from typing import Literal

import pytest
from argon2 import PasswordHasher

from kb.errors import UsageError
from kb.web.staff.passwords import LONGEST, SHORTEST, Passwords
from tests.web.staff.team import QUICK


def test_only_the_password_fits() -> None:
    stored = QUICK.hash("correct horse battery")
    assert QUICK.fits(stored, "correct horse battery")
    assert not QUICK.fits(stored, "correct horse batterz")
    assert not QUICK.fits(stored, "")


def test_composed_letters_are_the_same_however_they_are_typed() -> None:
    assert QUICK.fits(QUICK.hash("pässwörter sind gut"), "pa\u0308sswo\u0308rter sind gut")


@pytest.mark.parametrize("password", ["", "a" * (SHORTEST - 1), "a" * (LONGEST + 1)])
def test_a_password_of_another_length_is_refused(password: str) -> None:
    with pytest.raises(UsageError, match="12 to 500"):
        QUICK.hash(password)


@pytest.mark.parametrize("typed", ["", "x" * 100_000, "\x00", "\ud800", "password"])
@pytest.mark.parametrize("stored", [None, "", "no hash", "$argon2id$v=19$m=8,t=1,p=1$$"])
def test_nothing_fits_where_there_is_no_user_or_no_hash(stored: str | None, typed: str) -> None:
    assert not QUICK.fits(stored, typed)


def test_for_nobody_the_same_work_is_done_as_for_a_user() -> None:
    """The hash that is compared with has the parameters, and the lengths, of those that are made."""
    asked: list[str] = []

    class Noting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:
            asked.append(str(hash))
            return super().verify(hash, password)

    passwords = Passwords(Noting(time_cost=1, memory_cost=8, parallelism=1))
    passwords.fits(passwords.hash("correct horse battery"), "wrong")
    passwords.fits(None, "wrong")
    known, nobody = (one.split("$") for one in asked)
    assert known[:4] == nobody[:4]
    assert [len(part) for part in known] == [len(part) for part in nobody]


def test_a_hash_of_other_parameters_is_old() -> None:
    assert Passwords().is_old(QUICK.hash("correct horse battery"))
    assert not QUICK.is_old(QUICK.hash("correct horse battery"))
