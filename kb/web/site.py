"""What the pages work with; made once, passed to every blueprint."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from kb.account.link import AccountLink
from kb.account.session import SignIns
from kb.article.library import Library
from kb.checklist.ownership import Ownership
from kb.checklist.sharing import Codes
from kb.checklist.store import RunStore
from kb.web.outlook import Outlooks
from kb.web.staff.passwords import Passwords

Hint = tuple[str, str, str]  # user, password, who it is


@dataclass(frozen=True, slots=True)
class Site:
    """A library, the runs of its readers and the link to their accounts."""

    library: Library
    runs: RunStore
    link: AccountLink
    sign_ins: SignIns
    key: bytes  # secret: guards forms
    clock: Callable[[], datetime]
    hints: tuple[Hint, ...] = ()  # demo users, shown on the sign-in page
    users: Path | None = None  # file of the local users of the staff
    passwords: Passwords = field(default_factory=Passwords)  # of the local users of the staff
    oidc_secret: str = ""  # what the staff's OpenID provider knows this site by
    outlooks: Outlooks = field(default_factory=Outlooks)

    @property
    def ownership(self) -> Ownership:
        """Which account each run belongs to."""
        return Ownership(self.runs.database, self.clock)

    @property
    def codes(self) -> Codes:
        """The links to runs."""
        return Codes(self.runs.database, self.clock)
