"""The account link as the web floor uses it: signing in, and what steps may be linked to, by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from kb.account.account import Account, SignedIn, open_account, sign_in
from kb.account.actions import ACTIONS
from kb.account.checks import CHECKS
from kb.account.invoices import SHOWS
from kb.account.preparations import PREPARES
from kb.checklist.check import Action, Check, Prepares, Shows


@dataclass(frozen=True, slots=True)
class AccountLink:
    """`name` is what readers call the account's own site; `bases` are the only origins that see a token."""

    name: str
    bases: Mapping[str, str]
    clock: Callable[[], datetime]
    checks: Mapping[str, Check[Account]] = field(default_factory=lambda: CHECKS)
    actions: Mapping[str, Action[Account]] = field(default_factory=lambda: ACTIONS)
    prepares: Mapping[str, Prepares[Account]] = field(default_factory=lambda: PREPARES)
    shows: Mapping[str, Shows] = field(default_factory=lambda: SHOWS)

    def sign_in(self, user: str, password: str) -> SignedIn:
        """Raises BadCredentials, Unreachable or another AccountError."""
        return sign_in(self.bases, user, password, self.clock())

    def open(self, signed_in: SignedIn) -> Account:
        """The account of this sign-in; asks nothing yet."""
        return open_account(signed_in, self.bases)
