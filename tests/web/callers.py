"""Every kind of caller, each with the cookies that it really has, and somebody else's run to ask for."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kb.account.account import SignedIn
from kb.checklist.event import Draft
from kb.database import open_database
from kb.web.app import create_app
from kb.web.site import Site
from tests.web.samples import Browser, Clock, write_library
from tests.web.staff.team import sign_in, staffed

NOTE = "what only those who may see the run may read"
ROLES = {"vic": ("AccountViewer",), "amy": ("AccountAdmin",), "sam": ("AccountAdmin",), "pat": ("AccountAdmin",)}
STAFF = {"rea": "staff reader", "ann": "staff author", "sue": "staff support", "oli": "staff operator"}


@dataclass
class World:
    """A site with one run of pat's: linked to the account ABCD, or to none. Each cell finds it untouched."""

    folder: Path
    linked: bool
    site: Site = field(init=False)
    app: Flask = field(init=False)
    run: str = field(init=False)
    callers: dict[str, dict[str, str]] = field(default_factory=dict)  # kind of caller -> cookies
    tokens: dict[tuple[str, str], str] = field(default_factory=dict)  # caller, page -> csrf
    changed: bool = False  # the database may not be as it was

    def __post_init__(self) -> None:
        (self.folder / "library").mkdir(parents=True)
        database = open_database(f"sqlite:///{self.folder / 'kb.sqlite3'}")
        self.site = staffed(write_library(self.folder / "library"), database, Clock(), self.folder / "staff.json")
        self.app = create_app(self.site)
        self._people()
        self._copy("kb.sqlite3", "untouched.sqlite3")

    def client(self, caller: str) -> FlaskClient:
        """A browser of this caller; the database is as it was at the beginning."""
        if self.changed:
            self._copy("untouched.sqlite3", "kb.sqlite3")
        self.changed = False
        client = self.app.test_client()
        for name, value in self.callers[caller].items():
            client.set_cookie(name, value)
        return client

    def get(self, caller: str, path: str, headers: Mapping[str, str]) -> TestResponse:
        """The answer to a link that this caller follows; looking at a run may write down who looked."""
        client = self.client(caller)
        self.changed = self.run in path
        return client.get(path, headers=headers, buffered=True)

    def post(self, caller: str, path: str, data: Mapping[str, str], headers: Mapping[str, str]) -> TestResponse:
        """The answer to a form of this caller."""
        client = self.client(caller)
        self.changed = True
        return client.post(path, data=data, headers=headers)

    def csrf(self, caller: str, page: str) -> str:
        """The token of the forms that this caller gets on a page; "" if it has none."""
        if (caller, page) not in self.tokens:
            self.tokens[caller, page] = self._csrf(caller, page)
        return self.tokens[caller, page]

    def untouched(self) -> bool:
        """Whether the last caller changed nothing, apart from being counted."""
        return self._content("kb.sqlite3") == self._content("untouched.sqlite3")

    def close(self) -> None:
        self.site.runs.database.close()

    def _csrf(self, caller: str, page: str) -> str:
        client = self.client(caller)
        if page == "/staff/sign-in":  # whoever is in is led away from it
            client.delete_cookie("kb_staff")
        token = BeautifulSoup(client.get(page).text, "html.parser").select_one("main input[name=csrf]")
        return str(token["value"]) if token else ""

    def _copy(self, source: str, target: str) -> None:
        with closing(self._open(source)) as here, closing(self._open(target)) as there:
            here.backup(there)

    def _content(self, name: str) -> list[str]:
        with closing(self._open(name)) as file:
            return [line for line in file.iterdump() if "rate_limits" not in line]

    def _open(self, name: str) -> sqlite3.Connection:
        return sqlite3.connect(self.folder / name)

    def _people(self) -> None:
        owner = Browser(self.app.test_client()).open("/house/moving-out/").submit("form.start")
        self.run = owner.path.split("/")[2]
        draft = Draft("note", "note", "reader", "pack", body={"text": NOTE})
        self.site.runs.record(self.run, draft.id, lambda _events: draft)
        mine = _cookies(owner.open("/staff/sign-in").client)
        self.callers["owner"] = mine
        self.callers["owner, signed in"] = {**mine, "kb_account": self._account("pat", "ABCD")}
        if self.linked:
            self._link()
        self.callers["nobody"] = {}
        stranger = Browser(self.app.test_client()).open("/house/moving-out/").submit("form.start")
        self.callers["another reader"] = _cookies(stranger.open("/staff/sign-in").client)
        self._accounts()
        self._viewers()
        for user, name in STAFF.items():
            member = Browser(self.app.test_client()).open("/sign-in")
            self.callers[name] = _cookies(sign_in(member, user).client)

    def _link(self) -> None:
        body = {"account": "ABCD", "user": "pat"}
        draft = Draft("linked", "linked", "ABCD/pat", body=body)
        self.site.runs.record(self.run, draft.id, lambda _events: draft)
        self.site.ownership.give(self.run, "ABCD")

    def _accounts(self) -> None:
        for name, user, alias in (
            ("same account, admin", "amy", "ABCD"),
            ("same account, looks only", "vic", "ABCD"),
            ("another account", "sam", "WXYZ"),
        ):
            self.callers[name] = {**self._reader(), "kb_account": self._account(user, alias)}

    def _viewers(self) -> None:
        for name, ended in (("has the share link", False), ("had the share link", True)):
            cookies = self._reader()
            code = self.site.codes.make(self.run, "see")
            self.site.codes.redeem(code, "see", cookies["kb_reader"])
            if ended:
                self.site.codes.revoke(self.run, self.site.codes.of(self.run)[-1].name)
            self.callers[name] = cookies

    def _reader(self) -> dict[str, str]:
        return _cookies(Browser(self.app.test_client()).open("/sign-in").open("/staff/sign-in").client)

    def _account(self, user: str, alias: str) -> str:
        until = self.site.clock() + timedelta(days=14)
        return self.site.sign_ins.keep(SignedIn(user, alias, "VA1", ROLES[user], "secret-token", until))


def _cookies(client: FlaskClient) -> dict[str, str]:
    names = ("kb_reader", "kb_account", "kb_staff", "kb_staff_form")
    return {name: found.value for name in names if (found := client.get_cookie(name))}
