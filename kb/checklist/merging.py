"""Two runs of one reader through the same checklist made one: what was done before signing in is taken over.

All events of the other run go into the body of one event, with their own ids and times; those that say the last word
on something count as if they had happened in this run.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from kb.checklist.event import Draft, Event

# what says something of the same thing; of each group the last word counts
_ABOUT = {
    "tick": "done",
    "untick": "done",
    "not-needed": "done",
    "needed": "done",
    "request": "requested",
    "word": "word",
    "reveal": "revealed",
}
_Topic = tuple[str, str, str]


def merged(mine: Sequence[Event], theirs: Sequence[Event], other: str, actor: str) -> Draft:
    """The event that takes over what `theirs`, the events of the run `other`, say later than `mine` do.

    Its id is made of the other run's, so taking the same run over again is a repetition.
    """
    known = {topic: event.at for event in mine for topic in _topics(event)}
    last = {topic: event for event in theirs for topic in _topics(event)}
    taken = {event.id for topic, event in last.items() if topic not in known or event.at > known[topic]}
    body = {"from": other, "events": [event.as_json() for event in theirs], "taken": sorted(taken)}
    return Draft(merge_id(other), "merged", actor, body=body)


def merge_id(other: str) -> str:
    """The id of the event that takes over the run `other`."""
    return f"merged-{other}"


def taken_over(event: Event) -> Iterator[Event]:
    """The events that a merge takes over, as of their own times but of its version; none if it was erased."""
    taken = set(event.body.get("taken", ()))
    for item in event.body.get("events", ()):
        if item["id"] in taken:
            yield _from_json(item, event)


def _topics(event: Event) -> Iterable[_Topic]:
    """What the event has a word on."""
    if event.kind == "answer":
        return [(event.step, "answer", str(event.body.get("question")))]
    if event.kind == "note":
        return [(event.step, "note", "")]
    return [(event.step, _ABOUT[event.kind], "")] if event.kind in _ABOUT else []


def _from_json(item: dict[str, Any], event: Event) -> Event:
    at = datetime.fromisoformat(item["at"])
    return Event(
        event.run, event.version, item["id"], at, item["actor"], item["kind"], item["step"] or "", 0, item["body"]
    )
