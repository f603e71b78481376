"""Operations on many servers at once: power, archive, maintenance, snapshots, packages."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from kb.sandbox.api.ask import Ask
from kb.sandbox.api.patch import whole
from kb.sandbox.api.reply import Answer
from kb.sandbox.api.route import Route
from kb.sandbox.api.servers import not_queued, queued
from kb.sandbox.api.shape import FLAG, NUMBER, TEXT, TEXTS, fields, rows
from kb.sandbox.errors import NotQueued, NotThere, Rejected
from kb.sandbox.world import groups, servers
from kb.sandbox.world.records import Operation, Server

Deed = Callable[[Server], Operation]


def operate(ask: Ask, alias: str, verb: str) -> Answer:
    """Queue the operation that `verb` names for each server of the body."""
    known = {each.lower(): each for each in (*servers.POWER, "archive")}
    match verb.lower():
        case "createsnapshot":
            return _create_snapshots(ask, alias)
        case "setmaintenance":
            return _set_maintenance(ask, alias)
        case "executepackage":
            return _run_package(ask, alias)
        case "archive":
            ask.need("server.archive")
            return _archive(ask, alias, ask.texts())
    if verb.lower() not in known:
        raise NotThere(verb)
    ask.need("server.power")
    exact = known[verb.lower()]
    return _each(ask, alias, ask.texts(), lambda server: servers.power(ask.world, server, exact, ask.by))


def _archive(ask: Ask, alias: str, ids: list[str]) -> Answer:
    """All servers of a data centre are one piece of work, with one status for all."""
    chosen: dict[str, list[Server]] = defaultdict(list)

    def choose(server: Server) -> str:
        servers.need_archivable(server)
        chosen[server.dc].append(server)
        return ""

    refused = [_one(ask, alias, each, choose) for each in dict.fromkeys(ids)]
    works = [(held, groups.archive_together(ask.world, held, alias, dc, ask.by)) for dc, held in chosen.items()]
    taken = {server.id: queued(server, work.id) for held, work in works for server in held}
    return _told([taken.get(each["server"], each) for each in refused])


def _run_package(ask: Ask, alias: str) -> Answer:
    ask.need("server.edit")
    package = ask.members().get("package")
    name = str(package.get("packageId", "")) if isinstance(package, dict) else ""
    run = _named(ask, "servers")
    return _each(ask, alias, run, lambda server: servers.run_package(ask.world, server, name, ask.by))


def _create_snapshots(ask: Ask, alias: str) -> Answer:
    ask.need("server.edit")
    days = whole(ask.members().get("snapshotexpirationdays", 10))
    if days is None or not 1 <= days <= 10:
        raise Rejected("The request is invalid.", {"snapshotExpirationDays": "The value must be from 1 to 10."})
    ids = _named(ask, "serverIds")
    return _each(ask, alias, ids, lambda server: servers.take_snapshot(ask.world, server, days, ask.by))


def _set_maintenance(ask: Ask, alias: str) -> Answer:
    ask.need("server.power")
    wanted = ask.members().get("servers")
    if not isinstance(wanted, list) or not all(isinstance(each, dict) and "id" in each for each in wanted):
        raise Rejected("The request is invalid.", {"servers": "The servers field is required."})
    modes = {str(each["id"]).lower(): bool(each.get("inMaintenanceMode")) for each in wanted}

    def maintain(server: Server) -> Operation:
        return servers.maintain(ask.world, server, ask.by, on=modes[server.id])

    return _each(ask, alias, list(modes), maintain)


def _named(ask: Ask, name: str) -> list[str]:
    ids: Any = ask.members().get(name.lower())
    if isinstance(ids, str):
        ids = [ids]  # a form can only say one
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
        raise Rejected("The request is invalid.", {name: f"The {name} field is required."})
    return ids


def _each(ask: Ask, alias: str, ids: list[str], deed: Deed) -> Answer:
    """One answer per server."""
    return _told([_one(ask, alias, server_id, lambda server: deed(server).id) for server_id in ids])


def _told(results: list[dict[str, Any]]) -> Answer:
    """400 if nothing at all could be queued and something was wrong."""
    wrong = [each for each in results if not each["isQueued"] and each["errorMessage"] != servers.ALREADY]
    failed = bool(wrong) and not any(each["isQueued"] for each in results)
    return Answer(400 if failed else 200, results)


def _one(ask: Ask, alias: str, server_id: str, deed: Callable[[Server], str]) -> dict[str, Any]:
    """What comes of a deed that answers with the id of its work."""
    try:
        server = servers.find(ask.world, alias, server_id)
        return queued(server, deed(server))
    except NotThere:
        return not_queued(server_id, servers.NOT_VALID)
    except NotQueued as error:
        return not_queued(server_id, str(error))


_SHAPE = {
    "oneOf": [
        TEXTS,
        fields(serverIds=TEXTS, snapshotExpirationDays=NUMBER),
        fields(servers=rows(fields("id", id=TEXT, inMaintenanceMode=FLAG)), package=fields(packageId=TEXT)),
    ]
}

ROUTES = (Route("POST", "/v2/operations/<alias>/servers/<verb>", operate, body=_SHAPE),)
