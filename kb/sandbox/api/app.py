"""The API: from a request's method, target, headers and body to an answer."""

import logging
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote

from kb.sandbox.api import (
    accounts,
    apps,
    backup_servers,
    backups,
    balancers,
    billing,
    builds,
    data_centers,
    database_parts,
    databases,
    defaults,
    door,
    firewall,
    groups,
    mappings,
    networks,
    objects,
    operations,
    orders,
    policies,
    power,
    protection,
    public_ips,
    schedules,
    servers,
    shared_balancers,
    statistics,
    v1_accounts,
    v1_billing,
    v1_mail,
    v1_session,
    vpns,
    webhooks,
)
from kb.sandbox.api.ask import Ask
from kb.sandbox.api.reply import FAULT, NO_ROUTE, NO_TOKEN, Answer, failure, message
from kb.sandbox.api.route import Match, Route, Routes
from kb.sandbox.errors import NotThere, SandboxError
from kb.sandbox.world import agenda, data_centres
from kb.sandbox.world.effects import EFFECTS
from kb.sandbox.world.state import World

_log = logging.getLogger(__name__)
_SLASHES = re.compile("/{2,}")

_TABLES = (
    accounts.ROUTES,
    apps.ROUTES,
    backup_servers.ROUTES,
    backups.ROUTES,
    balancers.ROUTES,
    billing.ROUTES,
    builds.ROUTES,
    data_centers.ROUTES,
    database_parts.ROUTES,
    databases.ROUTES,
    defaults.ROUTES,
    firewall.ROUTES,
    groups.ROUTES,
    mappings.ROUTES,
    networks.ROUTES,
    objects.ROUTES,
    operations.ROUTES,
    orders.ROUTES,
    policies.ROUTES,
    power.ROUTES,
    protection.ROUTES,
    public_ips.ROUTES,
    schedules.ROUTES,
    servers.ROUTES,
    shared_balancers.ROUTES,
    statistics.ROUTES,
    v1_accounts.ROUTES,
    v1_billing.ROUTES,
    v1_mail.ROUTES,
    v1_session.ROUTES,
    vpns.ROUTES,
    webhooks.ROUTES,
)


def all_routes() -> list[Route]:
    """Every route, with a door that has seen no failure yet."""
    return [door.route(door.Failures()), *(route for table in _TABLES for route in table)]


class Api:
    """Answers requests about one world. Safe for threads."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.routes = all_routes()
        self._routes = Routes(self.routes)

    def answer(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer one request; names of `headers` in lower case. Never raises."""
        path, _, query = target.partition("?")
        path = _SLASHES.sub("/", unquote(path))  # clients make two of a base that ends in one
        experimental = path.lower().startswith("/v2-experimental")
        try:
            found = self._routes.find(method, path)
            if not isinstance(found, Match):
                return _no_route(method, found, experimental=experimental)
            return self._let_in(found, method, query, headers, body)
        except SandboxError as error:
            return failure(error, experimental=experimental)
        except Exception:
            _log.exception("%s %s could not be answered", method, path)
            return message(500, FAULT)

    def _let_in(self, found: Match, method: str, query: str, headers: Mapping[str, str], body: bytes) -> Answer:
        names = {name.lower(): value for name, value in parse_qsl(query, keep_blank_values=True)}
        world, shape = self._world, found.route.body or {}
        with world.reading():
            agenda.catch_up(world, EFFECTS)
            if found.route.public:
                return self._view(found, method, Ask(world, None, names, body, headers, shape), found.values)
            user = door.bearer(world, headers.get("authorization", ""))
            if user is None:
                return message(401, NO_TOKEN)
            ask = Ask(world, user, names, body, headers, shape)
            values = self._checked(ask, found.values)
            ask.need(found.route.needs)
            return self._view(found, method, ask, values)

    def _view(self, found: Match, method: str, ask: Ask, values: Mapping[str, str]) -> Answer:
        if method in ("GET", "HEAD"):
            return found.route.view(ask, **values)
        with self._world.change():
            return found.route.view(ask, **values)

    def _checked(self, ask: Ask, values: Mapping[str, str]) -> dict[str, str]:
        """Account and data centre exist and are the caller's business; both in upper case."""
        checked = dict(values)
        if "alias" in checked and ask.user:
            checked["alias"] = door.admitted(self._world, ask.user, checked["alias"]).alias
        if "dc" in checked:
            checked["dc"] = checked["dc"].upper()
            if checked["dc"] not in data_centres.NAMES:
                raise NotThere(checked["dc"])
        return checked


def _no_route(method: str, known: frozenset[str], *, experimental: bool) -> Answer:
    if known:
        text = f"The requested resource does not support http method '{method}'."
        return Answer(405, {"message": text}, {"Allow": ", ".join(sorted(known))})
    return message(404, NO_ROUTE) if experimental else Answer(404)
