"""Mends that are certain: what `kb check --fix` may change in a file without asking. Nothing else in it is touched."""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from kb.article.problem import Problem

Mend = Callable[[str, Problem], str]  # one line of the file and the problem in it -> the mended line

_BLANK_IN_LINK = re.compile(r"(\[[^\[\]\n]{1,300}\]) +(\()")
_READ_AS = re.compile(r"the date (?P<quote>['\"])(?P<written>.+)(?P=quote) is read as (?P<day>\d{4}-\d{2}-\d{2})")
_ANCHOR = re.compile(r"the anchor #(?P<written>\S+) is written #(?P<right>\S+)")


def mended(data: bytes, problems: Iterable[Problem]) -> tuple[bytes, list[Problem]]:
    """A file's bytes with all that is certain mended, and the problems that this solves. Line ends stay as they are."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return data, []
    lines = re.split(r"(\r\n|\r|\n)", text)
    solved: list[Problem] = []
    for problem in sorted(problems, key=lambda one: (one.line, -one.column)):
        place = (problem.line - 1) * 2
        mend = MENDS.get(problem.code)
        if mend is None or place >= len(lines):
            continue
        fresh = mend(lines[place], problem)
        if fresh != lines[place]:
            lines[place] = fresh
            solved.append(problem)
    return "".join(lines).encode("utf-8"), solved


def mend_files(root: Path, problems: Iterable[Problem]) -> list[Problem]:
    """Mend the files of a library in place; answers what was mended. Raises OSError if a file cannot be written."""
    by_path: dict[str, list[Problem]] = {}
    for problem in problems:
        if problem.code in MENDS:
            by_path.setdefault(problem.path, []).append(problem)
    solved: list[Problem] = []
    for path, ours in by_path.items():
        file = root / path
        data = file.read_bytes()
        fresh, done = mended(data, ours)
        if fresh != data:
            _replace(file, fresh)
            solved += done
    return solved


def _replace(file: Path, data: bytes) -> None:
    """Write aside, then put in place: never half a file."""
    aside = file.with_name(f".{file.name}.mending")
    aside.write_bytes(data)
    aside.chmod(file.stat().st_mode)
    aside.replace(file)


def _from(line: str, problem: Problem, change: Callable[[str], str]) -> str:
    """Change the line from the problem's column on."""
    start = problem.column - 1
    return line[:start] + change(line[start:])


def _close_up(line: str, problem: Problem) -> str:
    return _from(line, problem, lambda rest: _BLANK_IN_LINK.sub(r"\1\2", rest, count=1))


def _space_heading(line: str, problem: Problem) -> str:
    return _from(line, problem, lambda rest: re.sub(r"^(#{1,6})(?=[^\s#])", r"\1 ", rest))


def _plain_date(line: str, problem: Problem) -> str:
    found = _READ_AS.search(problem.message)
    return line.replace(found["written"], found["day"], 1) if found else line


def _right_anchor(line: str, problem: Problem) -> str:
    found = _ANCHOR.search(problem.message)
    if found is None:
        return line
    return _from(line, problem, lambda rest: rest.replace(f"#{found['written']}", f"#{found['right']}", 1))


MENDS: Mapping[str, Mend] = {
    "link-blank": _close_up,
    "heading-blank": _space_heading,
    "date-odd": _plain_date,
    "anchor-case": _right_anchor,
}
