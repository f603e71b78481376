"""What is stored of a secret."""

import hashlib


def digest(secret: str) -> str:
    """SHA-256, hex: what is stored of a secret with at least 128 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()
