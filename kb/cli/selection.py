"""Which problems `kb check` reports: by their code, by their file, and by what was asked for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from kb.article.inspect import is_wanted
from kb.article.problem import Problem


@dataclass(frozen=True, slots=True)
class Selection:
    """Codes are whole codes or their beginnings: `link` means all of `link-broken`, `link-case` …"""

    select: tuple[str, ...] = ()  # none: all
    ignore: tuple[str, ...] = ()
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # glob of paths -> codes
    only: tuple[str, ...] = ()  # files and folders of the library; none: all

    def holds(self, problem: Problem) -> bool:
        """Whether this problem is to be reported. Where a code is both selected and ignored, the longer name wins."""
        wanted = _longest(problem.code, self.select) if self.select else 0
        unwanted = max(_longest(problem.code, self.ignore), _longest(problem.code, self._ignored_in(problem.path)))
        return wanted > unwanted and is_wanted(problem.path, self.only)

    def _ignored_in(self, path: str) -> list[str]:
        """The codes that are ignored in this file; `*` in a glob stands for any text, slashes too."""
        return [code for glob, codes in self.per_file_ignores.items() if fnmatchcase(path, glob) for code in codes]


def codes_of(texts: Iterable[str]) -> tuple[str, ...]:
    """Codes as given to an option: several times, or separated by commas."""
    return tuple(code.strip() for text in texts for code in text.split(",") if code.strip())


def _longest(code: str, named: Iterable[str]) -> int:
    """The length of the longest of these that the code begins with; -1 if it begins with none."""
    return max((len(name) for name in named if code.startswith(name)), default=-1)
