"""Bare addresses in text become links: `http(s)://`, `ftp://`, `www.` and e-mail, but not words like install.ps1."""

import re

from kb.article.node import Node

_ADDRESS = re.compile(
    r"(?:(?:https?|ftp)://|www\.)(?:[a-zA-Z0-9-]+\.?)+[^\s<]*"
    r"|(?<![a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-])[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}"
    r"@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)+(?![-_])",
    re.IGNORECASE,
)
_TRAILING = "?!.,:;*_~\"'"
_ENTITY = re.compile(r"&[a-zA-Z0-9]+;$")


def split_bare_addresses(text: str, line: int) -> "list[Node | str]":
    """The text with each bare address in it as a link."""
    if "://" not in text and "@" not in text and "www." not in text:
        return [text]
    parts: list[Node | str] = []
    at = 0
    for match in _ADDRESS.finditer(text):
        address = _without_trailing(match[0])
        if match.start() > at:
            parts.append(text[at : match.start()])
        parts.append(Node("a", line, {"href": _target(address)}, [address]))
        at = match.start() + len(address)
    if at < len(text):
        parts.append(text[at:])
    return parts


def _target(address: str) -> str:
    if "://" in address:
        return address
    return f"http://{address}" if address.lower().startswith("www.") else f"mailto:{address}"


def _without_trailing(address: str) -> str:
    """Punctuation that ends the sentence is not part of the address; a bracket is if its partner is in it."""
    while address:
        last = address[-1]
        if last in _TRAILING or (last == ")" and address.count("(") < address.count(")")):
            address = address[:-1]
        elif last == ";" and (entity := _ENTITY.search(address)):
            address = address[: entity.start()]
        else:
            break
    return address
