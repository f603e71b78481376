"""Scheduled activities: when each happens next, and what happens then.

The body of an activity is what the caller said, and besides: `owner` ("server:<id>" or "group:<id>"), `by`, `count` of
occurrences so far, `last` and `next` (ISO 8601 in UTC; "" for never).
"""

import calendar
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from kb.sandbox.errors import NotQueued
from kb.sandbox.world import groups, servers
from kb.sandbox.world.records import Item, Server
from kb.sandbox.world.state import World

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SNAPSHOT_DAYS = 10
LONGEST_LAG = timedelta(days=366)  # what was due before that, when time makes a leap, does not happen

Deed = Callable[[World, Server, str], object]


def _drop_snapshots(world: World, server: Server, by: str) -> None:
    for each in server.snapshots:
        servers.drop_snapshot(world, server, each, by)


def _archive(world: World, server: Server, by: str) -> None:
    servers.need_archivable(server)
    groups.archive_together(world, [server], server.alias, server.dc, by)


DEEDS: Mapping[str, Deed] = {
    "archive": _archive,
    "createsnapshot": lambda world, server, by: servers.take_snapshot(world, server, SNAPSHOT_DAYS, by),
    "delete": servers.delete,
    "deletesnapshot": _drop_snapshots,
    "pause": lambda world, server, by: servers.power(world, server, "pause", by),
    "poweron": lambda world, server, by: servers.power(world, server, "powerOn", by),
    "reboot": lambda world, server, by: servers.power(world, server, "reboot", by),
    "shutdown": lambda world, server, by: servers.power(world, server, "shutDown", by),
}


def planned(body: Mapping[str, Any], since: datetime) -> dict[str, Any]:
    """The body with its next occurrence after `since`."""
    known = {"count": 0, "last": "", **body}
    following = _following(known, since)
    return {**known, "next": following.isoformat() if following else ""}


def carry_out(world: World, item: Item, now: datetime) -> None:
    """Let one occurrence happen, at the time when it was due; an activity whose owner is gone goes too."""
    due = datetime.fromisoformat(item.body["next"])
    with world.at(due), world.change():
        if not _has_owner(world, item):
            world.items.remove(item.key)
            return
        for server in list(_owned(world, item)):
            with suppress(NotQueued):
                DEEDS[item.body["type"]](world, server, item.body["by"])
        happened = {**item.body, "count": item.body.get("count", 0) + 1, "last": due.isoformat()}
        world.items.put(replace(item, body=planned(happened, max(due, now - LONGEST_LAG))))


def _owned(world: World, item: Item) -> Iterator[Server]:
    kind, _, key = item.body["owner"].partition(":")
    server, group = world.servers.get(key), world.groups.get(key)
    if kind == "server" and server is not None:
        yield server
    if kind == "group" and group is not None:
        for each in groups.below(world, group):
            yield from groups.members(world, each)


def _has_owner(world: World, item: Item) -> bool:
    kind, _, key = item.body["owner"].partition(":")
    return key in (world.groups if kind == "group" else world.servers)


def _following(body: Mapping[str, Any], after: datetime) -> datetime | None:
    """The first occurrence after this moment, unless it is off or has expired by then."""
    if body["status"] != "on":
        return None
    if body["expire"] == "afterCount" and body["count"] >= int(body.get("expireCount") or 0):
        return None
    found = next((each for each in _occurrences(body, after) if each > after), None)
    if found and body["expire"] == "afterDate" and found > moment(body["expireDateUTC"]):
        return None
    return found


def _occurrences(body: Mapping[str, Any], after: datetime) -> Iterator[datetime]:
    """Occurrences in order, from the last one before this moment or earlier."""
    begin = moment(body["beginDateUTC"])
    passed = max((after - begin).days, 0)
    match body["repeat"]:
        case "never":
            yield begin
        case "daily":
            yield from (begin + timedelta(days=passed + more) for more in range(2))
        case "weekly":
            yield from (begin + timedelta(weeks=passed // 7 + more) for more in range(2))
        case "monthly":
            yield from (_months_later(begin, max(passed // 31 - 1, 0) + more) for more in range(passed // 300 + 4))
        case "customWeekly":
            days, offset = set(body.get("customWeeklyDays") or ()), read_offset(body.get("timeZoneOffset"))
            week = (begin + timedelta(days=passed + more) for more in range(9))
            yield from (each for each in week if DAYS[(each + offset).weekday()] in days)


def _months_later(begin: datetime, months: int) -> datetime:
    """The same day of a later month, or its last day."""
    year, month = divmod(begin.year * 12 + begin.month - 1 + months, 12)
    return begin.replace(year=year, month=month + 1, day=min(begin.day, calendar.monthrange(year, month + 1)[1]))


def moment(text: str) -> datetime:
    """A date and time in UTC; without a zone it is in UTC. Raises ValueError."""
    read = datetime.fromisoformat(text)
    return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)


def read_offset(text: object) -> timedelta:
    """What "-08:00" or "-08:00:00" means; nothing for anything else."""
    said = str(text or "")
    hours, _, rest = said.lstrip("+-").partition(":")
    minutes = rest.partition(":")[0]
    if not (hours.isdecimal() and minutes.isdecimal()):
        return timedelta()
    offset = timedelta(hours=int(hours[:2]), minutes=int(minutes[:2]))
    return -offset if said.startswith("-") else offset
