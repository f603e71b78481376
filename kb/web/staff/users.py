"""The file of the local users of the staff: names and hashes of passwords. Their roles are in `kb.toml`."""

import fcntl
import json
import os
import re
import secrets
import stat
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.errors import NotFound, UsageError

FILE_NAME = "staff.json"
NAME = re.compile(r"[\w.@+-]{1,64}")
OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


@dataclass(frozen=True, slots=True)
class LocalUser:
    """`stamp` changes with the password: sign-ins from before it end."""

    name: str
    hash: str
    stamp: str


@dataclass(frozen=True, slots=True)
class UserFile:
    """The users in one file, which its owner alone can read. Every method raises UsageError if it cannot be used."""

    path: Path

    def find(self, name: str) -> LocalUser | None:
        """The user of this name, however it is written."""
        return self.users().get(plain_name(name))

    def users(self) -> Mapping[str, LocalUser]:
        """All users by name. A file that others may write to could name anybody: it is refused."""
        try:
            if self.path.stat().st_mode & OTHERS_WRITE:
                raise UsageError(f"Others may write to {self.path}: chmod 600 it, and look at who is in it.")
            entries = json.loads(self.path.read_text(encoding="utf-8"))["users"]
            return {name: LocalUser(name, entry["hash"], entry["stamp"]) for name, entry in entries.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise UsageError(f"{self.path} cannot be read as a file of users: {error!r}") from error

    def add(self, name: str, hash: str) -> LocalUser:
        """A new user. Raises UsageError for a name that cannot be one, or is taken."""
        plain = plain_name(name)
        if not NAME.fullmatch(plain):
            raise UsageError("A user name has up to 64 letters, digits, or any of . @ + - _")
        with self._changing() as users:
            if plain in users:
                raise UsageError(f"There is a user {plain} already. `kb users passwd {plain}` changes the password.")
            users[plain] = LocalUser(plain, hash, secrets.token_hex(16))
        return users[plain]

    def change(self, name: str, hash: str) -> None:
        """Another password: whoever is signed in with the old one is not any more. Raises NotFound."""
        self._replace(name, lambda user: LocalUser(user.name, hash, secrets.token_hex(16)))

    def rehash(self, name: str, old: str, hash: str) -> None:
        """The same password, hashed anew, unless it was changed in the meantime. Raises NotFound."""
        self._replace(name, lambda user: LocalUser(user.name, hash if user.hash == old else user.hash, user.stamp))

    def remove(self, name: str) -> None:
        """No such user any more. Raises NotFound."""
        with self._changing() as users:
            if users.pop(plain_name(name), None) is None:
                raise NotFound(f"There is no user {name}.")

    def _replace(self, name: str, change: Callable[[LocalUser], LocalUser]) -> None:
        plain = plain_name(name)
        with self._changing() as users:
            if plain not in users:
                raise NotFound(f"There is no user {name}.")
            users[plain] = change(users[plain])

    @contextmanager
    def _changing(self) -> Iterator[dict[str, LocalUser]]:
        """The users, written back when the block ends well: one change after the other, never half a file."""
        try:
            lock = os.open(self.path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise UsageError(f"{self.path} cannot be changed: {error.strerror}.") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            users = dict(self.users())
            yield users
            _write(self.path, {user.name: {"hash": user.hash, "stamp": user.stamp} for user in users.values()})
        finally:
            os.close(lock)


def plain_name(name: str) -> str:
    """The one way in which a name is kept and compared."""
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _write(path: Path, users: Mapping[str, Mapping[str, Any]]) -> None:
    aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            json.dump({"users": users}, file, indent=1, sort_keys=True, ensure_ascii=False)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise UsageError(f"{path} cannot be changed: {error.strerror}.") from error
