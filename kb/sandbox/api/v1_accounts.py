"""API v1: the tree of accounts, suspending one, its users; and what v2 has no call for, deleting a template."""
# ruff: noqa: ARG001  all methods are called alike

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from kb.sandbox.api.ask import Ask
from kb.sandbox.api.roles import (
    ACCOUNT_ADMIN,
    ACCOUNT_VIEWER,
    BILLING_ADMIN,
    DNS_MANAGER,
    NETWORK_ADMIN,
    SECURITY_ADMIN,
    SERVER_ADMIN,
    SERVER_OPERATOR,
    SERVER_SCHEDULER,
)
from kb.sandbox.api.v1_session import NOT_FOUND, Said, account, method
from kb.sandbox.errors import NotQueued, NotThere, Unsuccessful
from kb.sandbox.world import data_centres, operations, servers
from kb.sandbox.world.records import ACTIVE, STARTED, STOPPED, Account
from kb.sandbox.world.state import World

_ACTIVE, _DISABLED = 1, 2
_ROLES = {
    SERVER_ADMIN: 2, BILLING_ADMIN: 3, DNS_MANAGER: 8, ACCOUNT_ADMIN: 9, ACCOUNT_VIEWER: 10, NETWORK_ADMIN: 12,
    SECURITY_ADMIN: 13, SERVER_OPERATOR: 14, SERVER_SCHEDULER: 15,
}  # fmt: skip
_PROGRESS = {"notStarted": 0, "executing": 20, "resumed": 20, "succeeded": 100, "failed": 100, "unknown": 100}


def accounts(ask: Ask, said: Said) -> dict[str, Any]:
    """The account and every one below it, itself first."""
    return {"Accounts": [_listed(each) for each in _tree(ask.world, account(ask, said))]}


def _tree(world: World, top: Account) -> Iterator[Account]:
    yield top
    for each in world.accounts.all():
        if each.parent == top.alias:
            yield from _tree(world, each)


def _listed(shown: Account) -> dict[str, Any]:
    return {
        "AccountAlias": shown.alias,
        "ParentAlias": shown.parent,
        "Location": shown.primary,
        "BusinessName": shown.name,
        "IsActive": not shown.suspended,
        "SupportLevel": "Developer",
    }


def details(ask: Ask, said: Said) -> dict[str, Any]:
    """One account."""
    shown = account(ask, said)
    more = {
        "Status": _DISABLED if shown.suspended else _ACTIVE,
        "Address1": shown.street,
        "Address2": "",
        "City": shown.city,
        "StateProvince": shown.region,
        "PostalCode": shown.postcode,
        "Country": shown.country,
        "Telephone": shown.phone,
        "TimeZone": "UTC",
    }
    return {"AccountDetails": {**_listed(shown), **more}}


def locations(ask: Ask, said: Said) -> dict[str, Any]:
    """All data centres."""
    return {"Locations": [{"Alias": dc, "Region": name} for dc, name in data_centres.NAMES.items()]}


def suspend(ask: Ask, said: Said) -> dict[str, Any]:
    """Disable an account: its servers stop, but it is not closed, and storage goes on to cost."""
    found = account(ask, said, needed=True)
    for server in ask.world.servers.all():
        if server.alias == found.alias and server.status == ACTIVE and server.power == STARTED:
            ask.world.servers.put(replace(server, power=STOPPED))
    ask.world.accounts.put(replace(found, suspended=True))
    return {"RequestID": 0}


def enable(ask: Ask, said: Said) -> dict[str, Any]:
    """Enable an account again: only its own VPN server starts by itself."""
    found = account(ask, said, needed=True)
    own = ask.world.servers.get(f"{found.primary}{found.alias}VPN01".lower())
    if own is not None and own.system:
        ask.world.servers.put(replace(own, power=STARTED))
    ask.world.accounts.put(replace(found, suspended=False))
    return {"RequestID": 0}


def users(ask: Ask, said: Said) -> dict[str, Any]:
    """Who may sign in to an account, with the numbers of their roles."""
    alias = account(ask, said).alias
    shown = [
        {
            "UserName": each.name,
            "AccountAlias": each.alias,
            "EmailAddress": f"{each.name}@example.com",
            "Roles": [_ROLES[role] for role in each.roles],
            "Status": _ACTIVE,
        }
        for each in ask.world.users.all()
        if each.alias == alias
    ]
    return {"Users": shown}


def delete_template(ask: Ask, said: Said) -> dict[str, Any]:
    """Queue the deletion of a custom template."""
    alias, name = account(ask, said).alias, said.get("name", "")
    try:
        found = servers.find(ask.world, alias, name)
        if not found.template:
            raise NotThere(name)
        return {"RequestID": int(servers.delete(ask.world, found, ask.by).id.rpartition("-")[2])}
    except (NotThere, NotQueued):
        raise Unsuccessful(NOT_FOUND, f"The template {name} was not found.") from None


def request_status(ask: Ask, said: Said) -> dict[str, Any]:
    """How far a queued request is."""
    alias, wanted = account(ask, said).alias, said.get("requestid", "")
    for each in ask.world.operations.all():
        if each.alias == alias and wanted and each.id.rpartition("-")[2] == wanted:
            told = operations.status(each, ask.world.now())
            return {"RequestID": int(wanted), "CurrentStatus": told, "PercentComplete": _PROGRESS[told]}
    raise Unsuccessful(NOT_FOUND, f"The request {wanted} was not found.")


ROUTES = (
    method("Account", "GetAccounts", accounts, "AccountAlias"),
    method("Account", "GetAccountDetails", details, "AccountAlias"),
    method("Account", "GetLocations", locations),
    method("Account", "SuspendAccount", suspend, "AccountAlias"),
    method("Account", "EnableAccount", enable, "AccountAlias"),
    method("User", "GetUsers", users, "AccountAlias"),
    method("Server", "DeleteTemplate", delete_template, "AccountAlias", "Name"),
    method("Queue", "GetRequestStatus", request_status, "AccountAlias", "RequestID"),
)
