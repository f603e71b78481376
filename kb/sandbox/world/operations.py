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
            fails=world.jobs in ("failed", "unknown"),
            told=world.jobs if world.jobs in ("unknown", "resumed") else "",
        )
    )


def status(operation: Operation, now: datetime) -> str:
    """One of `notStarted`, `executing`, `resumed`, `succeeded`, `failed`, `unknown`."""
    if operation.settled and operation.fails:
        return operation.told or "failed"
    if operation.settled:
        return "succeeded"
    if now < operation.starts:
        return "notStarted"
    return operation.told if operation.told == "resumed" else "executing"


def finish(world: World, operation: Operation, effects: Mapping[str, Effect]) -> None:
    """Let the effect of an operation happen, at the time when it was due."""
    with world.at(operation.ends):
        if not operation.fails and operation.effect in effects:  # one of another version may not be
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
