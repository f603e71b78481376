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
STORED = 0.10 / 730  # one GB of backups, one hour
OBJECTS = 0.04 / 730  # one GB in buckets, one hour
APP = 0.04  # one GB of memory of an application, one hour
AGENT = 0.07  # intrusion prevention on one server, one hour
ZONE = 5.00  # one DNS zone, a month
BANDWIDTH = 0.05  # one GB sent
TASK = 195.00  # one hour of a service task
TASK_LEAST = 2  # hours of a service task that are billed at least

_STORAGE = {"standard": 0.00021, "premium": 0.0007, "hyperscale": 0.0005}  # one GB, one hour


def storage(storage_type: str) -> float:
    """USD for one GB for one hour."""
    return _STORAGE.get(storage_type, _STORAGE["standard"])


def item(thing: Item) -> float:
    """USD for an hour of something that other hosts hold; of a DNS zone, for a month."""
    body = thing.body
    match thing.kind:
        case "stored":
            return round(float(body.get("gigabytesStored", 0)) * STORED, 9)
        case "bucket":
            return round(float(body.get("gigabytes", 0)) * OBJECTS, 9)
        case "app":
            running = str(body.get("state", "STARTED")) == "STARTED"
            return round(running * float(body.get("instances", 1)) * float(body.get("memory", 256)) / 1024 * APP, 6)
        case "agent":
            return AGENT
        case "zone":
            return ZONE
    return SUBSCRIPTION
