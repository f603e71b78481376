"""The account itself."""
# ruff: noqa: ARG001  all views are called alike

from typing import Any

from kb.sandbox.api.ask import Ask
from kb.sandbox.api.links import link
from kb.sandbox.api.reply import Answer, ok
from kb.sandbox.api.route import Route
from kb.sandbox.world.records import Account


def one(ask: Ask, alias: str) -> Answer:
    """Who the customer is; a term commitment does not show."""
    account = ask.world.accounts.get(alias)
    assert account is not None  # noqa: S101  the door let the caller in
    return ok(shown(ask, account))


def shown(ask: Ask, account: Account) -> dict[str, Any]:
    """An account as the API and webhooks show it."""
    links = [link("self", f"/v2/accounts/{account.alias.lower()}")]
    if account.parent:
        links.append(link("parentAccount", f"/v2/accounts/{account.parent.lower()}", id=account.parent))
    return {
        "accountAlias": account.alias,
        "parentAlias": account.parent,
        "businessName": account.name,
        "primaryDataCenter": account.primary,
        "status": "Disabled" if account.suspended else "Active",
        "isManaged": False,
        "addressLine1": account.street,
        "addressLine2": "",
        "city": account.city,
        "stateProvince": account.region,
        "postalCode": account.postcode,
        "country": account.country,
        "telephone": account.phone,
        "links": links,
    }


def custom_fields(ask: Ask, alias: str) -> Answer:
    """The fields that groups and servers of the account may have."""
    account = ask.world.accounts.get(alias)
    known = account.custom_fields if account else ()
    return ok([{"isRequired": False, "options": [], **each} for each in known])


ROUTES = (
    Route("GET", "/v2/accounts/<alias>", one),
    Route("GET", "/v2/accounts/<alias>/customFields", custom_fields),
)
