"""Links: what a caller may do with a thing. What the roles do not allow is not there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kb.sandbox.api.ask import Ask

Link = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Verbs:
    """A relation below a thing's own address, with the deed that each verb needs; GET needs `look`."""

    rel: str
    path: str = ""  # appended to the thing's address
    deeds: Mapping[str, str] | None = None  # verb -> deed; None: GET only, and `verbs` is left out


def links(ask: Ask, base: str, wanted: tuple[Verbs, ...]) -> Iterator[Link]:
    """The links that the caller may follow."""
    for each in wanted:
        if each.deeds is None:
            yield {"rel": each.rel, "href": base + each.path}
            continue
        verbs = [verb for verb, deed in each.deeds.items() if ask.may(deed)]
        if verbs:
            yield {"rel": each.rel, "href": base + each.path, "verbs": verbs}


def link(rel: str, href: str, **more: Any) -> Link:
    """One link that everyone may follow."""
    return {"rel": rel, "href": href, **more}


def status(alias: str, operation_id: str) -> Link:
    """Where to ask how far an operation is; clients need both `id` and `href`."""
    return {"rel": "status", "href": f"/v2/operations/{alias.lower()}/status/{operation_id}", "id": operation_id}
