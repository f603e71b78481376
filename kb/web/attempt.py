"""How attempts to sign in are counted."""

import unicodedata


def attempt(user: str, address: str) -> dict[str, str]:
    """Whom an attempt is counted for: the user at this address, so that nobody locks others out; the address;
    and the user wherever, with the room of an address, which slows those who guess from many.
    """
    name = unicodedata.normalize("NFKC", user).casefold().strip()[:200]
    found = {"user": f"{name} {address}", "address": address, "everywhere": name}
    return {kind: who for kind, who in found.items() if who}
