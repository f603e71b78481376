"""The roles of a Control Portal user: their wire names and what people call them."""

from collections.abc import Iterable

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


def portal_name(role: str) -> str:
    """What the Control Portal calls a role of the wire; the wire name itself if it is not known."""
    by_lower = {wire.lower(): name for wire, name in PORTAL_NAMES.items()}
    return by_lower.get(role.lower(), role)


def with_article(name: str) -> str:
    """`an Account Administrator`, `a DNS Manager`."""
    return f"{'an' if name[:1].upper() in 'AEIO' else 'a'} {name}"


def who_can(roles: Iterable[str]) -> str:
    """`An Account Administrator or a Network Manager`: the start of a sentence."""
    names = [with_article(portal_name(role)) for role in dict.fromkeys([ACCOUNT_ADMIN, *roles])]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
    return listed[0].upper() + listed[1:]
