"""Monitoring of servers: figures that look alive, and are the same for the same server and moment."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from kb.sandbox.api.ask import Ask
from kb.sandbox.api.reply import Answer, ok, zulu
from kb.sandbox.api.route import Route
from kb.sandbox.api.servers import seen
from kb.sandbox.errors import Rejected
from kb.sandbox.world import activities, groups
from kb.sandbox.world.records import ACTIVE, STARTED, Server

_KEPT = timedelta(days=14)
_LEAST = {"hourly": timedelta(hours=1), "realtime": timedelta(minutes=5)}
_REALTIME = timedelta(hours=4)
_QUERY = ("type", "start", "end", "sampleInterval")
_TOO_SHORT = (
    "The 'end' parameter must represent a time that occurs at least one 'sampleInterval' before 'start.'"  # verbatim
)


def of_group(ask: Ask, alias: str, group: str) -> Answer:
    """What each server of the group and of the groups below used."""
    moments = _moments(ask)
    found = groups.below(ask.world, groups.find(ask.world, alias, group))
    members = [server for each in found for server in groups.members(ask.world, each) if server.status == ACTIVE]
    return ok([_shown(server, moments) for server in members])


def of_server(ask: Ask, alias: str, server: str) -> Answer:
    """What one server used."""
    return ok(_shown(seen(ask, alias, server), _moments(ask)))


def _shown(server: Server, moments: list[datetime]) -> dict[str, Any]:
    stats = [_sample(server, each) for each in moments if each >= server.change.created]
    return {"name": server.id, "stats": stats}


def _sample(server: Server, moment: datetime) -> dict[str, Any]:
    on = server.power == STARTED and server.status == ACTIVE
    first, second, third = (part / 255 if on else 0.0 for part in _noise(server.id, moment))
    capacity = server.storage * 1024
    sent = server.sends * 1024 * 1024 / 86400
    return {
        "timestamp": zulu(moment),
        "cpu": float(server.cpu),
        "cpuPercent": round(2 + 30 * first, 2) if on else 0.0,
        "memoryMB": float(server.memory * 1024),
        "memoryPercent": round(20 + 40 * second, 2) if on else 0.0,
        "networkReceivedKBps": round(sent * third, 2),
        "networkTransmittedKBps": round(sent * (0.5 + third), 2) if on else 0.0,
        "diskUsageTotalCapacityMB": float(capacity),
        "diskUsage": [{"id": each.id, "capacityMB": each.size * 1024} for each in server.disks],
        "guestDiskUsage": [
            {"path": path, "capacityMB": each.size * 1024, "consumedMB": each.size * 1024 * 2 // 5}
            for each in server.disks
            for path in each.paths
        ],
    }


def _noise(name: str, moment: datetime) -> bytes:
    return hashlib.sha256(f"{name} {moment.isoformat()}".encode()).digest()[:3]


def _moments(ask: Ask) -> list[datetime]:
    """When samples were taken, as the query asks; the last one where it asks for nothing. Raises Rejected."""
    now, said = ask.world.now(), ask.query
    kind = said.get("type", "hourly" if said.get("start") else "latest").lower()
    if kind == "latest":
        return [now.replace(minute=now.minute // 5 * 5, second=0, microsecond=0)]
    if kind not in _LEAST:
        raise Rejected("The request is invalid.", {"type": "The value must be latest, hourly or realtime."})
    start, end = _moment(said, "start", now), _moment(said, "end", now) if said.get("end") else now
    step = _interval(said.get("sampleinterval", ""))
    if step is None or step < _LEAST[kind]:
        raise Rejected("The request is invalid.", {"sampleInterval": "The value is not valid."})
    if start < now - (_KEPT if kind == "hourly" else _REALTIME) or end > now:
        raise Rejected("The request is invalid.", {"start": "Statistics are not kept for that time."})
    if start + step > end:
        raise Rejected(_TOO_SHORT)
    return list(_steps(start, end, step))


def _steps(start: datetime, end: datetime, step: timedelta) -> Iterator[datetime]:
    while start < end:
        yield start
        start += step


def _moment(said: Any, name: str, now: datetime) -> datetime:
    try:
        found = activities.moment(said.get(name, ""))
    except (ValueError, OverflowError):
        raise Rejected("The request is invalid.", {name: "The value must be a date and time."}) from None
    return min(found, now) if name == "end" else found


def _interval(text: str) -> timedelta | None:
    """What "05:00", "01:00:00" or "01:00:00:00" means: minutes, hours or days stand first."""
    parts = text.split(":")
    if not 2 <= len(parts) <= 4 or not all(each.isdecimal() and len(each) < 4 for each in parts):
        return None
    days, hours, minutes, seconds = [0] * (4 - len(parts)) + [int(each) for each in parts]
    return timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)


ROUTES = (
    Route("GET", "/v2/groups/<alias>/<group>/statistics", of_group, query=_QUERY),
    Route("GET", "/v2/servers/<alias>/<server>/statistics", of_server, query=_QUERY),
)
