"""The kinds of things that an account is billed for: names, who may delete them, in which order, list prices."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from kb.words import commas, words

HOURS_A_MONTH = 730  # the average month


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing. `list_price` is in US dollars a month, None where it depends on the thing."""

    id: str  # the head of evidence ids: "server:…"
    name: str  # for people, singular
    plural: str
    base: Literal["api", "load_balancer", "database", "backup"] = "api"
    removable: bool = True
    phase: int = 0  # in which an action deletes it
    deleters: tuple[str, ...] = ()  # roles that may delete it beside the Account Administrator, wire names
    list_price: Decimal | None = None
    family: str = ""  # how side files name it together with others, "" if by its own id

    @property
    def side_name(self) -> str:
        """How a side file names it."""
        return self.family or self.id

    def count(self, number: int) -> str:
        """`1 server`, `2 servers`."""
        return words("{number} {things}", number=number, things=self.name if number == 1 else self.plural)


SERVER = Kind("server", words("server"), words("servers"), deleters=("ServerAdmin", "ServerOperator"))
TEMPLATE = Kind("template", words("template"), words("templates"), deleters=("ServerAdmin", "ServerOperator"))
PUBLIC_IP = Kind(
    "public-ip",
    words("public IP address"),
    words("public IP addresses"),
    deleters=("ServerAdmin",),
    list_price=Decimal("2.00"),
)
NETWORK = Kind(
    "network", words("network"), words("networks"), phase=1, deleters=("NetworkAdmin",), list_price=Decimal("45.00")
)
SHARED_LOAD_BALANCER = Kind(
    "shared-load-balancer",
    words("shared load balancer"),
    words("shared load balancers"),
    deleters=("NetworkAdmin", "ServerAdmin"),
    list_price=Decimal("0.04") * HOURS_A_MONTH,
    family="load-balancer",
)
LOAD_BALANCER = Kind(
    "load-balancer",
    words("load balancer"),
    words("load balancers"),
    base="load_balancer",
    deleters=("NetworkAdmin", "ServerAdmin"),
    list_price=Decimal("0.025") * HOURS_A_MONTH,
)
VPN = Kind(
    "vpn",
    words("site-to-site VPN"),
    words("site-to-site VPNs"),
    deleters=("NetworkAdmin", "SecurityAdmin"),
    list_price=Decimal("45.00"),
)
DATABASE = Kind("database", words("relational database"), words("relational databases"), base="database")
BACKUP = Kind("backup", words("stored backup"), words("stored backups"), base="backup", removable=False)

KINDS = (SERVER, TEMPLATE, PUBLIC_IP, SHARED_LOAD_BALANCER, LOAD_BALANCER, VPN, DATABASE, BACKUP, NETWORK)
BY_ID = {kind.id: kind for kind in KINDS}
SIDE_NAMES = tuple(dict.fromkeys(kind.side_name for kind in KINDS))
BACKUP_PRICE = Decimal("0.10")  # a month for each gigabyte


def kind_of(id: str) -> Kind | None:
    """The kind of an evidence id such as `server:va1abcdweb01`, None if it is none of ours."""
    return BY_ID.get(id.partition(":")[0])


def count_in_words(kinds: Iterable[Kind]) -> str:
    """`2 servers, 1 network`, in the order of `KINDS`."""
    listed = [kind.id for kind in kinds]
    return commas(kind.count(listed.count(kind.id)) for kind in KINDS if kind.id in listed)
