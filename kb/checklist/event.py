"""What happened in a run: who, when, what. Events are only ever added."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, get_args

Kind = Literal[
    "started",  # the run began
    "linked",  # an account was linked by signing in: {account, user}
    "tick",  # the reader says that the step is done
    "untick",  # the reader takes it back
    "not-needed",  # the reader says that the step is not needed: {reason}
    "needed",  # the reader takes that back
    "note",  # the reader's own note on a step, "" removes it: {text}
    "answer",  # the reader answers a question: {question, answer}; step "" for questions before the first step
    "word",  # the reader goes on without proof: {said: done | left | anyway}
    "reveal",  # the reader confirmed a warning and sees the prepared address
    "request",  # the reader says that the irreversible step was done: {alias, basis, basis_at}
    "named",  # the reader named the run, "" takes the name away: {name}
    "abandoned",  # the reader gave the run up, it can only be read: {reason}
    "reopened",  # the reader took an abandoned run up again
    "restarted",  # another run was started in its place, this one can only be read: {run}
    "verdict",  # a check answered: the verdict; step is a step's or a prerequisite's id
    "confirmed",  # the reader confirmed an action: {targets}
    "sending",  # one request is about to be sent: {target}
    "outcome",  # what is known of it: {target, state, message, operation}
    "moved",  # the run follows another edition or revision from here on: {edition, revision, snapshot, from, steps}
    "merged",  # what was done in another run of the same reader was taken over: {from}
    "purged",  # the payloads of the events before were erased
]
READERS_KINDS: tuple[Kind, ...] = (
    "tick",
    "untick",
    "not-needed",
    "needed",
    "note",
    "answer",
    "word",
    "reveal",
    "request",
    "named",
    "abandoned",
    "reopened",
)  # what a reader may send as it is; a restart, a move and a merge have addresses of their own
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Draft:
    """An event that has not been accepted yet. `seen` is the version that the writer had before them."""

    id: str
    kind: Kind
    actor: str
    step: str = ""
    seen: int = 0
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """An accepted event; `version` counts from 1 within its run."""

    run: str
    version: int
    id: str
    at: datetime
    actor: str
    kind: Kind
    step: str
    seen: int
    body: Mapping[str, Any]

    def repeats(self, draft: Draft) -> bool:
        """Whether the draft is this very event, sent again."""
        asked = {name: self.body.get(name) for name in draft.body}
        return (self.kind, self.step, asked) == (draft.kind, draft.step, dict(draft.body))

    def as_json(self) -> dict[str, Any]:
        """Plain JSON data."""
        return {
            "version": self.version,
            "id": self.id,
            "at": self.at.isoformat().replace("+00:00", "Z"),
            "actor": self.actor,
            "kind": self.kind,
            "step": self.step or None,
            "seen": self.seen,
            "body": dict(self.body),
        }
