"""What the events of a run say of the run as a whole: its name, its account, whether it can still be changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from kb.checklist.event import Event

State = Literal["in-progress", "finished", "abandoned", "restarted", "merged"]


@dataclass(slots=True)
class Life:
    """`account` is the alias that the run is linked to, "" if none; `name` the reader's own, "" if none."""

    account: str = ""
    name: str = ""
    closed: Event | None = None  # the event that made it read-only
    moved: Event | None = None  # its last move to another edition or revision
    first: Event | None = None
    last: Event | None = None

    @property
    def version(self) -> int:
        """How many events there are."""
        return self.last.version if self.last else 0


def live(events: Iterable[Event]) -> Life:
    """The life of a run so far; events oldest first."""
    life = Life()
    for event in events:
        life.first, life.last = life.first or event, event
        match event.kind:
            case "linked":
                life.account = event.body["account"]
            case "named":
                life.name = event.body.get("name", "")
            case "abandoned" | "restarted":
                life.closed = event
            case "merged" if "into" in event.body:
                life.closed = event
            case "reopened":
                life.closed = None
            case "moved":
                life.moved = event
    return life
