"""Ids of steps: given in the side file, else inherited from the neighbouring edition, else a hash of the text.

Inherited from the most similar step there; the place in the list identifies nothing.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from kb.article.node import inline_text
from kb.article.problem import Problem
from kb.article.procedures import Found
from kb.article.side_file import SideFile, SideProcedure

_SIMILAR = 72  # of 100: two openings that are as like as this are the same step in other words
_SIGNS = re.compile(r"[\W_]+")
_LONGEST = 64
_COMPARED = 400  # characters of each opening


@dataclass(slots=True)
class Steps:
    """The steps of one edition while their ids are being found: one list of ids for each procedure."""

    found: list[Found]
    ids: list[list[str]]
    sides: list[SideProcedure | None]
    problems: list[Problem] = field(default_factory=list)

    def texts(self) -> list[tuple[int, int, str]]:
        """(procedure, step, normalised opening) of every step."""
        return [
            (place, number, normalised(inline_text(step.opening)))
            for place, procedure in enumerate(self.found)
            for number, step in enumerate(procedure.steps)
        ]


def steps_of(found: list[Found], side_file: SideFile | None) -> Steps:
    """The procedures of an edition with what its side file says of them. What does not fit is left out and reported."""
    steps = Steps(found, [[""] * len(one.steps) for one in found], [None] * len(found))
    for side in side_file.procedures if side_file else ():
        _fit(steps, side, side_file.path if side_file else "")
    return steps


def name_steps(editions: Sequence[Steps]) -> None:
    """Give every step its id, unique in its edition. The editions of one article, oldest first."""
    named = [place for place, steps in enumerate(editions) if any(any(ids) for ids in steps.ids)]
    origin = named[0] if named else 0
    for place in range(origin, len(editions)):
        _name(editions[place], editions[place - 1] if place > origin else None)
    for place in range(origin - 1, -1, -1):
        _name(editions[place], editions[place + 1])


def normalised(text: str) -> str:
    """What makes two openings the same: letters and digits."""
    return _SIGNS.sub(" ", text.casefold()).strip()


def _fit(steps: Steps, side: SideProcedure, path: str) -> None:
    wanted = normalised(side.heading)
    places = [place for place, one in enumerate(steps.found) if normalised(one.heading) == wanted]
    if not places:
        message = f"no procedure stands under a heading {side.heading!r}"
        mend = "write the heading as in the article"
        steps.problems.append(Problem(path, side.line, 1, "side-file-heading", "error", message, mend))
        return
    faults = _misfits(steps.found[places[0]], side, path)
    steps.problems += faults
    if not faults:
        steps.sides[places[0]] = side
        for step in side.steps:
            steps.ids[places[0]][step.step - 1] = step.id[:_LONGEST]


def _misfits(found: Found, side: SideProcedure, path: str) -> list[Problem]:
    """Step number and opening words must agree with the text; one that does not leaves the procedure manual."""
    problems = []
    for step in side.steps:
        if not 1 <= step.step <= len(found.steps):
            message = f"there is no step {step.step}; the procedure has {len(found.steps)}"
            problems.append(Problem(path, step.line, 1, "side-file-step", "error", message, "correct the number"))
            continue
        opening = inline_text(found.steps[step.step - 1].opening)
        if not normalised(opening).startswith(normalised(step.starts)):
            message = f"step {step.step} starts {opening[:60]!r}, not {step.starts!r}"
            mend = "compare the side file with the article, then write its opening words"
            problems.append(Problem(path, step.line, 1, "side-file-starts", "error", message, mend))
    return problems


def _name(steps: Steps, neighbour: Steps | None) -> None:
    taken = {name for ids in steps.ids for name in ids if name}
    open_steps = [(place, number, text) for place, number, text in steps.texts() if not steps.ids[place][number]]
    if neighbour and open_steps:
        for place, number, name in _inherited(open_steps, neighbour, taken):
            steps.ids[place][number] = name
            taken.add(name)
    for place, number, text in open_steps:
        if not steps.ids[place][number]:
            steps.ids[place][number] = name = _free(_hash(text), taken)
            taken.add(name)


def _inherited(open_steps: list[tuple[int, int, str]], neighbour: Steps, taken: set[str]) -> list[tuple[int, int, str]]:
    """Pairs of most similar steps, the best first, each used once."""
    known = [(neighbour.ids[place][number], text) for place, number, text in neighbour.texts()]
    free = [(name, text) for name, text in known if name not in taken]
    pairs = [
        (score, at, name)
        for at, (_, _, text) in enumerate(open_steps)
        for name, other in free
        if (score := fuzz.ratio(text[:_COMPARED], other[:_COMPARED], score_cutoff=_SIMILAR))
    ]
    answer: dict[int, str] = {}
    used: set[str] = set()
    for _, at, name in sorted(pairs, key=lambda pair: (-pair[0], pair[1])):
        if at not in answer and name not in used:
            answer[at] = name
            used.add(name)
    return [(open_steps[at][0], open_steps[at][1], name) for at, name in answer.items()]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _free(name: str, taken: set[str]) -> str:
    candidate, number = name, 1
    while candidate in taken:
        number += 1
        candidate = f"{name}-{number}"
    return candidate
