"""A fault in an article: where it is, what it is, how to mend it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Fix:
    """The one certain mend: `old`, which stands exactly at the problem's line and column, becomes `new`."""

    old: str
    new: str


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One fault in content. `path` is relative to the library (posix); `line` and `column` count from 1."""

    path: str
    line: int
    column: int
    code: str
    severity: Severity
    message: str
    mend: str
    fix: Fix | None = field(default=None, compare=False, repr=False)  # only where no author could want another mend

    def __str__(self) -> str:
        """`path:line:column: code severity message (mend)`, as `kb check` prints it."""
        mend = f" ({self.mend})" if self.mend else ""
        return f"{self.path}:{self.line}:{self.column}: {self.code} {self.severity} {self.message}{mend}"

    def as_json(self) -> dict[str, object]:
        """The shape of `kb check --format json`."""
        shown = asdict(self)
        del shown["fix"]
        return shown


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """Only those that are errors."""
    return [problem for problem in problems if problem.severity == "error"]
