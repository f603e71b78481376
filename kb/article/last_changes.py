"""When the files of a library last changed, by the git history that they lie in."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

NEWEST = 2_000  # commits that are looked at
SECONDS = 20  # that git may take
_LOG = ("log", "--first-parent", "-m", "--diff-filter=M", "--no-renames", "--name-only", "-z", "--relative")
_QUIET = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
_HEAD = "commit "


def last_changes(root: Path) -> Mapping[str, date]:
    """Path in the library -> day (UTC) of the commit that changed it last; the one that brought it does not count.

    Without git, outside of a repository, or if git takes too long, nothing is known: an empty mapping.
    """
    command = ["git", "-C", str(root), "--no-pager", "-c", "protocol.allow=never", *_LOG]
    wanted = [f"--max-count={NEWEST}", f"--format={_HEAD}%ct", "HEAD", "--", "."]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        told = subprocess.run(
            [*command, *wanted], capture_output=True, env={**environment, **_QUIET}, check=False, timeout=SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return {}
    if told.returncode:
        return {}
    newest: dict[str, date] = {}
    for path, day in _changes(told.stdout.decode("utf-8", "surrogateescape")):
        newest[path] = max(day, newest.get(path, day))
    return newest


def _changes(told: str) -> Iterator[tuple[str, date]]:
    day = date.min
    for field in told.split("\0"):
        text = field.lstrip("\n")
        if text.startswith(_HEAD):
            day = datetime.fromtimestamp(int(text.removeprefix(_HEAD)), UTC).date()
        elif text:
            yield text, day
