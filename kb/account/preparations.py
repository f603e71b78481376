"""What is prepared for the reader to send or open: the service-task mail and the closure request."""

from collections.abc import Mapping

from kb.account.account import Account
from kb.checklist.check import Asked, Prepared, Prepares
from kb.words import words

SERVICE_TASKS = "ServiceTasks@ctl.io"
HELP = "help@ctl.io"
SUPPORT_SITE = "https://support.ctl.io"
REQUEST_TO_CLOSE = "https://control.ctl.io/organization/account"

_ALIAS = "[your account alias]"
_USER = "[your Control Portal user name]"
_PIN = "[your PIN]"
_PLACE = "[data centre, such as VA1]"
_PIN_NOTE = words(
    "Add your PIN before you send it. You find it in your user profile in the Control "
    "Portal. This site does not know it and never asks for it."
)


def service_task_mail(account: Account | None, asked: Asked) -> Prepared:  # noqa: ARG001
    """The mail that asks for help with getting data out; placeholders where nobody is signed in."""
    alias = account.alias if account else _ALIAS
    return Prepared(
        title=words("Ask for a service task"),
        to=SERVICE_TASKS,
        subject=f"Service task for account {alias}: data retrieval",
        body=_lines(
            "Please send me an estimate for this service task.",
            "",
            f"Account alias: {alias}",
            f"Control Portal user name: {account.user if account else _USER}",
            f"User PIN: {_PIN}",
            f"Data centre: {account.primary_data_centre if account else _PLACE}",
            "Servers: [names of the servers]",
            "What to retrieve: [servers, disks or files]",
            "Where to send it: [address, or a storage device that you send in]",
            "Needed by: [date]",
        ),
        links=((words("About service tasks"), "https://www.ctl.io/service-tasks"),),
        notes=(
            words(
                "A service task costs $195 an hour, for 2 hours at least. A storage device costs extra "
                "if you send none."
            ),
            words("You receive an estimate within one business day, Monday to Friday, 7:00 to 19:00 Pacific time."),
            words(
                "The task is on the invoice of the month in which it is done. Wait for it before you delete a server."
            ),
            _PIN_NOTE,
        ),
    )


def closure_request(account: Account | None, asked: Asked) -> Prepared:
    """Params: `by`, `mail` (default) or `portal` with the `address` of the portal's page."""
    if asked.params.get("by") == "portal":
        return _by_portal(str(asked.params.get("address") or REQUEST_TO_CLOSE))
    return _by_mail(account)


PREPARES: Mapping[str, Prepares[Account]] = {
    "account.service_task_mail": service_task_mail,
    "account.closure_request": closure_request,
}


def _by_mail(account: Account | None) -> Prepared:
    alias = account.alias if account else _ALIAS
    return Prepared(
        title=words("Ask for the account to be closed"),
        to=HELP,
        subject=f"Close account {alias}",
        body=_lines(
            f"Please close the account {alias}.",
            "",
            f"Account alias: {alias}",
            f"Control Portal user name: {account.user if account else _USER}",
            f"User PIN: {_PIN}",
            f"Data centre: {account.primary_data_centre if account else _PLACE}",
            "Services: all services of the account",
            f"Description: Close the account {alias} for good. Tell me when it is closed and when the last charge was.",
        ),
        links=((words("Submit a ticket instead"), SUPPORT_SITE),),
        notes=(
            words("Server data and configurations may not be retrievable after this."),
            _PIN_NOTE,
            words("The support site has a sign-in of its own, separate from the Control Portal."),
            words("This site does not send the mail. Send it yourself, then come back and say so."),
        ),
    )


def _by_portal(address: str) -> Prepared:
    return Prepared(
        title=words("Request to close the account"),
        address=address,
        notes=(
            words("The link is named “Request to close” and is under Account, Info in the Control Portal."),
            words("This site cannot see whether you clicked it. Click it once, then come back and say so."),
        ),
        warning=(
            words(
                "The link sends the request at once, without asking again. Server data and "
                "configurations may not be retrievable after this."
            )
        ),
        done=words("I have clicked it"),
    )


def _lines(*lines: str) -> str:
    return "\n".join(lines) + "\n"
