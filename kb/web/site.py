"""What the pages work with; made once, passed to every blueprint."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kb.account.link import AccountLink
from kb.account.session import SignIns
from kb.article.library import Library
from kb.checklist.store import RunStore

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
