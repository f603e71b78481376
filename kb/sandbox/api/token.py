"""Bearer tokens: JWT as on the wire, signed with the world's secret, good for 14 days."""

import base64
import hashlib
import hmac
import json
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from kb.sandbox.world.records import User

LIFE = timedelta(days=14)

_HEADER = {"typ": "JWT", "alg": "HS256"}


def issue(user: User, location: str, now: datetime, secret: bytes) -> str:
    """A token for this user; `location` is the primary data centre."""
    claims = {
        "iss": "urn:api-tier3",
        "aud": "urn:tier3-users",
        "nbf": int(now.timestamp()),
        "exp": int((now + LIFE).timestamp()),
        "unique_name": user.name,
        "urn:tier3:account-alias": user.alias,
        "urn:tier3:location-alias": location,
        "role": list(user.roles),
    }
    signed = f"{_encode(_HEADER)}.{_encode(claims)}"
    return f"{signed}.{_signature(signed, secret)}"


def holder(token: str, now: datetime, secret: bytes) -> str | None:
    """The name of the user that this token was issued to; None if it is forged or expired."""
    claims = _claims(token, secret)
    return claims[0] if claims and claims[1] > now.timestamp() else None


@lru_cache(maxsize=256)  # the same token comes with every request
def _claims(token: str, secret: bytes) -> tuple[str, int] | None:
    """Whose it is and when it expires; None if it is forged."""
    signed, _, signature = token.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _signature(signed, secret).encode()):
        return None
    claims = json.loads(_decode(signed.partition(".")[2]))
    return str(claims["unique_name"]), int(claims["exp"])


def _encode(data: dict[str, Any]) -> str:
    return _base64(json.dumps(data, separators=(",", ":")).encode())


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _signature(signed: str, secret: bytes) -> str:
    return _base64(hmac.new(secret, signed.encode(), hashlib.sha256).digest())


def _base64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
