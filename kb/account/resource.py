"""One billed thing of an account, and what one look at one place found."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from kb.account.kind import Kind
from kb.checklist.check import Evidence
from kb.words import words

OWN = words("ignored: comes with the account")


@dataclass(frozen=True, slots=True)
class Resource:
    """One thing that is billed, or that looks like it. `key` names it within its kind, lower case."""

    kind: Kind
    key: str
    name: str
    place: str  # "VA1", "" for the whole account
    state: Literal["left", "ignored", "unsure"] = "left"
    note: str = ""
    monthly: Decimal | None = None  # US dollars, None if not known
    goes_with: str = ""  # id of the resource whose deletion removes this one too
    takes: str = ""  # what is deleted with it: "its 2 disks and 1 snapshot"
    removable: bool = True
    asked: bool = False  # the reader is asked, or was, whether it comes with the account

    @property
    def id(self) -> str:
        """Unique in the account and stable between looks."""
        return f"{self.kind.id}:{self.key}"

    def as_evidence(self) -> Evidence:
        """What a verdict shows of it."""
        return Evidence(
            kind=self.kind.name,
            id=self.id,
            name=self.name,
            place=self.place,
            state=self.state,
            note=self.note,
            monthly="" if self.monthly is None or self.state == "ignored" else dollars(self.monthly),
            removable=self.kind.removable and self.removable and self.state == "left",
        )


@dataclass(frozen=True, slots=True)
class Found:
    """What one look found of some kinds in one place. `missing` says what could not be seen, "" if all was seen."""

    kinds: tuple[Kind, ...]
    place: str
    resources: tuple[Resource, ...] = ()
    missing: str = ""


def dollars(amount: Decimal) -> str:
    """`$1,234.50`."""
    return f"${amount:,.2f}"


def amount(value: object) -> Decimal | None:
    """A price of the API as a number: 77.76, "77.76" or "$1,077.76"; None if it is none of these."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = Decimal(str(value).strip().lstrip("$").replace(",", ""))
    except ArithmeticError:
        return None
    return number if number.is_finite() else None
