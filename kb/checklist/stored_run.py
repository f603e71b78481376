"""A run as the database keeps it, apart from its events."""

from dataclasses import dataclass
from datetime import datetime

from kb.checklist.checklist import Checklist


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run as it was started."""

    id: str
    article: str
    edition: str
    revision: str
    started: datetime
    snapshot: str  # hash of the checklist
    checklist: Checklist
