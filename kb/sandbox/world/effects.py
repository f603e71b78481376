"""What each queued piece of work does when it is done, by name."""

from collections.abc import Mapping

from kb.sandbox.world import addresses, balancers, builds, groups, networks, operations, servers, vpns

EFFECTS: Mapping[str, operations.Effect] = {
    **servers.EFFECTS,
    **builds.EFFECTS,
    **groups.EFFECTS,
    **addresses.EFFECTS,
    **networks.EFFECTS,
    **balancers.EFFECTS,
    **vpns.EFFECTS,
}
