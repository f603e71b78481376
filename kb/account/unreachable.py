"""The verdict when the account could not be asked: always unknown, never failed."""

from kb.account.account import Account
from kb.account.inventory import Inventory
from kb.checklist.check import Outcome, Verdict
from kb.errors import AccountError, Forbidden, Unreachable
from kb.words import words


def could_not_take(account: Account, error: AccountError | None, inventory: Inventory | None = None) -> Verdict:
    """Unknown, with what went wrong (`error`, None if every place failed for itself).

    `reached` is false unless the API answered that this user may not look.
    """
    searched = inventory.searched if inventory else ()
    if isinstance(error, Forbidden):
        message = words("Your user may not see this account's services. {error}", error=error)
        return Verdict(Outcome.UNKNOWN, "NotAllowed", message, account.alias, searched=searched)
    reason = "Unreachable" if error is None or isinstance(error, Unreachable) else "AccountFault"
    why = error or words("No part of it could be searched. Try again later.")
    message = words("We could not check your account. {why}", why=why)
    return Verdict(Outcome.UNKNOWN, reason, message, searched=searched, reached=False)
