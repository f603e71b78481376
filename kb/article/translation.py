"""Translations: the procedures of the original found again in another language, with the same step ids."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from kb.article.node import Node, inline_text
from kb.article.problem import Problem
from kb.article.procedures import Found, FoundStep
from kb.article.reading import Draft
from kb.article.step_ids import name_steps

_NUMBER = re.compile(r"\d+")


def followed(translation: Draft, originals: Sequence[Draft]) -> Draft:
    """The edition of the original that this translation follows: the one that it names, else the newest of its time."""
    day = translation.metadata.translates or translation.metadata.date or date.max
    dated = [(draft.metadata.date or date.min, draft) for draft in originals]
    before = [pair for pair in dated if pair[0] <= day]
    return max(before or dated, key=lambda pair: pair[0])[1]


def follow(translation: Draft, original: Draft, language: str) -> None:
    """Give the translation the original's procedures, step ids and side file; report where they do not fit."""
    translation.find_steps_below(_same_headings(translation, original))
    ours, theirs = translation.steps, original.steps
    for place, model in _pairs(ours.found, theirs.found):
        if len(ours.found[place].steps) == len(theirs.found[model].steps):
            ours.ids[place] = list(theirs.ids[model])
            side = theirs.sides[model]
            ours.sides[place] = side.spoken(language) if side else None
        else:
            _name_alike(ours.found[place], ours.ids[place], theirs.found[model], theirs.ids[model])
    name_steps([ours])
    if [len(one.steps) for one in ours.found] != [len(one.steps) for one in theirs.found]:
        translation.problems.append(_other_steps(translation, original))


def _same_headings(translation: Draft, original: Draft) -> list[str]:
    """The translation's headings that stand where the original has procedures; none if they are not the same in all."""
    ours, theirs = translation.tree.headings, original.tree.headings
    if [node.tag for node in ours] != [node.tag for node in theirs]:
        return []
    wanted = {found.heading for found in original.steps.found if found.heading}
    return [
        inline_text(here.children)
        for here, there in zip(ours, theirs, strict=True)
        if inline_text(there.children) in wanted
    ]


def _pairs(ours: list[Found], theirs: list[Found]) -> Iterator[tuple[int, int]]:
    """Procedures that belong together: by place, or if one is missing, those with as many steps, in order."""
    if len(ours) == len(theirs):
        yield from zip(range(len(ours)), range(len(theirs)), strict=True)
        return
    free = 0
    for place, found in enumerate(ours):
        same = [at for at in range(free, len(theirs)) if len(theirs[at].steps) == len(found.steps)]
        if same:
            free = same[0] + 1
            yield place, same[0]


def _name_alike(ours: Found, ids: list[str], theirs: Found, known: list[str]) -> None:
    """In order, steps that share what no translation changes: links, pictures, code, numbers."""
    here, there = [_marks(step) for step in ours.steps], [_marks(step) for step in theirs.steps]
    best: dict[tuple[int, int], tuple[float, tuple[tuple[int, int], ...]]] = {}
    for at in range(len(here) - 1, -1, -1):
        for model in range(len(there) - 1, -1, -1):
            shared, pairs = best.get((at + 1, model + 1), (0.0, ()))
            together = (shared + _likeness(here[at], there[model]), ((at, model), *pairs))
            apart = max(best.get((at + 1, model), (0.0, ())), best.get((at, model + 1), (0.0, ())))
            best[at, model] = max(together, apart, key=lambda choice: choice[0])
    for at, model in best.get((0, 0), (0.0, ()))[1]:
        if _likeness(here[at], there[model]):
            ids[at] = known[model]


def _marks(step: FoundStep) -> frozenset[str]:
    nodes = list(Node("", step.line, {}, [*step.opening, *step.body]).walk())
    links = {node.attrs[name].rpartition("/")[2] for node in nodes for name in ("href", "src") if node.attrs.get(name)}
    code = {inline_text(node.children) for node in nodes if node.tag == "code"}
    return frozenset(links | code | set(_NUMBER.findall(inline_text([*step.opening, *step.body]))))


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0


def _other_steps(translation: Draft, original: Draft) -> Problem:
    ours = _counts(translation)
    message = f"has {ours or 'no'} steps where {original.path} has {_counts(original) or 'none'}"
    mend = "give both the same lists of steps; <!-- kb: procedure --> before a list makes it one"
    return Problem(translation.path, translation.body_line + 1, 1, "translation-steps", "warning", message, mend)


def _counts(draft: Draft) -> str:
    return " + ".join(str(len(found.steps)) for found in draft.steps.found)
