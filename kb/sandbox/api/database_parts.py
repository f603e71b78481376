"""What lies inside a database subscription: backups, notifications, a certificate; and operations on them."""

import secrets
from typing import Any

from kb.sandbox.api.ask import Ask
from kb.sandbox.api.databases import find, note, put, shown
from kb.sandbox.api.patch import whole
from kb.sandbox.api.reply import Answer, millis, nothing, ok
from kb.sandbox.api.route import Route
from kb.sandbox.api.shape import NUMBER, TEXT, choice, fields, rows
from kb.sandbox.errors import NotThere, Rejected
from kb.sandbox.world.records import Item

_KINDS = ("CPU_UTILIZATION", "STORAGE_UTILIZATION")


def certificate(ask: Ask, alias: str, subscription: str) -> Answer:
    """The certificate as a file."""
    found = shown(ask, find(ask, alias, subscription))
    as_file = {"Content-Disposition": f'attachment; filename="{_plain(found["externalId"])}.pem"'}
    return Answer(200, found["certificate"].encode(), as_file, "application/octet-stream")


def _plain(name: str) -> str:
    return "".join(each for each in name if each.isascii() and (each.isalnum() or each in "-._"))


def backups(ask: Ask, alias: str, subscription: str) -> Answer:
    """The backups of a subscription."""
    return ok(_rows(find(ask, alias, subscription), "backups"))


def back_up(ask: Ask, alias: str, subscription: str) -> Answer:
    """Make a backup; it is there at once."""
    found = find(ask, alias, subscription)
    now = ask.world.now()
    made = {
        "id": _id(),
        "fileName": f"{found.dc}DBPDMYSQL{found.id}-{now:%Y-%m-%d_%H-%M-%S}.tar.gz",
        "backupTime": millis(now),
        "backupType": "Manual",
        "status": "SUCCESS",
        "size": 2_841_295,
    }
    put(ask, found, backups=[*_rows(found, "backups"), made])
    note(ask, found, "backed up")
    return Answer(202)


def drop_backup(ask: Ask, alias: str, subscription: str, backup: str) -> Answer:
    """Delete a backup."""
    found = find(ask, alias, subscription)
    _one(found, "backups", backup)
    put(ask, found, backups=_without(found, "backups", backup))
    return Answer(202)


def restore(ask: Ask, alias: str, subscription: str, backup: str) -> Answer:
    """Restore a backup into this or another subscription."""
    _one(find(ask, alias, subscription), "backups", backup)
    _typed(ask, "restore")
    target = str(ask.members().get("tosubscriptionid", subscription))
    note(ask, find(ask, alias, target), "restored")
    return Answer(202)


def operate(ask: Ask, alias: str, subscription: str) -> Answer:
    """Fail over a replicated subscription."""
    found = find(ask, alias, subscription)
    _typed(ask, "failover")
    if found.body.get("instanceType") != "MySQL_REPLICATION":
        raise Rejected("The subscription is not replicated.")
    note(ask, found, "failed over (manual)")
    return Answer(202)


def notifications(ask: Ask, alias: str, subscription: str) -> Answer:
    """Who is told of high use."""
    return ok(_rows(find(ask, alias, subscription), "notifications"))


def notify(ask: Ask, alias: str, subscription: str) -> Answer:
    """Tell one more."""
    found = find(ask, alias, subscription)
    made = {"id": _id(), **_notification(ask), "verified": False}
    put(ask, found, notifications=[*_rows(found, "notifications"), made])
    return Answer(201, made)


def change_notification(ask: Ask, alias: str, subscription: str, notification: str) -> Answer:
    """Tell somebody else, or of something else."""
    found = find(ask, alias, subscription)
    changed = {**_one(found, "notifications", notification), **_notification(ask)}
    put(ask, found, notifications=[*_without(found, "notifications", notification), changed])
    return ok(changed)


def drop_notification(ask: Ask, alias: str, subscription: str, notification: str) -> Answer:
    """Tell one less."""
    found = find(ask, alias, subscription)
    _one(found, "notifications", notification)
    put(ask, found, notifications=_without(found, "notifications", notification))
    return nothing()


def verify(ask: Ask, alias: str, subscription: str, notification: str) -> Answer:
    """Somebody has followed the link in the mail; any token is believed."""
    found = find(ask, alias, subscription)
    _typed(ask, "verify")
    verified = {**_one(found, "notifications", notification), "verified": True}
    put(ask, found, notifications=[*_without(found, "notifications", notification), verified])
    return nothing()


def _notification(ask: Ask) -> dict[str, Any]:
    kinds = ask.members().get("notificationtypes")
    if not isinstance(kinds, list) or not kinds or not all(each in _KINDS for each in kinds):
        raise Rejected("The request is invalid.", {"notificationTypes": f"The values must be of {', '.join(_KINDS)}."})
    return {"destinationType": "EMAIL", "recipient": ask.text("recipient"), "notificationTypes": kinds}


def _typed(ask: Ask, wanted: str) -> None:
    if ask.text("type").lower() != wanted:
        raise Rejected("The request is invalid.", {"type": f"The only known type is {wanted}."})


def _rows(item: Item, name: str) -> list[dict[str, Any]]:
    return [dict(each) for each in item.body.get(name, ())]


def _one(item: Item, name: str, key: str) -> dict[str, Any]:
    for each in _rows(item, name):
        if each["id"] == whole(key):
            return each
    raise NotThere(key)


def _without(item: Item, name: str, key: str) -> list[dict[str, Any]]:
    return [each for each in _rows(item, name) if each["id"] != whole(key)]


def _id() -> int:
    return 10_000 + secrets.randbelow(90_000_000)


_ONE = "/_database/v1/<alias>/subscriptions/<subscription>"
_NOTIFICATION = fields(
    "recipient",
    "notificationTypes",
    destinationType=choice("EMAIL"),
    recipient=TEXT,
    notificationTypes=rows(choice(*_KINDS)),
)
_OPERATION = fields("type", type=choice("restore", "failover", "verify"), toSubscriptionId=NUMBER, token=TEXT)

ROUTES = (
    Route("GET", f"{_ONE}/certificate", certificate),
    Route("POST", f"{_ONE}/operations", operate, "database.edit", body=_OPERATION),
    Route("GET", f"{_ONE}/backups", backups),
    Route("POST", f"{_ONE}/backups", back_up, "database.edit"),
    Route("DELETE", f"{_ONE}/backups/<backup>", drop_backup, "database.edit"),
    Route("POST", f"{_ONE}/backups/<backup>/operations", restore, "database.edit", body=_OPERATION),
    Route("GET", f"{_ONE}/notifications", notifications),
    Route("POST", f"{_ONE}/notifications", notify, "database.edit", body=_NOTIFICATION),
    Route("PUT", f"{_ONE}/notifications/<notification>", change_notification, "database.edit", body=_NOTIFICATION),
    Route("DELETE", f"{_ONE}/notifications/<notification>", drop_notification, "database.edit"),
    Route("POST", f"{_ONE}/notifications/<notification>/operations", verify, "database.edit", body=_OPERATION),
)
