"""The application-platform hosts, under `/_apps/<region>`: which applications there are.

As in Cloud Foundry: a token from `oauth/token` with portal credentials, an organisation named after the account, in it
the spaces Dev, QA and Prod. An application is in the first one unless its `space` says otherwise.
"""

import uuid
from typing import Any

from kb.sandbox.api import token
from kb.sandbox.api.ask import Ask
from kb.sandbox.api.reply import Answer, nothing, ok, zulu
from kb.sandbox.api.route import Route
from kb.sandbox.api.shape import TEXT, fields
from kb.sandbox.errors import NotThere
from kb.sandbox.world import items
from kb.sandbox.world.records import Item

REGIONS = ("useast", "uswest")
SPACES = ("Dev", "QA", "Prod")
_NAMES = uuid.UUID("6f2d3c3e-0000-4000-8000-000000000000")  # of organisations and spaces: the same at every start


def info(ask: Ask, region: str) -> Answer:
    """Where to sign in: here."""
    _known(region)
    here = f"http://{ask.headers.get('host', '127.0.0.1')}/_apps/{region}"
    return ok({"name": "apps", "api_version": "2.54.0", "authorization_endpoint": here, "token_endpoint": here})


def prompts(ask: Ask, region: str) -> Answer:  # noqa: ARG001  all views are called alike
    """What a caller has to ask the user for."""
    _known(region)
    return ok(
        {"app": {"version": "3.0.0"}, "prompts": {"username": ["text", "User"], "password": ["password", "Password"]}}
    )


def sign_in(ask: Ask, region: str) -> Answer:
    """Exchange portal credentials, or a token for renewal, for a token."""
    _known(region)
    members = ask.members()
    name = str(members.get("username", ""))
    renewed = token.holder(str(members.get("refresh_token", "")), ask.world.now(), ask.world.secret)
    user = ask.world.users.get((renewed or name).lower())
    if user is None or not (renewed or user.password == members.get("password")):
        return Answer(401, {"error": "unauthorized", "error_description": "Bad credentials"})
    value = token.issue(user, "", ask.world.now(), ask.world.secret)
    seconds = int(token.LIFE.total_seconds())
    return ok({"access_token": value, "refresh_token": value, "token_type": "bearer", "expires_in": seconds})


def organizations(ask: Ask, region: str) -> Answer:
    """The organisation of the account."""
    _known(region)
    alias = _alias(ask)
    entity = {"name": alias, "status": "active", "spaces_url": f"/v2/organizations/{_guid(alias)}/spaces"}
    return _list([_resource(_guid(alias), "organizations", entity)] if _asked_for(ask, alias) else [])


def spaces(ask: Ask, region: str, organization: str = "") -> Answer:
    """The spaces of the organisation."""
    _known(region)
    alias = _alias(ask)
    if organization not in ("", _guid(alias)):
        raise NotThere(organization)
    chosen = [each for each in SPACES if _asked_for(ask, each)]
    return _list([_resource(_guid(alias, each), "spaces", _space(alias, each)) for each in chosen])


def summary(ask: Ask, region: str, space: str) -> Answer:
    """The applications of a space, as the list of a command line shows them."""
    _known(region)
    alias = _alias(ask)
    name = next((each for each in SPACES if _guid(alias, each) == space.lower()), None)
    if name is None:
        raise NotThere(space)
    found = [_entity(each) for each in _of(ask, region) if _space_of(each) == name]
    return ok({"guid": space, "name": name, "apps": [{"guid": each["name"], **each} for each in found], "services": []})


def every(ask: Ask, region: str) -> Answer:
    """The applications of the account in a region."""
    _known(region)
    return _list([_shown(each) for each in _of(ask, region) if _asked_for(ask, each.id)])


def in_space(ask: Ask, region: str, space: str) -> Answer:
    """The applications of a space."""
    _known(region)
    return _list([_shown(each) for each in _of(ask, region) if _guid(each.alias, _space_of(each)) == space.lower()])


def delete(ask: Ask, region: str, app: str) -> Answer:
    """Delete an application."""
    found = items.find(ask.world, items.APP, _alias(ask), app)
    if not _in(found, region):
        raise NotThere(app)
    ask.world.items.remove(found.key)
    return nothing()


def _alias(ask: Ask) -> str:
    return ask.user.alias if ask.user else ""


def _of(ask: Ask, region: str) -> list[Item]:
    return [each for each in items.of(ask.world, items.APP, _alias(ask)) if _in(each, region)]


def _known(region: str) -> None:
    if region.lower() not in REGIONS:
        raise NotThere(region)


def _in(app: Item, region: str) -> bool:
    return str(app.body.get("region", REGIONS[0])) == region.lower()


def _asked_for(ask: Ask, name: str) -> bool:
    """Whether a query like `q=name:ABCD` allows this name; other filters are not known."""
    wanted = ask.query.get("q", "")
    return not wanted.lower().startswith("name:") or wanted[5:].lower() == name.lower()


def _guid(*names: str) -> str:
    return str(uuid.uuid5(_NAMES, "/".join(names)))


def _space_of(app: Item) -> str:
    return str(app.body.get("space", SPACES[0]))


def _space(alias: str, name: str) -> dict[str, Any]:
    return {"name": name, "organization_guid": _guid(alias), "apps_url": f"/v2/spaces/{_guid(alias, name)}/apps"}


def _entity(app: Item) -> dict[str, Any]:
    shown = {"name": app.id, "instances": 1, "memory": 256, "state": "STARTED", **app.body}
    shown["space_guid"] = _guid(app.alias, _space_of(app))
    return {name: value for name, value in shown.items() if name not in ("region", "space")}


def _shown(app: Item) -> dict[str, Any]:
    shown = _resource(app.id, "apps", _entity(app))
    shown["metadata"]["created_at"] = zulu(app.created) if app.created else None
    return shown


def _resource(guid: str, kind: str, entity: dict[str, Any]) -> dict[str, Any]:
    return {"metadata": {"guid": guid, "url": f"/v2/{kind}/{guid}"}, "entity": entity}


def _list(found: list[dict[str, Any]]) -> Answer:
    return ok({"total_results": len(found), "total_pages": 1, "prev_url": None, "next_url": None, "resources": found})


_V2, _EDIT, _Q = "/_apps/<region>/v2", "app.edit", ("q",)

ROUTES = (
    Route("GET", f"{_V2}/info", info, public=True),
    Route("GET", "/_apps/<region>/login", prompts, public=True),
    Route("POST", "/_apps/<region>/oauth/token", sign_in, public=True, body=fields(username=TEXT, password=TEXT)),
    Route("GET", f"{_V2}/organizations", organizations, _EDIT, query=_Q),
    Route("GET", f"{_V2}/organizations/<organization>/spaces", spaces, _EDIT, query=_Q),
    Route("GET", f"{_V2}/spaces", spaces, _EDIT, query=_Q),
    Route("GET", f"{_V2}/spaces/<space>/summary", summary, _EDIT),
    Route("GET", f"{_V2}/spaces/<space>/apps", in_space, _EDIT),
    Route("GET", f"{_V2}/apps", every, _EDIT, query=_Q),
    Route("DELETE", f"{_V2}/apps/<app>", delete, _EDIT),
)
