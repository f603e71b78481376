"""What each role of the staff may see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from kb.access import Role

Right = Literal["library", "searches", "problems", "runs", "state"]
RIGHTS: Mapping[Role, tuple[Right, ...]] = {
    "reader": ("library",),
    "author": ("library", "searches", "problems"),
    "support": ("library", "runs"),
    "operator": ("library", "searches", "problems", "runs", "state"),
}


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the staff who is signed in. `way` is "local" or "oidc": the same name by both is not one person."""

    way: str
    user: str
    roles: tuple[Role, ...]
    csrf: str

    @property
    def name(self) -> str:
        """For records: `local:ann`."""
        return f"{self.way}:{self.user}"

    def may(self, right: Right) -> bool:
        """Whether one of the roles has this right."""
        return any(right in RIGHTS[role] for role in self.roles)


def ordered(roles: Iterable[Role]) -> tuple[Role, ...]:
    """Each role once, the smallest first."""
    given = set(roles)
    return tuple(role for role in RIGHTS if role in given)
