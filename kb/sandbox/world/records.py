"""The things that an account holds, as frozen records; each has a `key`, unique among its kind."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

DEFAULT, ARCHIVE, TEMPLATES = "default", "archive", "templates"  # types of groups
ACTIVE, ARCHIVED, BUILDING = "active", "archived", "underConstruction"  # statuses of servers
STARTED, STOPPED, PAUSED = "started", "stopped", "paused"  # power states


class Identified:
    """What is kept under its id."""

    __slots__ = ()
    id: str

    @property
    def key(self) -> str:
        return self.id


@dataclass(frozen=True, slots=True)
class Account:
    """A customer; sub-accounts name their parent."""

    alias: str
    name: str
    primary: str  # data centre, upper case
    opened: datetime
    parent: str = ""
    terms: str = "Upon Receipt"
    network_limit: int = 3
    term_commitment: bool = False  # no API field shows it
    street: str = "1 Sample Street"
    city: str = "Springfield"
    region: str = "OR"
    postcode: str = "97400"
    country: str = "USA"
    phone: str = "555-0100"
    email: str = ""
    suspended: bool = False
    shares_networks: bool = False  # sees the networks of its parent and may use them
    custom_fields: tuple[Mapping[str, Any], ...] = ()  # that groups and servers may have

    @property
    def key(self) -> str:
        return self.alias


@dataclass(frozen=True, slots=True)
class User:
    """Someone who may sign in. `password` is plain text on purpose: these are demonstration users."""

    name: str
    password: str
    alias: str
    roles: tuple[str, ...]
    purpose: str = ""

    @property
    def key(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Change:
    """Who made something and who changed it last."""

    created: datetime
    created_by: str
    modified: datetime
    modified_by: str


@dataclass(frozen=True, slots=True)
class Group(Identified):
    """A folder of servers; `parent` is "" for the root group of a data centre."""

    id: str
    alias: str
    dc: str
    name: str
    change: Change
    parent: str = ""
    type: str = DEFAULT
    description: str | None = None
    custom_fields: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Disk:
    """One disk of a server, size in GB."""

    id: str
    size: int
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Address:
    """A private address of a server and the public one mapped to it."""

    internal: str
    network: str  # id
    public: str = ""
    ports: tuple[Mapping[str, Any], ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A saved state of a server."""

    number: int
    taken: datetime
    expires: datetime


@dataclass(frozen=True, slots=True)
class Server(Identified):
    """A virtual or bare metal machine; templates are servers too. `system`: the account's own VPN server."""

    id: str  # lower case, "va1abcdweb01"
    uuid: str
    alias: str
    dc: str
    group: str  # id, "" for a system server
    change: Change
    description: str = ""
    status: str = ACTIVE
    power: str = STARTED
    type: str = "standard"
    storage_type: str = "standard"
    os: str = "ubuntu16_64Bit"
    os_type: str = "Ubuntu 16 64-bit"
    cpu: int = 1
    memory: int = 2  # GB
    disks: tuple[Disk, ...] = ()
    addresses: tuple[Address, ...] = ()
    snapshots: tuple[Snapshot, ...] = ()
    managed: bool = False
    template: bool = False
    sends: float = 0.0  # GB to the outside in a day, while it runs
    maintenance: bool = False
    system: bool = False
    alert_policies: tuple[str, ...] = ()  # ids
    autoscale_policy: str = ""  # id
    anti_affinity_policy: str = ""  # id
    password: str = "Sandbox-1-Password"  # noqa: S105  what `/credentials` tells
    custom_fields: tuple[Mapping[str, Any], ...] = ()

    @property
    def name(self) -> str:
        return self.id.upper()

    @property
    def storage(self) -> int:
        """GB of all disks."""
        return sum(disk.size for disk in self.disks)


@dataclass(frozen=True, slots=True)
class Network(Identified):
    """A VLAN. `own`: the account's own VPN network, which no field of the API shows."""

    id: str
    alias: str
    dc: str
    vlan: int
    cidr: str  # always a /24
    name: str
    description: str
    created: datetime
    own: bool = False

    @property
    def prefix(self) -> str:
        """The first three octets with a dot at the end."""
        return self.cidr.rpartition(".")[0] + "."


@dataclass(frozen=True, slots=True)
class Pool:
    """What a load balancer spreads over nodes."""

    id: str
    port: int
    method: str = "roundRobin"
    persistence: str = "standard"
    nodes: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class SharedBalancer(Identified):
    """A shared load balancer of v2."""

    id: str
    alias: str
    dc: str
    name: str
    description: str
    address: str
    created: datetime
    status: str = "enabled"  # or disabled, deleted
    pools: tuple[Pool, ...] = ()


@dataclass(frozen=True, slots=True)
class Balancer(Identified):
    """A load balancer of the load-balancer host ("LBaaS")."""

    id: str  # uuid with dashes
    alias: str
    dc: str
    name: str
    description: str
    address: str
    created: datetime
    status: str = "active"
    deleted: datetime | None = None
    pools: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Vpn(Identified):
    """A site-to-site VPN."""

    id: str  # 32 upper-case hex
    alias: str
    dc: str
    change: Change
    site: str
    device: str
    local_address: str
    local_subnets: tuple[str, ...]
    remote_address: str
    remote_subnets: tuple[str, ...]
    ike: Mapping[str, Any] = field(default_factory=dict)
    ipsec: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Operation(Identified):
    """Work in the queue. What `effect` names happens to `args` at `ends`, unless `fails`."""

    id: str
    alias: str
    effect: str
    args: Mapping[str, Any]
    by: str
    queued: datetime
    starts: datetime
    ends: datetime
    settled: bool = False
    fails: bool = False
    told: str = ""  # what callers are told: "unknown" when it failed, "resumed" on the way; "": the usual
    result: Mapping[str, Any] = field(default_factory=dict)  # what came of it, for who asks the status


@dataclass(frozen=True, slots=True)
class Span(Identified):
    """A time during which something cost money. The meter writes these; nothing else does."""

    id: str
    owner: str  # "Server:va1abcdweb01"
    alias: str
    dc: str
    family: str  # as in `meter.Charge`
    label: str  # on the invoice
    price: float  # USD
    per: str  # "hour" or "month"
    started: datetime
    ended: datetime | None = None
    group: str = ""  # name of the server's group then


@dataclass(frozen=True, slots=True)
class Item:
    """Anything that the sandbox only lists, shows and deletes: policies, subscriptions, buckets, webhooks."""

    kind: str
    id: str
    alias: str
    dc: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)  # as the API shows it
    created: datetime | None = None

    @property
    def key(self) -> str:
        return f"{self.kind}/{self.alias}/{self.id.lower()}"
