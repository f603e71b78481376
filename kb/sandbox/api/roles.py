"""Which roles may do what: the rows of the published role matrix that the sandbox needs."""

from functools import cache

ACCOUNT_ADMIN, ACCOUNT_VIEWER, BILLING_ADMIN = "AccountAdmin", "AccountViewer", "BillingAdmin"
DNS_MANAGER, NETWORK_ADMIN, SECURITY_ADMIN = "DNSManager", "NetworkAdmin", "SecurityAdmin"
SERVER_ADMIN, SERVER_OPERATOR, SERVER_SCHEDULER = "ServerAdmin", "ServerOperator", "ServerScheduler"

ALL = frozenset(
    {
        ACCOUNT_ADMIN, ACCOUNT_VIEWER, BILLING_ADMIN, DNS_MANAGER, NETWORK_ADMIN, SECURITY_ADMIN,
        SERVER_ADMIN, SERVER_OPERATOR, SERVER_SCHEDULER,
    }
)  # fmt: skip

# an Account Administrator may do everything and is not named again
_BESIDES_ADMIN: dict[str, frozenset[str]] = {
    "look": ALL,
    "bill.see": frozenset({ACCOUNT_VIEWER, BILLING_ADMIN, SERVER_SCHEDULER}),
    "server.delete": frozenset({SERVER_ADMIN, SERVER_OPERATOR}),
    "server.edit": frozenset({SERVER_ADMIN}),
    "server.create": frozenset({SERVER_ADMIN}),
    "server.power": frozenset({SERVER_ADMIN, SERVER_OPERATOR, SERVER_SCHEDULER}),
    "server.archive": frozenset({SERVER_ADMIN, SERVER_OPERATOR}),
    "server.credentials": frozenset({SECURITY_ADMIN, SERVER_ADMIN}),
    "snapshot.delete": frozenset({SERVER_ADMIN, SERVER_OPERATOR}),
    "archived.see": frozenset({ACCOUNT_VIEWER, SECURITY_ADMIN, SERVER_ADMIN, SERVER_OPERATOR, SERVER_SCHEDULER}),
    "group.edit": frozenset({SERVER_ADMIN}),
    "group.delete": frozenset({SERVER_ADMIN, SERVER_OPERATOR}),
    "address.edit": frozenset({SERVER_ADMIN}),
    "address.delete": frozenset({SERVER_ADMIN}),
    "network.see": ALL - {BILLING_ADMIN},
    "network.edit": frozenset({NETWORK_ADMIN}),
    "network.delete": frozenset({NETWORK_ADMIN}),
    "balancer.see": ALL - {BILLING_ADMIN},
    "balancer.edit": frozenset({NETWORK_ADMIN, SERVER_ADMIN}),
    "balancer.delete": frozenset({NETWORK_ADMIN, SERVER_ADMIN}),
    "vpn.see": ALL - {BILLING_ADMIN},
    "vpn.edit": frozenset({NETWORK_ADMIN, SECURITY_ADMIN}),
    "vpn.delete": frozenset({NETWORK_ADMIN, SECURITY_ADMIN}),
    "firewall.edit": frozenset({NETWORK_ADMIN, SECURITY_ADMIN}),
    "firewall.delete": frozenset({NETWORK_ADMIN, SECURITY_ADMIN}),
    "policy.edit": frozenset({SERVER_ADMIN}),
    "policy.delete": frozenset({SERVER_ADMIN}),
    "webhook.edit": frozenset({SECURITY_ADMIN}),
    "account.suspend": frozenset({SECURITY_ADMIN}),
    "backup.delete": frozenset({SERVER_ADMIN}),
    "app.edit": frozenset(),  # besides its own role, which has no known name on the wire
    "backup.edit": frozenset({SERVER_ADMIN}),
    "database.delete": frozenset({SERVER_ADMIN}),
    "database.edit": frozenset({SERVER_ADMIN}),
    "agent.edit": frozenset({SECURITY_ADMIN, SERVER_ADMIN}),
}


@cache
def allowed(roles: tuple[str, ...]) -> frozenset[str]:
    """All deeds that one of these roles allows."""
    if ACCOUNT_ADMIN in roles:
        return frozenset(_BESIDES_ADMIN)
    return frozenset(deed for deed, holders in _BESIDES_ADMIN.items() if not holders.isdisjoint(roles))


def may(roles: tuple[str, ...], deed: str) -> bool:
    """Whether one of these roles allows `deed`."""
    return deed in allowed(roles)
