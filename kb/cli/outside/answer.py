"""What asking an outside address came to, and the manners in which it is asked."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Literal

from kb.cli.outside.address import is_public

Kind = Literal["fine", "moved", "broken", "unreachable", "refused"]


@dataclass(frozen=True, slots=True)
class Answer:
    """`detail` completes the sentence "<address> …"; `to` is where a moved one is now."""

    kind: Kind
    detail: str = ""
    to: str = ""


def anybody(address: str) -> bool:  # noqa: ARG001
    """Allows every IP address, also those of this machine and of private networks."""
    return True


@dataclass(frozen=True, slots=True)
class Manners:
    """How addresses are asked. `may_ask` judges each IP address of a host: the host is asked if all are allowed."""

    may_ask: Callable[[str], bool] = is_public
    at_once: int = 16  # requests
    per_host: int = 2  # requests at once to one host
    pause: float = 0.2  # seconds between two requests to one host, in each of its turns
    seconds: float = 10  # until a host that does not answer is given up
    patience: float = 30  # seconds that a host may ask us to wait
    redirects: int = 5
    user_agent: str = f"kb/{version('kb')} (checks the links of a help site)"
