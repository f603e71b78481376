"""Keeps who is signed in: the bearer token stays on the server, encrypted, and dies on sign-out."""

import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import delete, insert, select

from kb.account.account import SignedIn
from kb.database import Database
from kb.tables import sign_ins


@dataclass(frozen=True, slots=True)
class SignIns:
    """Sign-ins in a database. The browser holds a random key; the database its hash and the sealed sign-in."""

    database: Database
    seal: Fernet
    clock: Callable[[], datetime]

    def keep(self, signed_in: SignedIn) -> str:
        """Store a sign-in; gives the secret key for the browser. Expired ones are dropped. Raises StoreError."""
        key = secrets.token_urlsafe(32)
        data = {**asdict(signed_in), "expires": signed_in.expires.isoformat()}
        sealed = self.seal.encrypt(json.dumps(data).encode())
        with self.database.writing() as connection:
            connection.execute(delete(sign_ins).where(sign_ins.c.until < self.clock()))
            connection.execute(insert(sign_ins).values(key=_hash(key), sealed=sealed, until=signed_in.expires))
        return key

    def find(self, key: str) -> SignedIn | None:
        """The sign-in of this key, if it lives. Raises StoreError."""
        query = select(sign_ins.c.sealed).where(sign_ins.c.key == _hash(key), sign_ins.c.until > self.clock())
        with self.database.reading() as connection:
            row = connection.execute(query).one_or_none()
        return self._open(row.sealed) if row else None

    def drop(self, key: str) -> None:
        """Sign out: the token is gone. Raises StoreError."""
        with self.database.writing() as connection:
            connection.execute(delete(sign_ins).where(sign_ins.c.key == _hash(key)))

    def _open(self, sealed: bytes) -> SignedIn | None:
        try:
            data = json.loads(self.seal.decrypt(sealed))
        except InvalidToken:  # the secret key of this site was changed: everybody signs in again
            return None
        return SignedIn(**{**data, "expires": datetime.fromisoformat(data["expires"]), "roles": tuple(data["roles"])})


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
