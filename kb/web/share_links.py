"""The links to a run as its page shows them: those that live, and one that was just made."""

from dataclasses import dataclass

from kb.checklist.sharing import Allows, RunCode
from kb.web.site import Site


@dataclass(frozen=True, slots=True)
class Link:
    """A link that was just made: its address can be shown only now."""

    allows: Allows
    address: str


@dataclass(frozen=True, slots=True)
class Links:
    """All links to one run that still do anything."""

    living: tuple[RunCode, ...]
    new: Link | None


def links_of(site: Site, run_id: str, new: Link | None) -> Links:
    """The links of this run."""
    return Links(site.codes.of(run_id), new)
