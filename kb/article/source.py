"""The bytes of one file as text: line ends made equal, so that a line number is the one that an editor shows."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from kb.article.problem import Problem

LARGEST = 8 * 1024 * 1024  # bytes; a larger file is not an article, and reading it would cost all memory


@dataclass(frozen=True, slots=True)
class Source:
    """A file's text with LF line ends and no byte order mark; `revision` is the SHA-256 of its bytes."""

    path: str  # in the library, posix
    text: str
    revision: str


def read_source(root: Path, path: str) -> tuple[Source | None, list[Problem]]:
    """Read one file of the library. What cannot be read is a Problem; wrong bytes are shown as U+FFFD."""
    try:
        with (root / path).open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        reason = error.strerror or str(error)
        return None, [Problem(path, 1, 1, "unreadable", "error", f"cannot be read: {reason}", "check its permissions")]
    if len(data) > LARGEST:
        return None, [Problem(path, 1, 1, "too-large", "error", "is larger than 8 MB", "split the article")]
    return source_of(path, data)


def source_of(path: str, data: bytes) -> tuple[Source, list[Problem]]:
    """The text of these bytes."""
    problems: list[Problem] = []
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problems.append(_not_utf8(path, data, error))
        text = data.decode("utf-8-sig", errors="replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return Source(path, text, hashlib.sha256(data).hexdigest()), problems


def _not_utf8(path: str, data: bytes, error: UnicodeDecodeError) -> Problem:
    before = data[: error.start].decode("utf-8", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    return Problem(path, line, column, "encoding", "error", "this byte is not UTF-8", "save the file as UTF-8")
