"""The finder: runs of steps from the widest form to the narrowest, each judged; what is refused is looked into."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kb.article.node import Node
from kb.article.procedures.found import Found
from kb.article.procedures.naming import headings_of, name_run, tell_apart
from kb.article.procedures.overrules import Overrules, normalised
from kb.article.procedures.runs import bold_runs, heading_runs, list_runs
from kb.article.procedures.signals import judge

_NOTHING = Overrules()


def find_procedures(blocks: "Sequence[Node | str]", overrules: Overrules = _NOTHING) -> list[Found]:
    """All procedures among these blocks of a body, in order. The blocks stay as they are."""
    search = _Search(blocks, overrules, headings_of(blocks))
    search.sort(heading_runs(blocks))
    for start, stop in list(search.gaps()):
        search.sort(bold_runs(blocks, start, stop))
    for start, stop in list(search.gaps()):
        search.sort(list_runs(blocks, start, stop, search.parted))
    tell_apart(search.in_order())
    search.ask_side_file()
    return search.in_order()


@dataclass(slots=True)
class _Search:
    """What was found so far among the blocks of one body."""

    blocks: "Sequence[Node | str]"
    overrules: Overrules
    headings: list[int]  # their places
    taken: list[Found] = field(default_factory=list)
    refused: list[Found] = field(default_factory=list)

    def sort(self, runs: Iterable[Found]) -> None:
        """Name and judge these runs; one inside another that is taken is its part."""
        floor = 0
        for found in sorted(runs, key=lambda run: (run.start, -run.end)):
            if found.start < floor:
                continue
            name_run(found, self.blocks, floor, self.headings)
            if self._is_taken(found):
                self.taken.append(found)
                floor = found.end
            else:
                self.refused.append(found)

    def _is_taken(self, found: Found) -> bool:
        if self.overrules.comments:
            said = self.overrules.between(self._line_above(found), found.line)
            if said is not None:
                found.why = "the author says so in a comment"
                return said
        return judge(found)

    def _line_above(self, found: Found) -> int:
        for place in range(found.start - 1, -1, -1):
            block = self.blocks[place]
            if not isinstance(block, str):
                return block.line
        return 0

    def parted(self, above: int, line: int) -> bool:
        """Whether a comment of the author stands between these lines."""
        return self.overrules.between(above, line) is not None

    def ask_side_file(self) -> None:
        """Where a side file names a heading there is a procedure, if need be the longest run that was refused."""
        for heading in self.overrules.headings - {normalised(found.heading) for found in self.taken}:
            chosen = next((run for run in self.in_order() if normalised(run.section) == heading), None)
            if chosen is None:
                chosen = max(self._refused_under(heading), key=lambda run: len(run.steps), default=None)
                if chosen is None:
                    continue
                chosen.why = "the side file names its heading"
                self.taken.append(chosen)
            if normalised(chosen.section) == heading:
                chosen.heading = chosen.section

    def _refused_under(self, heading: str) -> list[Found]:
        """Runs with this heading that were refused and are no part of what was taken."""
        named = [run for run in self.refused if heading in (normalised(run.heading), normalised(run.section))]
        return [run for run in named if not any(run.start < one.end and one.start < run.end for one in self.taken)]

    def in_order(self) -> list[Found]:
        """The procedures as they stand in the text."""
        return sorted(self.taken, key=lambda found: found.start)

    def gaps(self) -> Iterator[tuple[int, int]]:
        """The places between what is taken."""
        start = 0
        for found in self.in_order():
            yield start, found.start
            start = found.end
        yield start, len(self.blocks)
