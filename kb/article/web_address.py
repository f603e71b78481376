"""The form of addresses outside of the library: host and path, what is malformed, what must be encoded."""

import re
from urllib.parse import quote

_UNSAFE = re.compile(r"[\s\"<>\\^`{|}]")
_WEB = re.compile(r"(?:https?:)?//([^/?#\s]*)([^\s]*)", re.IGNORECASE)
_HOST = re.compile(r"(?:[^@/]*@)?(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::\d+)?")
_SCHEME_TWICE = re.compile(r"(?:https?:)?//https?:?(?://|$)", re.IGNORECASE)


def host_and_path(address: str) -> tuple[str, str]:
    """The host in lower case and what follows it; both "" if this is no web address."""
    match = _WEB.match(address)
    return (match[1].lower(), match[2]) if match else ("", "")


def malformed(address: str) -> tuple[str, str] | None:
    """What is wrong with the form of a web address and how to mend it, None if nothing."""
    match = _WEB.match(address)
    if _SCHEME_TWICE.match(address):
        return f"{address[:200]} begins twice", "take one beginning away"
    if match and "]" in match[1] and not match[1].startswith("["):
        return f"{address[:200]} holds a stray bracket", "take the bracket away"
    if match is None or not _HOST.fullmatch(match[1]):
        return f"{address[:200]} has no host", "write the whole address"
    if match[2].count("]") > match[2].count("["):
        return f"{address[:200]} holds a stray bracket", "take the bracket away"
    return None


def encoded(address: str) -> str:
    """The address as given, with what no address may hold encoded."""
    return _UNSAFE.sub(lambda match: quote(match[0]), address.strip())
