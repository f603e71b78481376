"""A site with staff: ann writes, sue supports, rea reads, oli operates; nob has a password and no role."""

from dataclasses import replace
from pathlib import Path

from argon2 import PasswordHasher

from kb.access import Access, Oidc, StaffSettings
from kb.database import Database
from kb.web.site import Site
from kb.web.staff.passwords import Passwords
from kb.web.staff.users import UserFile
from tests.web.samples import Browser, Clock, House, site_of

PASSWORD = "correct horse battery"
USERS = {"rea": ("reader",), "ann": ("author",), "sue": ("support",), "oli": ("operator",)}
QUICK = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def staffed(library: Path, database: Database, clock: Clock, users: Path, oidc: Oidc | None = None) -> Site:
    """The site of the samples, with staff."""
    site = site_of(library, database, House(), clock)
    access = Access(staff=StaffSettings(USERS, oidc=oidc))  # type: ignore[arg-type]
    settings = replace(site.library.settings, access=access)
    file = UserFile(users)
    for name in (*USERS, "nob"):
        file.add(name, QUICK.hash(PASSWORD))
    return replace(
        site, library=replace(site.library, settings=settings), users=users, passwords=QUICK, oidc_secret="provider's"
    )


def sign_in(browser: Browser, user: str, password: str = PASSWORD) -> Browser:
    return browser.open("/staff/sign-in").submit("form.fields", user=user, password=password)
