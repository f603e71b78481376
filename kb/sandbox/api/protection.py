"""Two more hosts: intrusion prevention under `/_security`, patching under `/_patching`."""

from datetime import timedelta
from typing import Any

from kb.sandbox.api import door
from kb.sandbox.api.ask import Ask
from kb.sandbox.api.reply import Answer, nothing, ok, zulu
from kb.sandbox.api.route import Route
from kb.sandbox.api.servers import seen
from kb.sandbox.api.shape import TEXT, choice, fields, rows
from kb.sandbox.errors import NotThere, Rejected
from kb.sandbox.world import items, operations, servers
from kb.sandbox.world.records import Item, Operation, Server

_KINDS = ("SYSLOG", "EMAIL", "WEBHOOK", "SLACK")


def install(ask: Ask) -> Answer:
    """Put an agent on a server; it costs from now on."""
    server = _named(ask)
    agent = Item(items.AGENT, server.id, server.alias, server.dc, {"externalId": server.name}, ask.world.now())
    if agent.key not in ask.world.items:
        ask.world.items.put(agent)
    return nothing()


def uninstall(ask: Ask) -> Answer:
    """Take the agent away."""
    server = _named(ask)
    ask.world.items.remove(_agent(ask, server.alias, server.id).key)
    return nothing()


def destinations(ask: Ask, alias: str, server: str) -> Answer:
    """Who is told what an agent found."""
    return ok(list(_agent(ask, alias, server).body.get("destinations", ())))


def set_destinations(ask: Ask, alias: str, server: str) -> Answer:
    """Set who is told."""
    agent, wanted = _agent(ask, alias, server), ask.json()
    if isinstance(wanted, dict):
        wanted = wanted.get("notificationDestinations", [wanted])
    if not isinstance(wanted, list) or not all(_is_destination(each) for each in wanted):
        raise Rejected("The request is invalid.", {"typeCode": f"The value must be one of {', '.join(_KINDS)}."})
    _keep(ask, agent, wanted)
    return nothing()


def drop_destinations(ask: Ask, alias: str, server: str) -> Answer:
    """Tell nobody any more."""
    _keep(ask, _agent(ask, alias, server), [])
    return nothing()


def _is_destination(data: Any) -> bool:
    return isinstance(data, dict) and data.get("typeCode") in _KINDS


def _keep(ask: Ask, agent: Item, wanted: list[Any]) -> None:
    body = {**agent.body, "destinations": wanted}
    ask.world.items.put(Item(agent.kind, agent.id, agent.alias, agent.dc, body, agent.created))


def _named(ask: Ask) -> Server:
    """The server that the body, or else the query, names. Raises Rejected, NotThere, Denied."""
    said = {**ask.query, **ask.members()}
    name, alias = str(said.get("hostname") or ""), str(said.get("accountalias") or "")
    if not name or not alias or ask.user is None:
        raise Rejected("The request is invalid.", {"hostName": "The hostName and accountAlias fields are required."})
    return servers.find(ask.world, door.admitted(ask.world, ask.user, alias).alias, name)


def _agent(ask: Ask, alias: str, server: str) -> Item:
    return items.find(ask.world, items.AGENT, alias, server)


def patches(ask: Ask, alias: str, server: str) -> Answer:
    """Each time that packages were run on a server, the newest first."""
    found = seen(ask, alias, server)
    return ok([_execution(ask, each) for each in reversed(_runs(ask, found))])


def one_patch(ask: Ask, alias: str, server: str, execution: str) -> Answer:
    """One of these times."""
    for each in _runs(ask, seen(ask, alias, server)):
        if each.id == execution.lower():
            return ok({**_execution(ask, each), "patches": 1, "patch": [_patch(each)]})
    raise NotThere(execution)


def _runs(ask: Ask, server: Server) -> list[Operation]:
    return [
        each
        for each in ask.world.operations.all()
        if each.effect == servers.PACKAGE and each.args["server"] == server.id
    ]


def _execution(ask: Ask, run: Operation) -> dict[str, Any]:
    done = operations.status(run, ask.world.now()) == "succeeded"
    return {
        "execution_id": run.id.upper(),
        "status": "completed" if done else "pending",
        "start_time": zulu(run.queued),
        "end_time": zulu(run.ends) if done else None,
        "duration": _lasted(run.ends - run.queued),
        "init_messages": [{"init_begin_message": "Update Process BEGIN", "init_end_message": "Updating Complete"}],
    }


def _patch(run: Operation) -> dict[str, Any]:
    name = run.args.get("package") or "package"
    return {"patch_begin_message": name, "patch_end_message": "Result: 2", "status": "completed"}


def _lasted(span: timedelta) -> str:
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    return f"{minutes} minutes {seconds} seconds"


_APP = fields("hostName", "accountAlias", hostName=TEXT, accountAlias=TEXT)
_TOLD = "/_security/ips/api/notifications/<alias>/<server>"
_PATCH = "/_patching/rest/servers/<alias>/server/<server>/patch"

ROUTES = (
    Route("POST", "/_security/ips/api/app", install, "agent.edit", body=_APP),
    Route("DELETE", "/_security/ips/api/app", uninstall, "agent.edit", query=("hostName", "accountAlias"), body=_APP),
    Route("GET", _TOLD, destinations),
    Route("PUT", _TOLD, set_destinations, "agent.edit", body=rows(fields("typeCode", typeCode=choice(*_KINDS)))),
    Route("DELETE", _TOLD, drop_destinations, "agent.edit"),
    Route("GET", _PATCH, patches),
    Route("GET", f"{_PATCH}/<execution>", one_patch),
)
