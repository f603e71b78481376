"""`kb import`: a library from the git history of an existing knowledge base."""

import hashlib
import json
import os
import secrets
import shutil
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TypeVar

import click

from kb.article.git_repository import GitRepository
from kb.article.history import PATTERN, Note, history_of
from kb.article.imported import WantedFile, files_of, is_article, is_brought, is_safe
from kb.article.threads import Thread, Threads
from kb.errors import KbError, UsageError

T = TypeVar("T")

REPORT = ".import-report.json"
_SHOWN = ("date-backwards", "blob-missing", "stitched", "skipped")  # kinds that are few, and each worth a line


@click.command("import")
@click.argument("repository", type=click.Path(path_type=Path), metavar="REPO")
@click.option("--ref", default="HEAD", metavar="REF", help="The branch, tag or commit to import. Default: HEAD.")
@click.option(
    "--into", type=click.Path(path_type=Path), required=True, metavar="DIR", help="A folder that is not there yet."
)
@click.option(
    "--link", is_flag=True, help="Hard-link images and attachments from REPO's working files where they are equal."
)
def import_(repository: Path, ref: str, into: Path, *, link: bool) -> None:
    """Make a library in DIR from the history of REPO: one edition for each date that an article bore.

    Follows first parents of REF; never touches REPO. What is doubtful is reported;
    all of it is in DIR/.import-report.json.
    """
    source, target = repository.absolute(), into.absolute()
    _refuse(source, target)
    with GitRepository(source) as opened:
        importing = _Importing(opened, opened.commit_of(ref), _aside(target), link)
        try:
            importing.run()
            importing.folder.rename(target)
        except OSError as error:
            raise KbError(f"{target} could not be written: {error.strerror}. Nothing is left of it.") from error
        finally:
            shutil.rmtree(importing.folder, ignore_errors=True)
    importing.tell(target)


def _refuse(source: Path, target: Path) -> None:
    """Nothing is overwritten, and the repository is left alone. Raises UsageError."""
    if not source.is_dir():
        raise UsageError(f"{source} is not a folder. Name a git repository.")
    if target.resolve().is_relative_to(source.resolve()):
        raise UsageError(f"{target} is inside {source}, which is never touched. Name another folder with --into.")
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise UsageError(f"{target} is there already and not empty. Name another folder with --into.")


def _aside(target: Path) -> Path:
    """A folder beside the target, to become it when all is written."""
    folder = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise UsageError(f"{target} cannot be made: {error.strerror}.") from error
    return folder


@dataclass(slots=True)
class _Importing:
    """Writes the library into `folder`."""

    repository: GitRepository
    commit: str
    folder: Path
    link: bool
    notes: list[Note] = field(default_factory=list)
    written: Counter[str] = field(default_factory=Counter)

    def run(self) -> None:
        present = {path: name for path, name in self.repository.files(self.commit) if self._is_usable(path)}
        threads = self._threads()
        articles = [thread for path, thread in sorted(threads.living.items()) if is_article(path) and path in present]
        self.written["deleted"] = sum(is_article(thread.last.path) for thread in threads.gone)
        with _progress(articles, len(articles), "Articles") as bar:
            for thread in bar:
                self._write_article(thread, present)
        others = [WantedFile(path, name) for path, name in present.items() if not is_article(path) and is_brought(path)]
        with _progress(others, len(others), "Images and attachments") as bar:
            for wanted in bar:
                self._write(wanted, "files", link=self.link and not wanted.path.endswith(".md"))
        report = {
            "commit": self.commit,
            "written": self.written,
            "notes": [asdict(note) for note in sorted_notes(self.notes)],
        }
        text = json.dumps(report, indent=1, ensure_ascii=False)
        (self.folder / REPORT).write_text(text + "\n", encoding="utf-8", errors="replace")

    def _threads(self) -> Threads:
        threads = Threads(self.repository.read)
        commits = self.repository.commits(self.commit, PATTERN)
        with _progress(commits, self.repository.count(self.commit, PATTERN), "Commits") as bar:
            for commit in bar:
                threads.follow(commit)
        return threads

    def tell(self, target: Path) -> None:
        """Say what was done, and what an author should look at."""
        kinds = Counter(note.kind for note in self.notes)
        for note in sorted_notes(self.notes):
            if note.kind in _SHOWN:
                click.echo(f"{note.path}: {note.kind} {note.message}")
        told = self.written
        click.echo(
            f"{target}: {told['articles']} articles, {told['editions']} editions, {told['files']} other files.",
            err=True,
        )
        if told["deleted"]:
            click.echo(f"{told['deleted']} articles were deleted before and are not imported.", err=True)
        if self.notes:
            said = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
            click.echo(f"To look at, in {target.name}/{REPORT}: {said}. Then run kb check.", err=True)

    def _is_usable(self, path: str) -> bool:
        if is_safe(path):
            return True
        if is_article(path) and not any(part.startswith(".") for part in path.split("/")):
            shown = path.encode("utf-8", "replace").decode()
            self.notes.append(Note(shown, "skipped", "its name cannot be that of a file in a library"))
        return False

    def _write_article(self, thread: Thread, present: Iterable[str]) -> None:
        history = history_of(thread, self.repository)
        self.notes += history.notes
        wrote = [self._write(wanted, "editions", link=False) for wanted in files_of(history, present)]
        self.written["articles"] += any(wrote)

    def _write(self, wanted: WantedFile, kind: str, *, link: bool) -> bool:
        file = self.folder / wanted.path
        file.parent.mkdir(parents=True, exist_ok=True)
        if not (link and self._linked(wanted, file)):
            content = self.repository.read(wanted.object)
            if content is None:
                message = f"its content is missing in the repository, or too large: {wanted.object[:10]}"
                self.notes.append(Note(wanted.path, "skipped", message))
                return False
            file.write_bytes(content)
        self.written[kind] += 1
        return True

    def _linked(self, wanted: WantedFile, file: Path) -> bool:
        """Whether the file could be linked: the working file is there, plain, and has the content that is wanted."""
        working = self.repository.folder / wanted.path
        try:
            if working.is_symlink() or _object_of(working.read_bytes(), len(wanted.object)) != wanted.object:
                return False
            os.link(working, file)
        except OSError:
            return False
        return True


def sorted_notes(notes: Iterable[Note]) -> Iterator[Note]:
    """By article, then kind."""
    return iter(sorted(notes, key=lambda note: (note.path, note.kind)))


def _object_of(content: bytes, length: int) -> str:
    """The name that git gives to this content, of this many hex digits."""
    algorithm = hashlib.sha1 if length == 40 else hashlib.sha256
    return algorithm(b"blob %d\0" % len(content) + content).hexdigest()


def _progress(items: Iterable[T], length: int, label: str) -> AbstractContextManager[Iterable[T]]:
    """Shows how far it is, on a terminal."""
    return click.progressbar(items, length, f"{label:22}", file=sys.stderr, hidden=not sys.stderr.isatty())
