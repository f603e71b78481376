"""One run as an auditor sees it: its rows, and what in them is not as the chain left it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from kb.checklist.chain import Chain, Link, Payload, same

MOST_MOVED = 12  # so many broken events of one run are looked at for an exchange of places
ERASED: Mapping[str, Any] = {"actor": "", "body": {}, "salt": None}  # with an id made by `erased_id`
Pin = tuple[str, str, str]  # article, edition, revision


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as kb left it. `code` is for programs; `version` is None if it is no single event."""

    code: str
    run: str
    version: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Trail:
    """The rows of one run: of `runs`, of `heads` (None if it has none), of `events` in order of version.

    `account` is the alias whose users may open it, "" if none.
    """

    run: Row[Any]
    head: Row[Any] | None
    events: Sequence[Row[Any]]
    account: str = ""

    @property
    def before_the_chain(self) -> bool:
        """Whether it is a run of an earlier kb to which nothing was added since."""
        return self.head is None and not any(row.mac for row in self.events)


def erased_id(version: int) -> str:
    """The id of an event whose own was erased."""
    return f"purged-{version}"


def examine(chain: Chain, trail: Trail, pins: Mapping[str, Pin]) -> Iterator[Finding]:
    """Everything in this run that is not as kb left it. `pins` maps the hash of each snapshot to what it names."""
    yield from _run(trail, pins)
    if trail.before_the_chain:
        return
    broken = []
    for row, follows, found in _links(chain, trail):
        if found:
            yield found
        elif follows is not None and row.mac not in follows:
            broken.append(row)
    for row in broken:
        place = _place(chain, trail, row, broken[:MOST_MOVED])
        if place is None:
            yield _of(row, "event-altered", "was altered: its time, kind, step, version or checklist.")
        elif place != row.version:
            yield _of(row, "event-moved", f"was moved: it was recorded as event {place}.")
    tombstone = trail.events[-1] if trail.events and trail.events[-1].kind == "purged" else None
    yield from _payloads(chain, trail, tombstone if tombstone not in broken else None)
    yield from _head(chain, trail)


def _links(chain: Chain, trail: Trail) -> Iterator[tuple[Row[Any], set[str] | None, Finding | None]]:
    """Each event with the macs that it may have, None if that cannot be told, and what is wrong beside them."""
    before, expected = {""}, 1
    for row in trail.events:
        gap, expected = range(expected, row.version), row.version + 1
        known = chain.named(row.key)
        follows = {known.mac(one, link_of(row)) for one in before} if known and row.digest and not gap else None
        yield row, follows, _beside(chain, row, gap)
        before = {mac for mac in (row.mac, *(follows or ())) if mac} or before


def _beside(chain: Chain, row: Row[Any], gap: range) -> Finding | None:
    if gap:
        text = f"{_events(gap)} missing, so that event {row.version} cannot be verified."
        return Finding("event-missing", row.run, gap[0], text)
    if row.mac is None:
        return _of(row, "event-unchained", "has no place in the chain: kb did not record it, or its seal was removed.")
    if chain.named(row.key) is None:
        return _of(row, "other-key", f"is sealed by another key ({row.key}): it cannot be verified with this one.")
    return None


def _place(chain: Chain, trail: Trail, row: Row[Any], broken: Sequence[Row[Any]]) -> int | None:
    """The version that an event had whose mac is wrong: its own, if only those before it were moved."""
    known = chain.named(row.key)
    macs = {one.version: one.mac or "" for one in trail.events}
    places: list[int] = [one.version for one in broken] if known else []
    for place in places:
        before = {macs.get(place - 1, ""), *(one.mac for one in broken)}
        if known and any(same(row.mac, known.mac(mac, link_of(row, place))) for mac in before):
            return place
    return None


def _payloads(chain: Chain, trail: Trail, tombstone: Row[Any] | None) -> Iterator[Finding]:
    for row in trail.events:
        known = chain.named(row.key)
        erased = row.salt is None
        if row.mac is None or known is None:
            continue
        if not erased and not same(row.digest, known.digest(Payload(row.salt, row.id, row.actor, row.body))):
            yield _of(row, "event-altered", "was altered: its actor, id or content.")
        elif erased and not (tombstone is not None and row.version < tombstone.version):
            yield _of(row, "event-erased", "has lost its actor and content, and no purge of this site did it.")
        elif erased and (row.id, row.actor, row.body) != (erased_id(row.version), ERASED["actor"], ERASED["body"]):
            yield _of(row, "event-altered", "was purged, but holds something again.")
        elif not erased and tombstone is not None and row is not tombstone:
            yield _of(row, "event-restored", "was purged, but its content is here again.")


def _head(chain: Chain, trail: Trail) -> Iterator[Finding]:
    head, run = trail.head, trail.run.id
    last = trail.events[-1].version if trail.events else 0
    if head is None:
        yield Finding("head-missing", run, None, "its head was removed, so that its end cannot be verified.")
        return
    known = chain.named(head.key)
    if head.version > last:
        yield Finding(
            "tail-cut", run, last + 1, f"its end was cut: {_events(range(last + 1, head.version + 1))} missing."
        )
    elif head.version < last:
        yield Finding("event-added", run, head.version + 1, "events were added after its end, not by kb.")
    elif head.mac != trail.events[-1].mac:
        yield Finding("tail-cut", run, last, f"its last event is not the one that kb recorded as event {last}.")
    if known is None:
        yield Finding("other-key", run, None, f"its head is sealed by another key ({head.key}).")
    elif not same(head.seal, known.seal(run, head.version, head.mac)):
        yield Finding("head-altered", run, None, "its head was altered: its end may have been cut or replaced.")


def _run(trail: Trail, pins: Mapping[str, Pin]) -> Iterator[Finding]:
    run, rows = trail.run, trail.events
    if not rows:
        yield Finding("event-missing", run.id, 1, "all its events are missing.")
        return
    last = rows[-1].snapshot
    if last and last != run.snapshot:
        yield Finding("run-altered", run.id, None, "it points at another checklist than its last event.")
    elif run.snapshot in pins and pins[run.snapshot] != (run.article, run.edition, run.revision):
        yield Finding("run-altered", run.id, None, "its article, edition or revision was altered.")
    if rows[0].version == 1 and rows[0].at != run.started:
        yield Finding("run-altered", run.id, None, "its start was altered.")
    if bool(run.purged) != (rows[-1].kind == "purged"):
        yield Finding("run-altered", run.id, None, "whether it was purged is told in two ways.")
    if trail.account and not any(row.kind == "linked" and row.body.get("account") == trail.account for row in rows):
        yield Finding("run-altered", run.id, None, f"it was given to the account {trail.account}, not by signing in.")
    for name in sorted({row.snapshot for row in rows if row.snapshot} - pins.keys()):
        yield Finding("snapshot-missing", run.id, None, f"the checklist {name[:12]} that its events name is missing.")


def link_of(row: Row[Any], version: int | None = None) -> Link:
    """What an event's row seals, as if it stood at `version`."""
    place = row.version if version is None else version
    return Link(row.run, place, row.at, row.kind, row.step, row.seen, row.snapshot, row.digest)


def _of(row: Row[Any], code: str, text: str) -> Finding:
    return Finding(code, row.run, row.version, f"event {row.version} ({row.kind}) {text}")


def _events(versions: range) -> str:
    if len(versions) == 1:
        return f"event {versions[0]} is"
    return f"events {versions[0]} to {versions[-1]} are"
