"""The editions of an existing knowledge base, from its git history: one for each date that an article's text bore."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from kb.article.front_matter import split
from kb.article.git_repository import GitRepository
from kb.article.metadata import read_metadata
from kb.article.source import source_of
from kb.article.threads import Thread

PATTERN = "*.md"  # of the files whose history is read: others may be large, or missing

NoteKind = Literal["skipped", "date-backwards", "date-unmoved", "date-missing", "blob-missing", "stitched"]


@dataclass(frozen=True, slots=True)
class Note:
    """Something in the history that an author should know; nothing was guessed away."""

    path: str  # of the article today
    kind: NoteKind
    message: str


@dataclass(frozen=True, slots=True)
class PastEdition:
    """A text that an article once was: the last one that bore this date."""

    day: date
    object: str


@dataclass(frozen=True, slots=True)
class ArticleHistory:
    """One article that is still there: its text today, and the editions before, oldest first."""

    path: str
    object: str
    past: tuple[PastEdition, ...]
    notes: tuple[Note, ...]


def history_of(thread: Thread, repository: GitRepository) -> ArticleHistory:
    """The editions of one article that is still there."""
    last = thread.last
    dated = list(_dates(thread, repository))
    bearing = {day: name for name, day in dated if day}
    today = dated[-1][1] if dated and dated[-1][0] == last.object else None
    past = tuple(
        PastEdition(day, name) for day, name in sorted(bearing.items()) if day != today and name != last.object
    )
    notes = [*_stitched(thread), *_missing(thread, dated), *_backwards(last.path, dated), *_unmoved(last.path, dated)]
    return ArticleHistory(last.path, last.object, past, tuple(notes))


Dated = tuple[str, date | None]  # object, and the date that its text bears


def _dates(thread: Thread, repository: GitRepository) -> Iterator[Dated]:
    """Each version that is another text than the one before, and is not missing."""
    before = ""
    for version in thread.versions:
        if version.object != before and (content := repository.read(version.object)) is not None:
            source, _ = source_of(version.path, content)
            yield version.object, read_metadata(source, split(source)).date
        before = version.object


def _stitched(thread: Thread) -> Iterator[Note]:
    for joint in thread.joints:
        yield Note(thread.last.path, "stitched", joint)


def _missing(thread: Thread, dated: Iterable[Dated]) -> Iterator[Note]:
    found = list(dated)
    known = {name for name, _ in found}
    lost = list(dict.fromkeys(version.object for version in thread.versions if version.object not in known))
    if lost:
        names = ", ".join(name[:10] for name in lost)
        yield Note(thread.last.path, "blob-missing", f"{len(lost)} versions are missing in the repository: {names}")
    undated = sum(day is None for _, day in found)
    if undated:
        yield Note(thread.last.path, "date-missing", f"{undated} versions bear no date that can be read")


def _backwards(path: str, dated: Iterable[Dated]) -> Iterator[Note]:
    days = [day for _, day in dated if day]
    for before, after in pairwise(days):
        if after < before:
            yield Note(path, "date-backwards", f"the date went back from {before} to {after}")


def _unmoved(path: str, dated: Iterable[Dated]) -> Iterator[Note]:
    counts = Counter(day for _, day in dated if day)
    for day, count in sorted(counts.items()):
        if count > 1:
            yield Note(
                path, "date-unmoved", f"{count - 1} edits left the date {day}; the last of these texts is the edition"
            )
