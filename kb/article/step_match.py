"""How steps of one edition and steps of another belong together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kb.article.side_file import How

GRAVITY: Sequence[How] = ("same", "reworded", "moved", "merged", "method-changed", "split", "new", "dropped")


@dataclass(frozen=True, slots=True)
class StepMatch:
    """Steps that belong together, by their ids. No older ones: new; no newer ones: dropped.

    After skipped editions a step may be `new` and yet name older ones: it took them up beside something new.
    """

    how: How
    older: tuple[str, ...]
    newer: tuple[str, ...]
    now: str = ""  # heading of the section that took a dropped step's place
    proposed: bool = False  # rests on the likeness of the words, not on the author's own word


def gravest(hows: Iterable[How]) -> How:
    """The one of these that asks most of a reader."""
    return max(hows, key=GRAVITY.index, default="same")


def joined(matches: Iterable[StepMatch], older: Sequence[str], newer: Sequence[str]) -> tuple[StepMatch, ...]:
    """Matches that share a step made into one; in the order of the newer steps, each dropped one where it stood."""
    groups: list[list[StepMatch]] = []
    for match in matches:
        touching = [group for group in groups if any(_share(match, other) for other in group)]
        groups = [group for group in groups if group not in touching]
        groups.append([other for group in touching for other in group] + [match])
    return tuple(_in_order([_as_one(group, older, newer) for group in groups], older, newer))


def composed(
    first: Sequence[StepMatch], second: Sequence[StepMatch], older: Sequence[str], newer: Sequence[str]
) -> tuple[StepMatch, ...]:
    """What two changes, one after the other, did to the steps; the gravest kind in between wins."""
    came = {name: match for match in first for name in match.newer}
    used: set[str] = set()
    found: list[StepMatch] = []
    for match in second:
        sources = list(dict.fromkeys(came[name] for name in match.older if name in came))
        used.update(name for source in sources for name in source.newer)
        found.append(_after(match, sources))
    lost = [match for match in first if not set(match.newer) & used]
    found += [StepMatch("dropped", match.older, (), match.now, match.proposed) for match in lost]
    return joined([match for match in found if match.older or match.newer], older, newer)


def _after(match: StepMatch, sources: Sequence[StepMatch]) -> StepMatch:
    """A match of the second change, told by the steps before the first."""
    before = tuple(name for source in sources for name in source.older)
    how = gravest([match.how, *(source.how for source in sources)])
    proposed = match.proposed or any(source.proposed for source in sources)
    return StepMatch(how if match.newer else "dropped", before, match.newer, match.now, proposed)


def _share(one: StepMatch, other: StepMatch) -> bool:
    return bool(set(one.older) & set(other.older) or set(one.newer) & set(other.newer))


def _as_one(group: list[StepMatch], older: Sequence[str], newer: Sequence[str]) -> StepMatch:
    before = _sorted((name for match in group for name in match.older), older)
    after = _sorted((name for match in group for name in match.newer), newer)
    how = gravest(match.how for match in group if match.newer or not after)
    if not before:
        how = "new"
    elif not after:
        how = "dropped"
    elif len(after) > 1:
        how = gravest([how, "split"])
    elif len(before) > 1:
        how = gravest([how, "merged"])
    now = next((match.now for match in group if match.now), "")
    return StepMatch(how, before, after, now, any(match.proposed for match in group))


def _sorted(names: Iterable[str], order: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(set(names), key=order.index))


def _in_order(matches: list[StepMatch], older: Sequence[str], newer: Sequence[str]) -> Iterator[StepMatch]:
    living = sorted((match for match in matches if match.newer), key=lambda match: newer.index(match.newer[0]))
    gone = sorted((match for match in matches if not match.newer), key=lambda match: older.index(match.older[0]))
    behind = _places(living, gone, older)
    yield from behind.get(None, ())
    for match in living:
        yield match
        yield from behind.get(match, ())


def _places(
    living: list[StepMatch], gone: list[StepMatch], older: Sequence[str]
) -> Mapping[StepMatch | None, list[StepMatch]]:
    """Behind which living match each dropped step stood; None: before them all."""
    home = {name: match for match in living for name in match.older}
    places: dict[StepMatch | None, list[StepMatch]] = {}
    for match in gone:
        before = older[: older.index(match.older[0])]
        place = next((home[name] for name in reversed(before) if name in home), None)
        places.setdefault(place, []).append(match)
    return places
