"""`kb check --fix`: mends what is certain in the authors' files, and touches no other byte of them."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import groupby
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
    done: list[Problem] = []
    for number, found in groupby(sorted(problems), key=lambda problem: problem.line):
        if 0 < number <= len(lines):
            lines[number - 1], here = _mended_line(lines[number - 1], found)
            done += here
    return start + "".join(lines).encode("utf-8"), done


def _mended_line(line: str, problems: Iterable[Problem]) -> tuple[str, list[Problem]]:
    """The line with each fix that still fits; of two that overlap only the first."""
    pieces, place, done = [], 0, []
    for problem in problems:
        fix, start = problem.fix, problem.column - 1
        if fix and start >= place and line.startswith(fix.old, start):
            pieces += [line[place:start], fix.new]
            place = start + len(fix.old)
            done.append(problem)
    return "".join([*pieces, line[place:]]), done


def _put(file: Path, data: bytes) -> None:
    mode = file.stat().st_mode
    replace(file, data)
    file.chmod(mode)


def _is(data: bytes, revision: str) -> bool:
    return hashlib.sha256(data).hexdigest() == revision
