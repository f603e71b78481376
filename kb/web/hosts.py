"""By which names the site may be called.

A page of another site can point its own name at our address and then read what we answer as its own. Named in
`kb.toml` (`url`, `hosts`), the site answers to these names and to those of this machine. Else it answers to addresses
made of numbers too: nobody else can own one, and whoever tries kb in a local network has nothing else.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import request

from kb.errors import SettingsInvalid, WrongHost
from kb.settings import Settings
from kb.web.home import ASKED_HOST
from kb.words import words

NAME = re.compile(r"(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?", re.IGNORECASE | re.ASCII)
EVERYWHERE = ("reading.health",)  # endpoints that machines ask by whatever name they have for us


def refuse_other_hosts(settings: Settings) -> Callable[[], None]:
    """A function to call before each request. It raises WrongHost."""
    own = own_hosts(settings)

    def refuse() -> None:
        asked = str(request.environ.get(ASKED_HOST, request.environ.get("HTTP_HOST", "")))
        if asked and request.endpoint not in EVERYWHERE and not answers_to(asked, own):
            raise WrongHost(
                words(
                    "This site does not answer to the name that you asked for. Whoever runs it adds the name "
                    'to `hosts` in kb.toml, or sets `url`: hosts = ["help.example.org"].'
                )
            )

    return refuse


def own_hosts(settings: Settings) -> frozenset[str]:
    """The names in `kb.toml`, as browsers send them; empty if there are none. Raises SettingsInvalid."""
    named = [settings.url, *(f"//{host}" for host in settings.access.hosts)]
    try:
        return frozenset(_plain((urlsplit(name).hostname or "").encode("idna").decode()) for name in named if name)
    except (UnicodeError, ValueError) as error:
        raise SettingsInvalid(f"url or hosts in kb.toml is not the name of a host: {error}") from error


@lru_cache(256)
def answers_to(asked: str, own: frozenset[str]) -> bool:
    """Whether a site with these names answers to a Host header."""
    said = NAME.fullmatch(asked)
    if said is None:
        return False
    name = _plain(said[1] or said[2])
    return name in own or name == "localhost" or name.endswith(".localhost") or _is_number(name, only_ours=bool(own))


def _is_number(name: str, *, only_ours: bool) -> bool:
    try:
        address = ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or not only_ours


def _plain(name: str) -> str:
    return name.lower().rstrip(".")
