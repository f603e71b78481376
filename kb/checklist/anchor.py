"""An anchor: the heads of all runs at one moment, to be kept where whoever writes the database cannot write.

Its file is JSON lines: when it was made and how many runs there were, then a head a line, last its seal.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from kb.checklist.chain import Chain, same
from kb.database import Database
from kb.errors import UsageError
from kb.tables import heads, register


@dataclass(frozen=True, slots=True)
class AnchoredHead:
    """The end of a run as it was: the run's number, its last event's version and mac."""

    number: int
    version: int
    mac: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """All heads by run, and how many runs there were."""

    made: str  # ISO 8601
    runs: int
    heads: Mapping[str, AnchoredHead]


def anchor_lines(database: Database, chain: Chain, now: datetime) -> Iterator[str]:
    """The lines of an anchor's file, as the database stands now. Raises StoreError."""
    hashed = hashlib.sha256()
    for line in _heads(database, chain, now):
        hashed.update(line.encode())
        yield line
    yield json.dumps({"seal": chain.seal("anchor", 0, hashed.hexdigest())})


def read_anchor(file: Path, chain: Chain) -> Anchor:
    """What the file says. Raises UsageError if it cannot be read, or is not as a site with this key wrote it."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        told, *rows, last = [json.loads(line) for line in lines]
        found = {run: AnchoredHead(*head) for run, *head in rows}
        return _sealed(file, chain, lines, last["seal"], Anchor(told["made"], told["runs"], found), told["key"])
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise UsageError(f"{file} cannot be read as an anchor: {error}") from error


def _heads(database: Database, chain: Chain, now: datetime) -> Iterator[str]:
    with database.looking() as connection:
        count = connection.execute(select(register.c.runs)).scalar_one_or_none() or 0
        yield json.dumps({"anchor": 1, "made": now.isoformat(), "key": chain.id, "runs": count})
        query = select(heads).order_by(heads.c.number).execution_options(yield_per=1000)
        for row in connection.execute(query):
            yield json.dumps([row.run, row.number, row.version, row.mac])


def _sealed(file: Path, chain: Chain, lines: list[str], seal: Any, anchor: Anchor, key: str) -> Anchor:
    known = chain.named(key)
    if known is None:
        raise UsageError(f"{file} was made with another key ({key}): name it in KB_EARLIER_SECRET_KEYS.")
    content = hashlib.sha256("".join(lines[:-1]).encode()).hexdigest()
    if not same(seal, known.seal("anchor", 0, content)):
        raise UsageError(f"{file} was altered: it is not the anchor that this site made.")
    return anchor
