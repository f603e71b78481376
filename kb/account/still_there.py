"""Whether a thing is still there: asked when no operation tells how far its deletion is."""

from typing import Any

from kb.account.client import Client
from kb.account.kind import kind_of
from kb.account.operation import LOOKED_FOR_AGAIN
from kb.account.removal import path_of
from kb.checklist.check import Progressed, Target
from kb.words import words

_GONE = {"deleted", "terminated"}
_GOING = {"queuedfordelete", "deleting", "terminating"}


def reread(client: Client, alias: str, target: Target, *, asked_for: bool) -> Progressed:
    """Read the thing itself. `asked_for`: the API accepted the request; otherwise nobody knows if it arrived.

    What is still there with no deletion under way is settled as refused: the reader may confirm anew, and nothing is
    sent again without that. Raises AccountError.
    """
    kind = kind_of(target.id)
    data = client.read(path_of(alias, target), kind.base if kind else "api")
    status = str(data.get("status", "")).lower() if isinstance(data, dict) else ""
    if _is_gone(data, status):
        return Progressed("done")
    if asked_for or status in _GOING:
        return LOOKED_FOR_AGAIN
    return Progressed(
        "refused", words("It is still there, and nothing shows that it is being deleted. You can try again.")
    )


def _is_gone(data: Any, status: str) -> bool:
    return data is None or status in _GONE
