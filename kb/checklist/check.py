"""What a step may be linked to: checks, actions, preparations and answers. The account floor implements them.

Everything here is plain data that goes into events as JSON, or a Protocol; nothing here knows a real account.
`A` is the account that the implementations need (for `kb.account`: `kb.account.account.Account`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Literal, Protocol, Self, TypeVar

from kb.packed_words import packed, unpacked
from kb.words import words

A = TypeVar("A", contravariant=True)


class Outcome(StrEnum):
    """The three things that a check may say; out of reach is always `UNKNOWN`."""

    PASSED = "passed"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that a check found in the account."""

    kind: str  # for people, singular, lower case: "server", "public IP address"
    id: str  # unique within the account and stable between checks: "server:va1abcdweb01"
    name: str
    place: str  # data centre as people know it ("VA1"), or "" for the whole account
    state: Literal["left", "ignored", "unsure"]  # left: counts against the step; ignored: `note` says why
    note: str = ""  # "stopped", "archived", "ignored: comes with the account"
    monthly: str = ""  # estimated cost a month as text with currency ("$45.00"), "" if not known
    removable: bool = False  # the step's action can remove it


@dataclass(frozen=True, slots=True)
class Searched:
    """One kind of thing in one place that a check looked for, and whether it saw all of it."""

    kind: str
    place: str
    complete: bool
    note: str = ""  # why it is not complete


@dataclass(frozen=True, slots=True)
class Question:
    """What only the reader can know; the answer is `nothing` (there is none) or `something` (there is)."""

    id: str
    ask: str
    hint: str = ""  # where to look
    nothing: str = words("No, nothing left")  # the words of the answer `nothing`
    something: str = words("Yes, something is left")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check said. `reason` is a CamelCase code for programs, `message` one or two sentences for people."""

    outcome: Outcome
    reason: str
    message: str
    account: str = ""  # alias of the account that was asked, "" if none was reached
    evidence: tuple[Evidence, ...] = ()
    searched: tuple[Searched, ...] = ()
    told: tuple[str, ...] = ()  # what rests on the reader's word, as short names
    asks: tuple[str, ...] = ()  # ids of questions that are still open
    reached: bool = True  # False: the account could not be asked at all ("could not check")
    questions: tuple[Question, ...] = ()  # those that only this look raised; `Check.questions` does not know them
    requests: tuple[str, ...] = ()  # what the account was asked, in order: "GET /v2/groups/ABCD"

    @property
    def left(self) -> tuple[Evidence, ...]:
        """What counts against the step."""
        return tuple(item for item in self.evidence if item.state == "left")

    def as_json(self) -> dict[str, Any]:
        """JSON data, whose Words `from_json` reads back as such."""
        data = {
            "outcome": str(self.outcome),
            "reason": self.reason,
            "message": self.message,
            "account": self.account,
            "evidence": [_fields(item) for item in self.evidence],
            "searched": [_fields(item) for item in self.searched],
            "told": list(self.told),
            "asks": list(self.asks),
            "reached": self.reached,
            "questions": [_fields(item) for item in self.questions],
            "requests": list(self.requests),
        }
        return packed(data)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `as_json` wrote."""
        data = unpacked(data)
        return cls(
            outcome=Outcome(data["outcome"]),
            reason=data["reason"],
            message=data["message"],
            account=data["account"],
            evidence=tuple(Evidence(**item) for item in data["evidence"]),
            searched=tuple(Searched(**item) for item in data["searched"]),
            told=tuple(data["told"]),
            asks=tuple(data["asks"]),
            reached=data["reached"],
            questions=tuple(Question(**item) for item in data.get("questions", ())),
            requests=tuple(data.get("requests", ())),
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """What a check, action or preparation is asked with."""

    now: datetime
    params: Mapping[str, Any] = field(default_factory=dict)  # `with:` of the side file
    answers: Mapping[str, str] = field(default_factory=dict)  # question id -> "nothing" | "something"


class Check(Protocol[A]):
    """Answers whether a step is done, by reading the account. Never raises an AccountError but `SignedOut`."""

    def questions(self, params: Mapping[str, Any]) -> tuple[Question, ...]:
        """What only the reader can know and the check needs."""
        ...

    def verdict(self, account: A, asked: Asked) -> Verdict:
        """Look at the account now."""
        ...


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that an action would change."""

    id: str  # the `id` of the Evidence
    kind: str
    name: str
    place: str
    consequence: str  # what happens, for the confirmation: "deleted with its 2 disks; cannot be undone"
    phase: int = 0  # a later phase starts when all targets of the earlier ones are settled


TargetState = Literal["running", "done", "refused", "unknown"]


@dataclass(frozen=True, slots=True)
class Progressed:
    """How far one target is. `operation` is what `follow` needs to ask again, "" if nothing is to be asked."""

    state: TargetState
    message: str = ""
    operation: str = ""


class Action(Protocol[A]):
    """Changes the account on the reader's behalf, one request for each target, after a confirmation."""

    label: str  # the button: "Delete what is left"

    def plan(self, account: A, asked: Asked) -> tuple[Target, ...]:
        """All that could be changed, read afresh. Raises AccountError."""
        ...

    def carry_out(self, account: A, target: Target) -> Progressed:
        """Send the one request for this target; never retried. Raises nothing but `SignedOut`."""
        ...

    def follow(self, account: A, target: Target, operation: str) -> Progressed:
        """Ask how far it is; with `operation` "" (outcome unknown) re-read the thing itself.

        Only reads. Raises nothing but `SignedOut`.
        """
        ...


@dataclass(frozen=True, slots=True)
class Prepared:
    """Something prepared that the reader sends or opens; kb sends nothing itself."""

    title: str
    to: str = ""  # a mail's address
    subject: str = ""
    body: str = ""
    address: str = ""  # a page to open instead of a mail
    links: tuple[tuple[str, str], ...] = ()  # other ways: (label, address)
    notes: tuple[str, ...] = ()  # what to know before sending, as sentences
    warning: str = ""  # not "": must be confirmed before `address` is shown
    done: str = words("I have sent it")  # the button by which the reader says so


class Prepares(Protocol[A]):
    """Prepares something for the reader to send. `account` is None for a reader who is not signed in."""

    def __call__(self, account: A | None, asked: Asked) -> Prepared:
        """Never raises; reads at most what is already known."""
        ...


@dataclass(frozen=True, slots=True)
class Record:
    """What is known when a run's own steps are done."""

    now: datetime
    requested: datetime | None  # when the irreversible step was done
    basis: Literal["checked", "said-done", "said-left", "none"]  # what the gate rested on then
    basis_at: datetime | None
    left: int | None = None  # how much the last verdict still found, None if it never could look
    cleared: datetime | None = None  # first verdict after the request that found nothing left


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a timeline."""

    when: date | None
    text: str
    state: Literal["done", "next", "later"]


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer computed for the reader from the run's dates."""

    title: str
    paragraphs: tuple[str, ...]
    timeline: tuple[Moment, ...] = ()


class Shows(Protocol):
    """Computes an answer from a run's record."""

    def __call__(self, record: Record, params: Mapping[str, Any]) -> Shown:
        """Never raises."""
        ...


def _fields(item: Evidence | Searched | Question) -> dict[str, Any]:
    return {name: getattr(item, name) for name in item.__slots__}
