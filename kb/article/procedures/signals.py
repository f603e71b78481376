"""The signals that speak for or against a procedure, with their weights: one table, and the decision."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from kb.article.procedures import traits as seen
from kb.article.procedures.found import Found
from kb.article.procedures.phrases import (
    CHOICE,
    DOING,
    FOLLOW,
    LISTING,
    OVERVIEW,
    QUESTION,
    STEPS,
    THING_IN_HEADING,
    THINGS,
)
from kb.article.procedures.traits import Traits, traits_of
from kb.article.procedures.verbs import is_imperative

_ENOUGH = 2.0  # points that make a procedure


@dataclass(frozen=True, slots=True)
class Signal:
    """`measure` answers how much of it there is, between 0 and 1. `name` is shown to authors as a reason."""

    name: str
    weight: float
    measure: Callable[[Traits], float]


def judge(found: Found) -> bool:
    """Whether this run, which has its name, is a procedure. Sets `why`."""
    traits = traits_of(found)
    points = [(signal.weight * signal.measure(traits), signal.name) for signal in FOR]
    if not _is_enough(sum(weight for weight, _ in points), traits):
        return False
    found.why = "; ".join(name for weight, name in sorted(points, reverse=True) if weight >= 1) or "signs add up"
    return True


def _is_enough(points: float, traits: Traits) -> bool:
    """Whether enough is left when what speaks against it is taken away; looked at while it can still decide."""
    rest = sum(signal.weight for signal in AGAINST)
    for signal in AGAINST:
        if points < _ENOUGH or points + rest >= _ENOUGH:
            break
        points += signal.weight * signal.measure(traits)
        rest -= signal.weight
    return points >= _ENOUGH


def _heading_of_steps(traits: Traits) -> float:
    return float(_above(STEPS, traits))


def _heading_of_doing(traits: Traits) -> float:
    """Not if it speaks of steps anyhow, or announces a list such as "Requirements for installing"."""
    return float(_above(DOING, traits) and not _above(STEPS, traits) and not _heading_of_list(traits))


def _above(pattern: re.Pattern[str], traits: Traits) -> bool:
    """Whether the line of bold text or the heading says so."""
    if pattern.search(traits.above.lower()):
        return True
    return traits.section != traits.above and pattern.search(traits.section.lower()) is not None


def _heading_of_list(traits: Traits) -> float:
    """Half if it is only the section's heading, and a bold line stands nearer."""
    if _announces_list(traits.above):
        return 1.0
    return 0.5 if traits.section != traits.above and _announces_list(traits.section) else 0.0


def _announces_list(heading: str) -> bool:
    """Not so "Creating Rules" or "How to use the features": there it is only what is dealt with."""
    text = heading.lower()
    if LISTING.search(text) or QUESTION.match(text):
        return True
    if THING_IN_HEADING.search(text) is None:
        return False
    return not (DOING.match(text) or STEPS.search(text) or is_imperative(heading))


def _in_lead(pattern: re.Pattern[str]) -> Callable[[Traits], float]:
    return lambda traits: float(pattern.search(traits.lead.lower()) is not None)


FOR = (
    Signal("the items begin with verbs", 4, seen.telling),
    Signal("the steps call themselves steps", 3, lambda traits: float(traits.found.says_step)),
    Signal("the steps are bold and numbered", 1, lambda traits: float(traits.found.form == "bold")),
    Signal("the heading speaks of steps", 2, _heading_of_steps),
    Signal("the heading speaks of doing", 2, _heading_of_doing),
    Signal("the sentence before announces steps", 2, _in_lead(FOLLOW)),
    Signal("the heading begins with a verb", 1.5, lambda traits: float(is_imperative(traits.above))),
    Signal("the items say what to click or type", 1.5, seen.handling),
    Signal("what is below the items tells what to do", 2, seen.telling_below),
    Signal("images or code are inside the steps", 1, seen.with_material),
    Signal("the items speak to the reader", 1, seen.speaking),
)
AGAINST = (  # the strong and quick ones first
    Signal("every item is a link", -6, seen.only_links),
    Signal("the sentence before announces a choice", -5, _in_lead(CHOICE)),
    Signal("there is one item", -2.5, lambda traits: float(len(traits.items) == 1)),
    Signal("the items ask", -3, seen.asking),
    Signal("the first heading is an introduction", -3, seen.introducing),
    Signal("the sentence before announces a list of things", -3, _in_lead(THINGS)),
    Signal("the heading announces a list of things", -3, _heading_of_list),
    Signal("the items hold no verb that tells to do", -1.5, seen.without_verbs),
    Signal("the items are gerunds", -1, seen.naming_deeds),
    Signal("the heading announces an overview", -1, lambda traits: float(bool(OVERVIEW.search(traits.above.lower())))),
    Signal("the items define", -2, seen.defining),
    Signal("the items describe", -2, seen.describing),
    Signal("the items are rules", -2, seen.ruling),
)
