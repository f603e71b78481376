"""List prices in USD, at the first data centre's level."""

from kb.sandbox.world.records import Item

CPU = 0.01  # one vCPU, one hour
MEMORY = 0.015  # one GB, one hour
LICENCE = 0.04  # one vCPU, one hour
MANAGED = 0.21  # managed operating system, one hour
ARCHIVE = 0.0001  # one GB, one hour
BARE_METAL = 0.99  # one machine, one hour; ours, no list price is known for all configurations
ADDRESS = 2.00  # a month
NETWORK = 45.00  # a month
VPN = 45.00  # a month
SHARED_BALANCER = 0.04  # an hour
BALANCER = 0.025  # an hour
SUBSCRIPTION = 0.0605  # an hour
STORED = 0.10 / 730  # one GB, one hour

_STORAGE = {"standard": 0.00021, "premium": 0.0007, "hyperscale": 0.0005}  # one GB, one hour


def storage(storage_type: str) -> float:
    """USD for one GB for one hour."""
    return _STORAGE.get(storage_type, _STORAGE["standard"])


def item(thing: Item) -> float:
    """USD for an hour of something that other hosts hold."""
    if thing.kind == "stored":
        return round(float(thing.body.get("gigabytesStored", 0)) * STORED, 6)
    return SUBSCRIPTION
