"""Items: what the sandbox only lists, shows and deletes."""

from kb.sandbox.errors import NotThere
from kb.sandbox.world.records import Item
from kb.sandbox.world.state import World

ALERT, AUTOSCALE, ANTI_AFFINITY = "alert", "autoscale", "antiaffinity"
FIREWALL, CROSS_FIREWALL, WEBHOOK = "firewall", "crossfirewall", "webhook"
SUBSCRIPTION, BACKUP, PROTECTED, STORED = "subscription", "backup", "protected", "stored"
BUCKET, KEY, APP = "bucket", "key", "app"  # keys open buckets
V1_KEY = "v1key"  # opens API v1
SCHEDULE, SETTING = "schedule", "setting"
AGENT, ZONE = "agent", "zone"  # intrusion prevention on a server; DNS zones, which no API lists
CREDIT, TASK = "credit", "task"  # promotions and service tasks: only invoices show them
IMAGE = "image"  # that can be imported as a server
RELAY = "relay"  # an alias of the mail relay


def find(world: World, kind: str, alias: str, key: str, dc: str = "") -> Item:
    """The item of this account. Raises NotThere."""
    item = world.items.get(f"{kind}/{alias}/{key.lower()}")
    if item is None or dc not in ("", item.dc):
        raise NotThere(key)
    return item


def of(world: World, kind: str, alias: str, dc: str = "") -> list[Item]:
    """The account's items of one kind, in one data centre or in all."""
    return [each for each in world.items.all() if (each.kind, each.alias) == (kind, alias) and dc in ("", each.dc)]
