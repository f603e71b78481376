"""The key that signs what webhooks say, so that a listener can tell that it came from here."""

import base64
from functools import cached_property

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa


class Seal:
    """An RSA key pair; `private` is its PEM text, and `Seal.new()` makes one."""

    def __init__(self, private: str) -> None:
        self.private = private

    @classmethod
    def new(cls) -> "Seal":
        """A key that nobody else has."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        text = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return cls(text.decode())

    @cached_property
    def _key(self) -> rsa.RSAPrivateKey:
        key = serialization.load_pem_private_key(self.private.encode(), password=None)
        if not isinstance(key, rsa.RSAPrivateKey):
            raise TypeError("The key is no RSA key.")
        return key

    @property
    def public(self) -> bytes:
        """The public key, PEM."""
        return self._key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def sign(self, message: bytes) -> str:
        """RSA signature of the message's SHA-1, in base64; the documented form, whatever one thinks of SHA-1."""
        signature = self._key.sign(message, padding.PKCS1v15(), hashes.SHA1())  # noqa: S303
        return base64.b64encode(signature).decode()
