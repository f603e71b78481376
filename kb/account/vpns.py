"""Site-to-site VPNs of the account."""

from collections.abc import Mapping
from typing import Any

from kb.account.client import Client
from kb.account.kind import VPN
from kb.account.resource import Found, Resource
from kb.words import words


def find_vpns(client: Client, alias: str) -> Found:
    """One list for the whole account."""
    listed = client.read_list(f"/v2/siteToSiteVpn?account={alias}")
    return Found((VPN,), "", tuple(_resource(data) for data in listed))


def _resource(data: Mapping[str, Any]) -> Resource:
    local, remote = data.get("local") or {}, data.get("remote") or {}
    name = str(remote.get("siteName") or data["id"])
    note = words("to {address}", address=remote["address"]) if remote.get("address") else ""
    place = str(local.get("locationAlias") or "").upper()
    return Resource(VPN, str(data["id"]).lower(), name, place, note=note, monthly=VPN.list_price)
