"""Where a run stands for the visitor who asks."""

from collections.abc import Sequence

from kb.checklist.event import Event
from kb.checklist.progress import Progress
from kb.checklist.stored_run import StoredRun
from kb.web.checking import progress_of
from kb.web.site import Site
from kb.web.visitor import Visitor


def progress_for(site: Site, run: StoredRun, me: Visitor, events: Sequence[Event] | None = None) -> Progress:
    """Where the run stands for this visitor; somebody signed in to another account counts as signed out."""
    known = site.runs.events(run.id) if events is None else events
    progress = progress_of(site, run, me.signed_in, known)
    if progress.account and progress.account != progress.alias:
        return progress_of(site, run, None, known)
    return progress
