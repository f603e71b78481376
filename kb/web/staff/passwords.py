"""Passwords of the staff: argon2id, the same work whether or not there is such a user."""

import secrets
import unicodedata
from base64 import b64encode
from dataclasses import dataclass, field
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from kb.errors import UsageError

SHORTEST, LONGEST = 12, 500  # characters
AT_ONCE = 2  # each takes the memory that the hasher asks for: many at once would take all


@dataclass(frozen=True, slots=True)
class Passwords:
    """Makes and compares hashes."""

    hasher: PasswordHasher = field(default_factory=PasswordHasher)
    turns: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(AT_ONCE))

    def hash(self, password: str) -> str:
        """The hash to store. Raises UsageError for a password that is too short or too long."""
        if not SHORTEST <= len(password) <= LONGEST:
            raise UsageError(f"A password has {SHORTEST} to {LONGEST} characters.")
        with self.turns:
            return self.hasher.hash(_plain(password))

    def fits(self, stored: str | None, password: str) -> bool:
        """Whether this is the password; `stored` is None if there is no such user."""
        with self.turns:
            try:
                return self.hasher.verify(stored or self._of_nobody(), _plain(password[: LONGEST + 1]))
            except (Argon2Error, InvalidHashError):
                return False

    def is_old(self, stored: str) -> bool:
        """Whether the hash was made with other parameters than new ones."""
        return self.hasher.check_needs_rehash(stored)

    def _of_nobody(self) -> str:
        """A hash that no password has, with the parameters of new ones."""
        given = self.hasher
        salt, digest = secrets.token_bytes(given.salt_len), secrets.token_bytes(given.hash_len)
        cost = f"m={given.memory_cost},t={given.time_cost},p={given.parallelism}"
        return f"$argon2id$v=19${cost}${_base64(salt)}${_base64(digest)}"


def _plain(password: str) -> bytes:
    """The same bytes however a keyboard composes the characters."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "replace")


def _base64(data: bytes) -> str:
    return b64encode(data).decode().rstrip("=")
