"""Why a database did not take something, in words for whoever waits for it."""

from dataclasses import dataclass

from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from kb.errors import StoreError
from kb.words import words

SQLITE = {5: "busy", 6: "busy", 8: "read-only", 10: "disk", 13: "full", 14: "closed", 23: "closed"}  # primary codes
UNSYNCED = 10 | 4 << 8  # SQLITE_IOERR_FSYNC: it was written, but perhaps not to the disk
POSTGRESQL = {  # SQLSTATE, or its class
    "53100": "full",
    "53300": "busy",
    "25006": "read-only",
    "55P03": "busy",
    "40": "busy",
    "58": "disk",
    "08": "lost",
    "57": "lost",
}


@dataclass(frozen=True, slots=True)
class Outage:
    """What to tell, and after how many seconds it is worth trying again."""

    message: str
    after: int

    def error(self) -> StoreError:
        """The error to raise."""
        return StoreError(self.message, self.after)


OUTAGES = {
    "busy": Outage(words("Too many are writing at this moment; nothing was changed. Try again in a few seconds."), 3),
    "full": Outage(
        words("There is no room left to save anything; nothing was changed. Whoever runs this site must make room."), 60
    ),
    "read-only": Outage(
        words("This site can be read but not written just now; nothing was changed. Try again later."), 60
    ),
    "disk": Outage(words("The disk did not take it; nothing was changed. Try again in a minute."), 30),
    "closed": Outage(words("What is saved cannot be opened just now; nothing was changed. Try again in a minute."), 30),
    "lost": Outage(words("The database does not answer just now; nothing was changed. Try again in a minute."), 5),
    "": Outage(words("It could not be saved just now; nothing was changed. Try again in a minute."), 30),
}
ADVICE = {
    "busy": "Another program holds it. End that one, then try again.",
    "full": "Its disk is full. Make room there.",
    "read-only": "kb must be able to write there: make it writable, or name another folder with --data.",
    "disk": "Its disk is full or broken, or does not let kb write. Mend that, or name another folder with --data.",
    "closed": "kb must be able to read and write this file and its folder; else name another folder with --data.",
    "lost": "Is the server running, and is the address right?",
    "": "Look at it with the database's own tools.",
}
UNCERTAIN = Outage(
    words("The database did not say whether it saved this. Send it again: nothing is saved twice."), 5
)  # what failed is the COMMIT itself


def outage_of(error: DBAPIError, *, committing: bool = False) -> Outage:
    """What this failure means. While `committing`, one that breaks off leaves open whether it was saved."""
    kind = kind_of(error)
    open_ = kind in ("lost", "") or getattr(error.orig, "sqlite_errorcode", None) == UNSYNCED
    return UNCERTAIN if committing and open_ else OUTAGES[kind]


def kind_of(error: DBAPIError) -> str:
    """The key of OUTAGES."""
    sqlite = getattr(error.orig, "sqlite_errorcode", None)
    if sqlite is not None:
        return SQLITE.get(sqlite & 0xFF, "")
    state = getattr(error.orig, "sqlstate", None) or ""
    lost = error.connection_invalidated or not state
    return POSTGRESQL.get(state) or POSTGRESQL.get(state[:2]) or ("lost" if lost else "")


def at_start(error: DBAPIError, url: URL) -> str:
    """What to tell whoever opens a database that cannot be used."""
    cause = " ".join(str(error.orig).split())
    return f"The database {url.render_as_string()} cannot be used: {cause}. {ADVICE[kind_of(error)]}"
