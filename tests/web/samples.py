"""A site on real files and a real SQLite, whose account is made up of plain classes."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kb.account.account import Account, SignedIn
from kb.account.link import AccountLink
from kb.account.session import SignIns
from kb.article.library import Library
from kb.checklist.chain import chain_of
from kb.checklist.check import Asked, Evidence, Outcome, Prepared, Progressed, Question, Record, Shown, Target, Verdict
from kb.checklist.store import RunStore
from kb.database import Database
from kb.errors import BadCredentials
from kb.settings import Settings
from kb.web.site import Site
from kb.web.wsgi import fernet

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
ORIGIN = {"Origin": "http://localhost"}

ARTICLE = """---
title: Moving out
date: 2026-02-01
---
## Steps
1. Pack your things.
2. Empty all rooms.
   - The cellar counts too.
3. Hand in the key.
4. The deposit comes back.
"""
SIDE_FILE = """
procedures:
  - heading: Steps
    prerequisites:
      - {id: tenant, label: You are the tenant, check: house.is_tenant}
    questions:
      - {id: lease, ask: "Is the lease still running?", stop: Talk to the landlord first.}
    steps:
      - {step: 1, starts: Pack your things, id: pack, prepares: house.mover}
      - {step: 2, starts: Empty all rooms, id: empty, check: house.empty, action: house.clear, gate: must-pass}
      - {step: 3, starts: Hand in the key, id: hand-in, prepares: house.letter, irreversible: true}
      - {step: 4, starts: The deposit, id: deposit, waits: for the landlord}
    afterwards:
      - {id: deposit, shows: house.deposit}
    finished: {title: You have moved out, text: The deposit is not back yet.}
"""


@dataclass
class House:
    """The made-up account: what it holds, and what was asked of it."""

    rooms: list[str] = field(default_factory=lambda: ["sofa", "lamp"])
    tenant: bool = True
    reachable: bool = True
    sent: list[str] = field(default_factory=list)
    slow: bool = False  # operations need a second look
    tenants: set[str] | None = None  # users who have the role; None: all of them
    crashes: bool = False  # the program ends after the request was sent, before its answer is known
    looked: list[str] = field(default_factory=list)  # what was looked at again, its outcome being unknown
    meanwhile: Callable[[Target], None] = lambda target: None


@dataclass
class IsTenant:
    house: House

    def questions(self, params: Mapping[str, Any]) -> tuple[Question, ...]:
        return ()

    def verdict(self, account: Account, asked: Asked) -> Verdict:
        tenant = self.house.tenant and (self.house.tenants is None or account.user in self.house.tenants)
        outcome = Outcome.PASSED if tenant else Outcome.FAILED
        return Verdict(outcome, "Tenant", "Only the tenant can hand in the key.", account.alias)


@dataclass
class Empty:
    house: House

    def questions(self, params: Mapping[str, Any]) -> tuple[Question, ...]:
        return (Question("attic", "Is anything left in the attic?"),)

    def verdict(self, account: Account, asked: Asked) -> Verdict:
        if not self.house.reachable:
            return Verdict(Outcome.UNKNOWN, "Unreachable", "The house did not answer.", reached=False)
        left = tuple(
            Evidence("thing", f"thing:{name}", name.title(), "Hall", "left", removable=True)
            for name in self.house.rooms
        )
        if left:
            return Verdict(Outcome.FAILED, "Left", f"{len(left)} things are left.", account.alias, left)
        if asked.answers.get("attic") != "nothing":
            return Verdict(
                Outcome.UNKNOWN, "ReaderMustTell", "Tell us about the attic.", account.alias, asks=("attic",)
            )
        return Verdict(Outcome.PASSED, "Empty", "All rooms are empty.", account.alias, told=("attic",))


@dataclass
class Clear:
    house: House
    label: str = "Throw away what is left"

    def plan(self, account: Account, asked: Asked) -> tuple[Target, ...]:
        return tuple(
            Target(f"thing:{name}", "thing", name.title(), "Hall", "gone for good", phase=name == "lamp")
            for name in self.house.rooms
        )

    def carry_out(self, account: Account, target: Target) -> Progressed:
        name = target.id.removeprefix("thing:")
        self.house.sent.append(name)
        self.house.meanwhile(target)
        if self.house.crashes:
            raise SystemError("the machine was switched off")
        if self.house.slow:
            return Progressed("running", operation=name)
        self.house.rooms.remove(name)
        return Progressed("done")

    def follow(self, account: Account, target: Target, operation: str) -> Progressed:
        if not operation:
            self.house.looked.append(target.id)
        if operation in self.house.rooms:
            self.house.rooms.remove(operation)
        return Progressed("done")


def mover(account: Account | None, asked: Asked) -> Prepared:
    return Prepared("Ask a mover", to="mover@example.org", subject="Moving", body="Please come.")


def letter(account: Account | None, asked: Asked) -> Prepared:
    return Prepared(
        "The letter", address="https://landlord.example/", warning="It acts at once.", done="I have sent it"
    )


def deposit(record: Record, params: Mapping[str, Any]) -> Shown:
    return Shown("When the deposit comes", (f"It rests on: {record.basis}.",))


@dataclass(frozen=True)
class HouseLink(AccountLink):
    """Signs in `pat` of the account ABCD and `sam` of WXYZ with the password `right`; `viewer` of ABCD only looks."""

    def sign_in(self, user: str, password: str) -> SignedIn:
        if password != "right":
            raise BadCredentials("We do not know this user and password.")
        alias = "WXYZ" if user == "sam" else "ABCD"
        role = "AccountViewer" if user == "viewer" else "AccountAdmin"
        return SignedIn(user, alias, "VA1", (role,), "secret-token", self.clock() + timedelta(days=14))


class Clock:
    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at


def link_to(house: House, clock: Clock) -> HouseLink:
    return HouseLink(
        name="House",
        bases={"api": "http://127.0.0.1:1"},
        clock=clock,
        checks={"house.is_tenant": IsTenant(house), "house.empty": Empty(house)},
        actions={"house.clear": Clear(house)},
        prepares={"house.mover": mover, "house.letter": letter},
        shows={"house.deposit": deposit},
    )


def write_library(folder: Path) -> Path:
    (folder / "House").mkdir()
    (folder / "House" / "moving-out.md").write_text(ARTICLE)
    (folder / "House" / "moving-out.checklist.yaml").write_text(SIDE_FILE)
    return folder


def site_of(library: Path, database: Database, house: House, clock: Clock) -> Site:
    return Site(
        library=Library.load(library, Settings(title="House help")),
        runs=RunStore(database, clock, chain_of(b"key")),
        link=link_to(house, clock),
        sign_ins=SignIns(database, fernet(b"key"), clock),
        key=b"key",
        clock=clock,
    )


class Browser:
    """A reader with a browser without JavaScript: follows redirects, keeps cookies, fills in the forms of the page."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page = BeautifulSoup("", "html.parser")
        self.status = 0
        self.path = "/"

    def open(self, path: str) -> "Browser":
        return self._read(self.client.get(path, follow_redirects=True))

    def submit(self, form: str, **fields: str | list[str] | None) -> "Browser":
        """Submit the first form matching this CSS selector; `None` leaves a field (an unticked box) out."""
        found = self.one(form)
        data: dict[str, Any] = dict(_fields(found))
        data.update(fields)
        data = {name: value for name, value in data.items() if value is not None}
        send = self.client.post if found.get("method") == "post" else self.client.get
        how = {"data": data} if found.get("method") == "post" else {"query_string": data}
        action = str(found["action"]).partition("#")[0]
        return self._read(send(action, headers=ORIGIN, follow_redirects=True, **how))

    def one(self, selector: str) -> Tag:
        found = self.page.select_one(selector)
        assert found, f"nothing matches {selector} on {self.path}:\n{self.page.get_text(' ', strip=True)[:2000]}"
        return found

    def has(self, selector: str) -> bool:
        return self.page.select_one(selector) is not None

    def text(self, selector: str = "main") -> str:
        return re.sub(r"\s+", " ", self.one(selector).get_text(" ", strip=True))

    def status_of(self, step: str) -> str:
        return self.text(f"#status-{step}")

    def _read(self, response: TestResponse) -> "Browser":
        self.status = response.status_code
        self.path = response.request.path
        self.page = BeautifulSoup(response.text, "html.parser")
        return self


def _fields(form: Tag) -> list[tuple[str, str]]:
    found = []
    for field_ in form.select("input[name]"):
        box = field_.get("type") in ("checkbox", "radio")
        if not box or field_.has_attr("checked"):
            found.append((str(field_["name"]), str(field_.get("value", "on"))))
    found += [(str(area["name"]), area.get_text().removeprefix("\n")) for area in form.select("textarea[name]")]
    return found
