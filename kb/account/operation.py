"""Operations of the account API: how a request to delete starts one, and how far it is.

An operation is kept as text: `<base> <path>` of what to ask, or `REREAD` where only the thing itself can tell.
"""

from typing import Any

from kb.account.client import Client, api_message
from kb.account.kind import Kind
from kb.checklist.check import Progressed, Target
from kb.words import words

REREAD = "reread"
ALREADY = "The server already in desired state."  # the API's own words

# Said otherwise than "Being deleted.", so that the change of what to ask is a change that is recorded.
LOOKED_FOR_AGAIN = Progressed("running", words("Being deleted. We look whether it is still there."), REREAD)

_DONE = {"succeeded", "complete", "completed"}
_FAILED = {"failed"}


def first_state(alias: str, kind: Kind, target: Target, data: Any) -> Progressed:
    """What the body of an accepted request says. An empty one means done, for what is deleted at once."""
    if isinstance(data, dict):
        return _from_object(alias, kind, target, data)
    if kind.id in ("network", "shared-load-balancer") and data is None:
        return Progressed("done")
    return LOOKED_FOR_AGAIN


def follow_operation(client: Client, operation: str) -> Progressed:
    """Ask how far it is. What the API no longer knows is told by the thing itself. Raises AccountError."""
    base, _, path = operation.partition(" ")
    data = client.read(path, base)
    status = str(data.get("status", "")).lower() if isinstance(data, dict) else ""
    if status in _DONE:
        return Progressed("done")
    if status in _FAILED:
        return Progressed("refused", api_message(data) or words("The account API tried to delete it and failed."))
    if status in ("", "unknown"):
        return LOOKED_FOR_AGAIN
    return Progressed(
        "running", words("Waiting to be deleted.") if status == "notstarted" else words("Being deleted."), operation
    )


def _from_object(alias: str, kind: Kind, target: Target, data: dict[str, Any]) -> Progressed:
    if data.get("isQueued") is False:
        return _not_queued(str(data.get("errorMessage") or ""))
    path = _status_path(data)
    if path:
        return Progressed("running", words("Waiting to be deleted."), f"api {path}")
    if kind.id == "load-balancer" and data.get("id"):
        path = f"/{alias}/{target.place}/loadbalancers/requests/{data['id']}"
        return Progressed("running", words("Being deleted."), f"load_balancer {path}")
    if kind.id == "network" and not data:
        return Progressed("done")
    return LOOKED_FOR_AGAIN


def _not_queued(said: str) -> Progressed:
    if said == ALREADY:
        return Progressed("running", said, REREAD)
    return Progressed("refused", said or words("The account API did not accept it."))


def _status_path(data: dict[str, Any]) -> str:
    """Where the API says to ask: a bare `status` link, one among `links`, or the `uri` of the experimental part."""
    links = [data, *(data.get("links") or [])]
    linked = next((link.get("href") for link in links if link.get("rel") == "status"), None)
    return str(linked or data.get("uri") or "")
