"""`kb check --fix`: mends what is certain in the authors' files, and touches no other byte of them."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from kb.article.problem import Problem
from kb.cli.files import replace
from kb.errors import UsageError

_BOM = b"\xef\xbb\xbf"
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")


def mend(root: Path, problems: Iterable[Problem], revisions: Mapping[str, str]) -> list[Problem]:
    """Mend each problem that has a fix; answers those that are mended.

    `revisions` gives the SHA-256 of each file's bytes when it was read; a file that has changed since is left alone.
    """
    by_path: dict[str, list[Problem]] = defaultdict(list)
    for problem in problems:
        if problem.fix and problem.path in revisions:
            by_path[problem.path].append(problem)
    return [problem for path, found in by_path.items() for problem in _mend_file(root / path, found, revisions[path])]


def _mend_file(file: Path, problems: list[Problem], revision: str) -> list[Problem]:
    try:
        data = file.read_bytes()
        mended, done = mended_bytes(data, problems) if _is(data, revision) else (data, [])
        if done and _is(file.read_bytes(), revision):
            _put(file.resolve(), mended)  # a link stays a link
            return done
    except (OSError, UsageError, UnicodeDecodeError):
        return []  # gone, not writable or not UTF-8: its problems stay, and are reported
    return []


def mended_bytes(data: bytes, problems: Iterable[Problem]) -> tuple[bytes, list[Problem]]:
    """The file's bytes with the fixes applied, and the problems whose fix was. Raises UnicodeDecodeError."""
    start = _BOM if data.startswith(_BOM) else b""
    lines = _LINE.findall(data[len(start) :].decode("utf-8"))
    done = []
    for problem in _from_the_end(problems):
        if line := _mended(lines, problem):
            lines[problem.line - 1] = line
            done.append(problem)
    return start + "".join(lines).encode("utf-8"), done


def _put(file: Path, data: bytes) -> None:
    mode = file.stat().st_mode
    replace(file, data)
    file.chmod(mode)


def _is(data: bytes, revision: str) -> bool:
    return hashlib.sha256(data).hexdigest() == revision


def _from_the_end(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Last places first, so that those before them stay where they are; of two that overlap only the later one."""
    before: tuple[int, int] | None = None
    for problem in sorted(problems, key=lambda problem: (problem.line, problem.column), reverse=True):
        if problem.fix is None:
            continue
        end = problem.line, problem.column + len(problem.fix.old)
        if before is None or end <= before:
            before = problem.line, problem.column
            yield problem


def _mended(lines: list[str], problem: Problem) -> str | None:
    """The problem's line with its fix, None if what should be replaced does not stand there."""
    fix, start = problem.fix, problem.column - 1
    if fix is None or not 0 < problem.line <= len(lines) or not lines[problem.line - 1].startswith(fix.old, start):
        return None
    line = lines[problem.line - 1]
    return line[:start] + fix.new + line[start + len(fix.old) :]
