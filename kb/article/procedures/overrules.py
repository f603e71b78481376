"""The author's last word: `<!-- kb: procedure -->` or `<!-- kb: not a procedure -->` right before a list."""

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

_COMMENT = re.compile(r"<!--\s*kb:\s*(not\s+an?\s+)?procedure\s*-->", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Overrules:
    """What the author says: each comment with its line, in order, and the headings that the side file names."""

    comments: tuple[tuple[int, bool], ...] = ()
    headings: frozenset[str] = frozenset()  # normalised

    def between(self, above: int, line: int) -> bool | None:
        """What the first comment from the line `above` to before `line` says; None if there is none."""
        place = bisect_left(self.comments, (above, False))
        if place < len(self.comments) and self.comments[place][0] < line:
            return self.comments[place][1]
        return None


def overrules_in(lines: Iterable[tuple[int, str]], headings: Iterable[str] = ()) -> Overrules:
    """The comments in these numbered lines, and the headings of a side file."""
    found = ((number, match[1] is None) for number, line in lines for match in _COMMENT.finditer(line))
    return Overrules(tuple(sorted(found)), frozenset(normalised(heading) for heading in headings))


_SIGNS = re.compile(r"[\W_]+")


def normalised(heading: str) -> str:
    """What makes two headings the same: letters and digits."""
    return _SIGNS.sub(" ", heading.casefold()).strip()
