"""The application as a server process makes it, from what `kb serve` handed down."""

import base64
import hashlib
import json
import os
import signal
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from cryptography.fernet import Fernet
from flask import Flask

from kb.account.link import AccountLink
from kb.account.session import SignIns
from kb.article.library import Library
from kb.checklist.chain import chain_of
from kb.checklist.store import RunStore
from kb.database import database_at
from kb.settings import read_settings
from kb.web.app import create_app
from kb.web.site import Site

CONFIGURATION = "KB_SERVE"
SECRET = (CONFIGURATION, "KB_DATABASE_URL", "KB_SECRET_KEY", "KB_EARLIER_SECRET_KEYS", "KB_OIDC_SECRET")


def create() -> Flask:
    """The application of this process; `KB_SERVE` names library, database, key and, for a demo, the sandbox."""
    told, oidc_secret = json.loads(os.environ[CONFIGURATION]), os.environ.get("KB_OIDC_SECRET", "")
    for name in SECRET:  # each request's environ would carry them, and end in somebody's log
        os.environ.pop(name, None)
    threading.Thread(target=_end_with, args=(told["parent"],), daemon=True).start()
    root = Path(told["library"])
    settings = read_settings(root)
    database = database_at(told["database"])
    key = told["key"].encode()
    return create_app(
        Site(
            library=Library.load(root, settings),
            runs=RunStore(database, now, chain_of(key, map(str.encode, told.get("earlier", ())))),
            link=AccountLink(settings.account.name, told.get("bases", settings.account.bases), now),
            sign_ins=SignIns(database, fernet(key), now),
            key=key,
            clock=now,
            hints=tuple((user, password, what) for user, password, what in told.get("hints", ())),
            users=Path(told["users"]) if "users" in told else None,
            oidc_secret=oidc_secret,
        )
    )


def _end_with(parent: int) -> None:
    """End this process when the one that started it is gone, however it ended: nobody else would free the port."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGKILL)


def now() -> datetime:
    """The one clock, UTC."""
    return datetime.now(UTC)


def fernet(key: bytes) -> Fernet:
    """The seal for sign-ins, made from the site's secret key (at least 128 random bits)."""
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"seal:" + key).digest()))
