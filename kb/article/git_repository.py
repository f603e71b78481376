"""Reads a git repository by running git; never writes to it, never fetches, and bears objects that are missing."""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from kb.errors import UsageError

_LARGEST = 64 * 1024 * 1024  # bytes; a larger object is not brought
_BLOCK = 1 << 16
_FILES = frozenset(["100644", "100755"])  # modes; not links, not other repositories
_QUIET = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


@dataclass(frozen=True, slots=True)
class FileChange:
    """What one commit did to one file: `object` is its new content, "" if the file is gone."""

    path: str
    object: str


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit with its changes against its first parent."""

    id: str
    changes: tuple[FileChange, ...]


@dataclass(slots=True)
class GitRepository:
    """A repository to read. Use it as a context: it keeps one process of git open for contents."""

    folder: Path
    _batch: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def commit_of(self, ref: str) -> str:
        """The id of the commit that this names. Raises UsageError."""
        asked = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
        if asked.returncode:
            reason = asked.stderr.decode(errors="replace").strip() or f"it has no commit {ref}"
            raise UsageError(f"{self.folder} cannot be imported: {reason}")
        return asked.stdout.decode().strip()

    def commits(self, commit: str, pattern: str) -> Iterator[Commit]:
        """First parents of this commit that change files of this pattern, the oldest first. Raises UsageError."""
        walk = ("log", "--first-parent", "-m", "--raw", "--no-abbrev", "--no-renames", "-z", "--reverse")
        with self._start(*walk, "--format=commit %H", commit, "--", pattern) as process:
            yield from _commits(_fields(_open(process.stdout)))
            if process.wait():
                raise UsageError(f"git could not read the history of {self.folder}. Try git fsck there.")

    def count(self, commit: str, pattern: str) -> int:
        """How many commits `commits` will give; 0 if git does not say."""
        asked = self._run("rev-list", "--count", "--first-parent", commit, "--", pattern)
        return int(asked.stdout) if asked.stdout.strip().isdigit() else 0

    def files(self, commit: str) -> Iterator[tuple[str, str]]:
        """(path, object) of every plain file in this commit's tree. Raises UsageError."""
        with self._start("ls-tree", "-r", "-z", "--full-tree", commit) as process:
            for entry in _fields(_open(process.stdout)):
                head, _, path = entry.partition("\t")
                mode, _, name = head.split(" ")
                if mode in _FILES:
                    yield path, name
            if process.wait():
                raise UsageError(f"git could not read the files of {self.folder}. Try git fsck there.")

    def read(self, name: str) -> bytes | None:
        """The content of this object; None if it is missing, broken or larger than 64 MB."""
        for _ in range(2):  # git ends the process where it wants to fetch; the next object gets a new one
            process = self._process()
            asked, answer = _open(process.stdin), _open(process.stdout)
            try:
                asked.write(f"{name}\n".encode())
                asked.flush()
                head = answer.readline().split()
            except BrokenPipeError:
                head = []
            if head:
                return _content(answer, head)
            self._stop()
        return None

    def _process(self) -> "subprocess.Popen[bytes]":
        if self._batch is None:
            self._batch = self._start("cat-file", "--batch")
        return self._batch

    def _stop(self) -> None:
        if self._batch is not None:
            batch, self._batch = self._batch, None
            for pipe in (batch.stdin, batch.stdout):
                if pipe:
                    try:
                        pipe.close()
                    except BrokenPipeError:
                        continue
            batch.wait()

    def _start(self, *words: str) -> "subprocess.Popen[bytes]":
        pipe, null = subprocess.PIPE, subprocess.DEVNULL
        return subprocess.Popen(self._command(*words), stdin=pipe, stdout=pipe, stderr=null, env=_environment())

    def _run(self, *words: str) -> "subprocess.CompletedProcess[bytes]":
        try:
            return subprocess.run(self._command(*words), capture_output=True, env=_environment(), check=False)
        except OSError as error:
            raise UsageError("git is not installed, or cannot be started. Install git.") from error

    def _command(self, *words: str) -> list[str]:
        return ["git", "-C", str(self.folder), "--no-pager", "-c", "protocol.allow=never", *words]


def _open(pipe: IO[bytes] | None) -> IO[bytes]:
    """The pipe that was asked for when git was started."""
    if pipe is None:
        raise UsageError("git was started without a pipe.")
    return pipe


def _environment() -> dict[str, str]:
    """Ours without what would name another repository."""
    return {**{name: value for name, value in os.environ.items() if not name.startswith("GIT_")}, **_QUIET}


def _fields(stream: IO[bytes]) -> Iterator[str]:
    """What stands between NULs."""
    rest = b""
    while block := stream.read(_BLOCK):
        *whole, rest = (rest + block).split(b"\0")
        yield from (field.decode("utf-8", "surrogateescape") for field in whole)
    if rest:
        yield rest.decode("utf-8", "surrogateescape")


def _commits(fields: Iterator[str]) -> Iterator[Commit]:
    name, changes = "", list[FileChange]()
    for text in fields:
        text = text.lstrip("\n")
        if text.startswith("commit "):
            if name:
                yield Commit(name, tuple(changes))
            name, changes = text.removeprefix("commit "), []
        elif text.startswith(":"):
            _, mode, _, content, _ = text.split(" ")
            changes.append(FileChange(next(fields), content if mode in _FILES else ""))
    if name:
        yield Commit(name, tuple(changes))


def _content(stream: IO[bytes], head: list[bytes]) -> bytes | None:
    if len(head) != 3:
        return None  # "<name> missing"
    left = int(head[2])
    if left > _LARGEST or head[1] != b"blob":
        while left > 0:
            left -= len(stream.read(min(left, _BLOCK)))
        stream.read(1)
        return None
    content = stream.read(left)
    stream.read(1)
    return content if len(content) == left else None
