"""A baseline: old faults that are known and not to be reported again, kept in a JSON file beside the library.

A fault is known by its path, code and message, not by its line, which changes whenever somebody adds one above;
the same fault twice in a file is counted.
"""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kb.article.problem import Problem
from kb.cli.files import replace
from kb.errors import UsageError

_Key = tuple[str, str, str]


def write_known(file: Path, problems: Iterable[Problem]) -> int:
    """Make these the known faults; answers how many. Raises UsageError if the file cannot be written."""
    counts = Counter(_key(problem) for problem in problems)
    known = [
        {"path": path, "code": code, "message": message, "count": count}
        for (path, code, message), count in sorted(counts.items())
    ]
    text = json.dumps({"version": 1, "problems": known}, indent=1)
    replace(file, f"{text}\n".encode())
    return counts.total()


def read_baseline(file: Path) -> Counter[_Key]:
    """The known faults and how often each occurs. Raises UsageError if this is no baseline."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        return Counter({_known(item): int(item["count"]) for item in data["problems"]})
    except OSError as error:
        mend = f"make it with --write-baseline {file}"
        raise UsageError(f"The baseline {file} cannot be read: {error.strerror}; {mend}.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{file} is not a baseline: write it anew with --write-baseline {file}.") from error


def without_known(problems: Iterable[Problem], known: Counter[_Key]) -> list[Problem]:
    """The problems that are not known; of one that occurs more often than it is known, the last ones."""
    left = Counter(known)
    new = []
    for problem in problems:
        if left[_key(problem)] > 0:
            left[_key(problem)] -= 1
        else:
            new.append(problem)
    return new


def _key(problem: Problem) -> _Key:
    return problem.path, problem.code, problem.message


def _known(item: dict[str, Any]) -> _Key:
    return str(item["path"]), str(item["code"]), str(item["message"])
