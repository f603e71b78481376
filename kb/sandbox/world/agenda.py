"""The agenda: what becomes due by itself. Queued work ends, planned activities happen, snapshots expire."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from kb.sandbox.world import activities, operations
from kb.sandbox.world.records import Server
from kb.sandbox.world.state import World

FOREVER = datetime.max.replace(tzinfo=UTC)

Due = tuple[datetime, str, Callable[[], None]]  # when, of what, and what then happens


def catch_up(world: World, effects: Mapping[str, operations.Effect]) -> None:
    """Let everything happen that is due by now, in the order in which it was due."""
    now = world.clock()
    while world.quiet_until is None or now >= world.quiet_until:
        first = min(_due(world, now), default=None, key=lambda each: each[:2])
        until = min(first[0], now) if first else now
        ended = [each for each in world.unsettled.values() if each.ends <= until]
        for operation in sorted(ended, key=lambda each: each.ends):
            operations.finish(world, operation, effects)
        if ended:
            continue  # what they did may have made something else the first
        if first is not None and first[0] <= now:
            first[2]()
        else:
            ends = [operation.ends for operation in world.unsettled.values()]
            world.quiet_until = min([*ends, first[0] if first else FOREVER])


def _due(world: World, now: datetime) -> Iterator[Due]:
    for item in world.planned.values():
        yield datetime.fromisoformat(item.body["next"]), item.id, partial(_happen, world, item.key, now)
    for server in world.snapped.values():
        ends = min(each.expires for each in server.snapshots)
        yield ends, server.id, partial(_expire, world, server.id, ends)


def _happen(world: World, key: str, now: datetime) -> None:
    item = world.items.get(key)
    if item is not None and key in world.planned:
        activities.carry_out(world, item, now)


def _expire(world: World, key: str, at: datetime) -> None:
    server: Server | None = world.servers.get(key)
    if server is not None:
        with world.at(at), world.change():
            kept = tuple(each for each in server.snapshots if each.expires > at)
            world.servers.put(replace(server, snapshots=kept))
