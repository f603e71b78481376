"""The check that the signed-in user has a role."""

from collections.abc import Mapping
from typing import Any

from kb.account.account import Account
from kb.account.role import ACCOUNT_ADMIN, portal_name, with_article
from kb.checklist.check import Asked, Outcome, Question, Verdict
from kb.words import words


class HasRole:
    """Params: `role`, the role's wire name (default the Account Administrator). Asks the API nothing."""

    def questions(self, params: Mapping[str, Any]) -> tuple[Question, ...]:  # noqa: ARG002
        """None: the sign-in tells it."""
        return ()

    def verdict(self, account: Account, asked: Asked) -> Verdict:
        """Whether the roles of the sign-in name it; the failed message says who can and what to do."""
        role = str(asked.params.get("role", ACCOUNT_ADMIN))
        name = with_article(portal_name(role))
        if role.lower() in {held.lower() for held in account.roles}:
            return Verdict(
                Outcome.PASSED,
                "HasRole",
                words("You are {name} of {alias}.", name=name, alias=account.alias),
                account.alias,
            )
        message = words(
            "Your user {user} is not {name} of {alias}. Ask {name} to sign in here and do this, or "
            "to give your user that role in the Control Portal; then sign in again.",
            user=account.user,
            name=name,
            alias=account.alias,
        )
        return Verdict(Outcome.FAILED, "RoleMissing", message, account.alias)
