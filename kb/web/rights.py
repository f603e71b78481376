"""What whoever asks may do with a run: tick it, only look at it, or not even know of it."""

from dataclasses import dataclass

from kb.account.role import may_change
from kb.web.site import Site
from kb.web.visitor import Visitor


@dataclass(frozen=True, slots=True)
class Rights:
    """Whoever may tick may see."""

    see: bool
    tick: bool


NONE, SEE, TICK = Rights(False, False), Rights(True, False), Rights(True, True)


def rights_of(site: Site, run_id: str, me: Visitor) -> Rights:
    """The browsers that have the run may tick it, and the users of its account whose roles change anything there.

    All other users of the account may look, and so may browsers with a share link that still lives.
    """
    if site.runs.admits(run_id, me.reader):
        return TICK
    if me.signed_in and site.ownership.account_of(run_id) == me.signed_in.alias:
        return TICK if may_change(me.signed_in.roles) else SEE
    return SEE if site.codes.shows(run_id, me.reader) else NONE
