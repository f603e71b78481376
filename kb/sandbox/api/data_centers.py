"""Data centres: the list, one, and what can be deployed there."""
# ruff: noqa: ARG001  all views are called alike

from typing import Any

from kb.sandbox.api.ask import Ask
from kb.sandbox.api.links import Link, Verbs, link, links
from kb.sandbox.api.orders import images
from kb.sandbox.api.reply import Answer, ok
from kb.sandbox.api.route import Route
from kb.sandbox.world import builds, data_centres, groups, networks, price

_CACHED = {"Cache-Control": "max-age=300, private", "Pragma": "", "Expires": ""}  # in place of the usual three

_ALWAYS = (
    Verbs("deploymentCapabilities", "/deploymentCapabilities"),
    Verbs("computeLimits", "/computeLimits", {"GET": "look", "POST": "group.edit"}),
    Verbs("networkLimits", "/networkLimits", {"GET": "look"}),
    Verbs("availableOvfs", "/availableOvfs", {"GET": "look"}),
)


_IMPORTABLE = [
    {
        "id": number,
        "description": description,
        "labProductCode": "",
        "premiumProductCode": "",
        "type": kind,
    }
    for number, kind, description in (
        (21, "redHat6_64Bit", "RedHat Enterprise Linux 6 64-bit"),
        (28, "windows2012R2DataCenter_64Bit", "Windows 2012 R2 Datacenter Edition 64-bit"),
    )
]


def every(ask: Ask, alias: str) -> Answer:
    """All data centres, used or not."""
    return Answer(200, [_shown(ask, alias, dc) for dc in data_centres.NAMES], _CACHED)


def one(ask: Ask, alias: str, dc: str) -> Answer:
    """One data centre."""
    return ok(_shown(ask, alias, dc))


def _shown(ask: Ask, alias: str, dc: str) -> dict[str, Any]:
    base = f"/v2/datacenters/{alias.lower()}/{dc.lower()}"
    shown = [link("self", base), *links(ask, base, _ALWAYS)]
    if ask.may("balancer.see"):
        balancers = f"/v2/sharedLoadBalancers/{alias.lower()}/{dc.lower()}"
        verbs = ["GET", "POST"] if ask.may("balancer.edit") else ["GET"]
        shown.append(link("loadBalancers", balancers, verbs=verbs))
    if ask.query.get("grouplinks", "").lower() == "true":
        shown += _group_links(ask, alias, dc)
    return {"id": dc.lower(), "name": data_centres.full_name(dc), "links": shown}


def _group_links(ask: Ask, alias: str, dc: str) -> list[Link]:
    root = groups.root(ask.world, alias, dc)
    base = f"/v2/groups/{alias.lower()}/{root.id}"
    creating = [
        Verbs("createGroup", "", {"POST": "group.edit"}),
        Verbs("createServer", "", {"POST": "server.create"}),
    ]
    below = (
        Verbs("defaults", "/defaults", {"GET": "look", "POST": "group.edit"}),
        Verbs("billing", "/billing"),
        Verbs("statistics", "/statistics"),
        Verbs("upcomingScheduledActivities", "/upcomingScheduledActivities"),
        Verbs("horizontalAutoscalePolicyMapping", "/horizontalAutoscalePolicy", {"GET": "look", "PUT": "group.edit"}),
        Verbs("scheduledActivities", "/scheduledActivities", {"GET": "look", "POST": "group.edit"}),
    )
    return [
        link("group", base, id=root.id, name=root.name),
        *links(ask, f"/v2/groups/{alias.lower()}", (creating[0],)),
        *links(ask, f"/v2/servers/{alias.lower()}", (creating[1],)),
        *links(ask, base, below),
    ]


def capabilities(ask: Ask, alias: str, dc: str) -> Answer:
    """What can be deployed in the data centre; clients need it even for deletes."""
    deployable = [
        {"name": each.name, "networkId": each.id, "type": "private", "accountID": each.alias}
        for each in networks.usable(ask.world, alias, dc)
    ]
    templates = [
        {
            "name": f"{name.upper()}-64-TEMPLATE",
            "osType": os,
            "description": os_type,
            "storageSizeGB": 16,
            "capabilities": ["cpuAutoscale"],
            "reservedDrivePaths": ["bin", "boot", "etc"],
        }
        for name, (os, os_type) in builds.OPERATING_SYSTEMS.items()
    ]
    return ok(
        {
            "dataCenterEnabled": True,
            "importVMEnabled": True,
            "supportsPremiumStorage": True,
            "supportsSharedLoadBalancer": True,
            "supportsBareMetalServers": dc in data_centres.BALANCER_HOST,
            "deployableNetworks": deployable,
            "templates": templates,
            "importableOSTypes": _IMPORTABLE,
        }
    )


def network_limits(ask: Ask, alias: str, dc: str) -> Answer:
    """How many networks the account may have."""
    account = ask.world.accounts.get(alias)
    return ok({"networks": {"value": account.network_limit if account else 0, "inherited": False}})


def bare_metal(ask: Ask, alias: str, dc: str) -> Answer:
    """Which physical machines there are."""
    if dc not in data_centres.BALANCER_HOST:
        return ok({"skus": [], "operatingSystems": []})
    systems = [
        {"type": os, "description": os_type, "hourlyRatePerSocket": 0}
        for os, os_type in builds.OPERATING_SYSTEMS.values()
    ]
    return ok({"skus": [_machine(each) for each in builds.MACHINES], "operatingSystems": systems})


def _machine(machine: builds.Machine) -> dict[str, Any]:
    return {
        "id": machine.id,
        "hourlyRate": price.BARE_METAL,
        "availability": machine.availability,
        "memory": [{"capacityGB": machine.memory}],
        "processor": {
            "coresPerSocket": machine.cores, "description": machine.processor, "sockets": machine.sockets,
        },
        "storage": [{"capacityGB": machine.disk, "speedRpm": 7200, "type": "Hdd"}] * machine.disks,
    }  # fmt: skip


ROUTES = (
    Route("GET", "/v2/datacenters/<alias>", every, query=("groupLinks",)),
    Route("GET", "/v2/datacenters/<alias>/<dc>", one, query=("groupLinks",)),
    Route("GET", "/v2/datacenters/<alias>/<dc>/deploymentCapabilities", capabilities),
    Route("GET", "/v2/datacenters/<alias>/<dc>/bareMetalCapabilities", bare_metal),
    Route("GET", "/v2/datacenters/<alias>/<dc>/networkLimits", network_limits),
    Route("GET", "/v2/datacenters/<alias>/<dc>/availableOvfs", images),
)
