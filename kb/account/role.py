"""The roles of a Control Portal user: their wire names and what people call them."""

from collections.abc import Iterable

from kb.words import capitalised, enumerated, words

PORTAL_NAMES = {
    "AccountAdmin": "Account Administrator",
    "AccountViewer": "Account Viewer",
    "BillingAdmin": "Billing Manager",
    "DNSManager": "DNS Manager",
    "NetworkAdmin": "Network Manager",
    "SecurityAdmin": "Security Manager",
    "ServerAdmin": "Server Administrator",
    "ServerOperator": "Server Operator",
    "ServerScheduler": "Server Scheduler",
}
ACCOUNT_ADMIN = "AccountAdmin"
ONLY_LOOKS = "AccountViewer"


def portal_name(role: str) -> str:
    """What the Control Portal calls a role of the wire; the wire name itself if it is not known."""
    by_lower = {wire.lower(): name for wire, name in PORTAL_NAMES.items()}
    return by_lower.get(role.lower(), role)


def may_change(roles: Iterable[str]) -> bool:
    """Whether a user with these roles (wire names) may do something in the account, not only look at it."""
    changers = {wire.lower() for wire in PORTAL_NAMES if wire != ONLY_LOOKS}
    return any(role.lower() in changers for role in roles)


def with_article(name: str) -> str:
    """`an Account Administrator`, `a DNS Manager`."""
    return words("an {role}", role=name) if name[:1].upper() in "AEIO" else words("a {role}", role=name)


def who_can(roles: Iterable[str]) -> str:
    """`An Account Administrator or a Network Manager`: the start of a sentence."""
    names = [with_article(portal_name(role)) for role in dict.fromkeys([ACCOUNT_ADMIN, *roles])]
    return capitalised(enumerated(names, "or"))
