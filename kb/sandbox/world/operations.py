"""The operations queue: work that takes time, and what happens when it is done."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from kb.sandbox.errors import SandboxError
from kb.sandbox.world.records import Operation
from kb.sandbox.world.state import World

FIRST_NUMBER = 100_001

Effect = Callable[[World, Operation], Mapping[str, Any] | None]


def queue(world: World, alias: str, dc: str, effect: str, args: Mapping[str, Any], by: str) -> Operation:
    """Put work into the queue of a data centre; ids look like `va1-100001`."""
    number = FIRST_NUMBER + len(world.operations.all())
    return _queue(world, f"{dc.lower()}-{number}", alias, effect, args, by)


def queue_experimental(world: World, alias: str, effect: str, args: Mapping[str, Any], by: str) -> Operation:
    """Put work into the queue of the experimental API; ids are 32 hex digits."""
    return _queue(world, secrets.token_hex(16), alias, effect, args, by)


def _queue(world: World, key: str, alias: str, effect: str, args: Mapping[str, Any], by: str) -> Operation:
    now = world.now()
    return world.operations.put(
        Operation(
            id=key,
            alias=alias,
            effect=effect,
            args=args,
            by=by,
            queued=now,
            starts=now + timedelta(seconds=world.pace / 4),
            ends=now + timedelta(seconds=world.pace),
            fails=world.failing,
        )
    )


def status(operation: Operation, now: datetime) -> str:
    """One of `notStarted`, `executing`, `succeeded`, `failed`."""
    if operation.settled:
        return "failed" if operation.fails else "succeeded"
    return "executing" if now >= operation.starts else "notStarted"


def settle(world: World, effects: Mapping[str, Effect]) -> None:
    """Let everything happen that is due by now, in the order in which it was due."""
    if not world.unsettled:
        return
    now = world.clock()
    for operation in sorted(world.unsettled.values(), key=lambda each: each.ends):
        if operation.ends <= now:
            _finish(world, operation, effects)


def _finish(world: World, operation: Operation, effects: Mapping[str, Effect]) -> None:
    with world.at(operation.ends):
        if not operation.fails:
            try:
                with world.change():
                    result = effects[operation.effect](world, operation) or {}
                    world.operations.put(replace(operation, settled=True, result=result))
                return
            except SandboxError:
                pass  # the world moved on meanwhile; the job fails, as the real one would
        with world.change():
            undo = effects.get(f"{operation.effect}.failed")
            if undo:
                undo(world, operation)
            world.operations.put(replace(operation, settled=True, fails=True))
