"""Which limit each changing request is counted by, and for whom."""

from collections.abc import Callable, Mapping

from flask import request

from kb.web.address import address_of
from kb.web.limits import Limits
from kb.web.site import Site
from kb.web.visitor import visitor

SAFE = ("GET", "HEAD", "OPTIONS")
OF_ITS_OWN = ""  # counted by the view: only it knows whether the sign-in failed
NOTHING = ""  # changes nothing that is kept here
DRAWN = "kb.drawn"  # where the environment keeps whether this one is counted, if that was drawn before
LIMIT_OF: Mapping[str, str] = {  # endpoint -> limit; whatever is not here is an event
    "runs.start": "starts",
    "restarting.restart": "starts",
    "runs.verdicts": "checks",
    "actions.confirm": "checks",
    "resuming.redeem": "codes",
    "resuming.look": "codes",
    "sign_in.sign_in": OF_ITS_OWN,
    "staff_sign_in.sign_in": OF_ITS_OWN,
    "staff_runs.find": "codes",
    "language.choose": NOTHING,
}


def count_changes(site: Site, limits: Limits) -> Callable[[], None]:
    """A function to call before each request: it raises TooMany. Reading costs nothing and is not counted."""

    def count() -> None:
        if request.method in SAFE or request.endpoint is None:
            return
        name = LIMIT_OF.get(request.endpoint, "events")
        if name:
            limits.take(name, lambda: callers(site, limits.access.proxies), request.environ.get(DRAWN))

    return count


def callers(site: Site, proxies: int) -> dict[str, str]:
    """Who asks, as limits count them: the browser that we know, the account, the address."""
    me = visitor(site)
    signed_in = me.signed_in
    found = {
        "reader": "" if me.new else me.reader,
        "account": f"{signed_in.alias}/{signed_in.user}" if signed_in else "",
        "address": address_of(request.environ, proxies),
    }
    return {kind: who for kind, who in found.items() if who}
