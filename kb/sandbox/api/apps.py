"""The application-platform hosts, under `/_apps/<region>`: which applications there are.

As in Cloud Foundry: a token from `oauth/token` with portal credentials, the organisation is named after the account.
"""

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


def info(ask: Ask, region: str) -> Answer:
    """Where to sign in: here."""
    _known(region)
    here = f"http://{ask.headers.get('host', '127.0.0.1')}/_apps/{region}"
    return ok({"name": "apps", "api_version": "2.54.0", "authorization_endpoint": here, "token_endpoint": here})


def sign_in(ask: Ask, region: str) -> Answer:
    """Exchange portal credentials for a token."""
    _known(region)
    members = ask.members()
    user = ask.world.users.get(str(members.get("username", "")).lower())
    if user is None or user.password != members.get("password"):
        return Answer(401, {"error": "unauthorized", "error_description": "Bad credentials"})
    value = token.issue(user, "", ask.world.now(), ask.world.secret)
    return ok({"access_token": value, "token_type": "bearer", "expires_in": int(token.LIFE.total_seconds())})


def every(ask: Ask, region: str) -> Answer:
    """The applications of the account in a region."""
    _known(region)
    alias = ask.user.alias if ask.user else ""
    found = [_shown(each) for each in items.of(ask.world, items.APP, alias) if _in(each, region)]
    return ok({"total_results": len(found), "total_pages": 1, "prev_url": None, "next_url": None, "resources": found})


def delete(ask: Ask, region: str, app: str) -> Answer:
    """Delete an application."""
    found = items.find(ask.world, items.APP, ask.user.alias if ask.user else "", app)
    if not _in(found, region):
        raise NotThere(app)
    ask.world.items.remove(found.key)
    return nothing()


def _known(region: str) -> None:
    if region.lower() not in REGIONS:
        raise NotThere(region)


def _in(app: Item, region: str) -> bool:
    return str(app.body.get("region", REGIONS[0])) == region.lower()


def _shown(app: Item) -> dict[str, Any]:
    made = zulu(app.created) if app.created else None
    entity = {"name": app.id, "instances": 1, "memory": 256, "state": "STARTED", **app.body}
    entity.pop("region", None)
    return {"metadata": {"guid": app.id, "url": f"/v2/apps/{app.id}", "created_at": made}, "entity": entity}


ROUTES = (
    Route("GET", "/_apps/<region>/v2/info", info, public=True),
    Route("POST", "/_apps/<region>/oauth/token", sign_in, public=True, body=fields(username=TEXT, password=TEXT)),
    Route("GET", "/_apps/<region>/v2/apps", every, "app.edit"),
    Route("DELETE", "/_apps/<region>/v2/apps/<app>", delete, "app.edit"),
)
