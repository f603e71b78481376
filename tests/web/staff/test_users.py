import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kb.errors import NotFound, UsageError
from kb.web.staff.users import UserFile


@pytest.fixture
def file(tmp_path: Path) -> UserFile:
    return UserFile(tmp_path / "staff.json")


def test_a_user_is_found_however_the_name_is_written(file: UserFile) -> None:
    added = file.add(" Ännie@Example.org", "hash")
    assert "ännie@example.org" == added.name
    assert added == file.find("ÄNNIE@example.ORG ") == file.find("A\u0308nnie@example.org")


@pytest.mark.parametrize("name", ["", " ", "a b", "a\nb", "a/b", "a" * 65, "a\x00", "<b>", "\u202eann", "a:b"])
def test_a_name_that_cannot_be_one_is_refused(file: UserFile, name: str) -> None:
    with pytest.raises(UsageError):
        file.add(name, "hash")
    assert not file.path.exists()


def test_the_file_is_its_owner_s_alone_whatever_the_mask(file: UserFile) -> None:
    before = os.umask(0)
    try:
        file.add("ann", "hash")
    finally:
        os.umask(before)
    assert {0o600} == {stat.S_IMODE(path.stat().st_mode) for path in file.path.parent.iterdir()}


def test_a_name_is_taken_once(file: UserFile) -> None:
    file.add("ann", "one")
    with pytest.raises(UsageError, match="kb users passwd ann"):
        file.add("ANN", "two")
    found = file.find("ann")
    assert found
    assert "one" == found.hash


def test_another_password_has_another_stamp_and_another_hash_of_the_same_has_not(file: UserFile) -> None:
    first = file.add("ann", "one")
    file.rehash("ann", "one", "one again")
    second = file.find("ann")
    file.change("ann", "two")
    third = file.find("ann")
    assert second
    assert third
    assert (first.stamp, "one again") == (second.stamp, second.hash)
    assert third.stamp != first.stamp


def test_a_hash_that_was_replaced_meanwhile_is_not_renewed(file: UserFile) -> None:
    file.add("ann", "one")
    file.change("ann", "two")
    file.rehash("ann", "one", "one again")
    found = file.find("ann")
    assert found
    assert "two" == found.hash


def test_whoever_is_not_there_cannot_be_changed(file: UserFile) -> None:
    with pytest.raises(NotFound):
        file.remove("ann")
    with pytest.raises(NotFound):
        file.change("ann", "hash")


def test_many_changes_at_once_are_all_kept_and_leave_nothing_behind(file: UserFile) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: file.add(f"user{number}", "hash"), range(30)))
    assert 30 == len(file.users())
    assert {"staff.json", "staff.lock"} == {path.name for path in file.path.parent.iterdir()}


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_file_that_others_may_write_to_is_refused(file: UserFile, mode: int) -> None:
    file.add("ann", "hash")
    file.path.chmod(mode)
    with pytest.raises(UsageError, match="chmod 600"):
        file.find("ann")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"users": []}', '{"users": {"ann": {}}}', '{"users": {"ann": 1}}'])
def test_a_file_that_cannot_be_understood_is_named_and_never_replaced(file: UserFile, content: str) -> None:
    file.path.write_text(content)
    file.path.chmod(0o600)
    with pytest.raises(UsageError, match="cannot be read"):
        file.add("bob", "hash")
    assert content == file.path.read_text()


def test_a_file_of_no_users_is_as_good_as_none(file: UserFile) -> None:
    assert file.find("ann") is None
    file.path.write_text(json.dumps({"users": {}}))
    file.path.chmod(0o600)
    assert file.find("ann") is None
