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
    points = [(signal.weight * signal.measure(traits), signal.name) for signal in SIGNALS]
    if sum(weight for weight, _ in points) < _ENOUGH:
        return False
    found.why = "; ".join(name for weight, name in sorted(points, reverse=True) if weight >= 1) or "signs add up"
    return True


def _heading_of_steps(traits: Traits) -> float:
    return float(any(map(STEPS.search, (traits.above, traits.section))))


def _heading_of_doing(traits: Traits) -> float:
    """Not if it speaks of steps anyhow, or announces a list such as "Requirements for installing"."""
    if _heading_of_steps(traits) or _heading_of_list(traits):
        return 0.0
    return float(any(map(DOING.search, (traits.above, traits.section))))


def _heading_of_list(traits: Traits) -> float:
    """Half if it is only the section's heading, and a bold line stands nearer."""
    if _announces_list(traits.above):
        return 1.0
    return 0.5 if _announces_list(traits.section) else 0.0


def _announces_list(heading: str) -> bool:
    """Not so "Creating Rules" or "How to use the features": there it is only what is dealt with."""
    if LISTING.search(heading) or QUESTION.match(heading):
        return True
    deals_with = DOING.match(heading) or STEPS.search(heading) or is_imperative(heading)
    return THING_IN_HEADING.search(heading) is not None and not deals_with


def _in_lead(pattern: re.Pattern[str]) -> Callable[[Traits], float]:
    return lambda traits: float(pattern.search(traits.lead) is not None)


SIGNALS = (
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
    Signal("the heading announces a list of things", -3, _heading_of_list),
    Signal("the heading announces an overview", -1, lambda traits: float(bool(OVERVIEW.search(traits.above)))),
    Signal("the sentence before announces a choice", -5, _in_lead(CHOICE)),
    Signal("the sentence before announces a list of things", -3, _in_lead(THINGS)),
    Signal("every item is a link", -6, seen.only_links),
    Signal("there is one item", -2.5, lambda traits: float(len(traits.items) == 1)),
    Signal("the items hold no verb that tells to do", -1.5, seen.without_verbs),
    Signal("the items describe", -2, seen.describing),
    Signal("the items define", -2, seen.defining),
    Signal("the items are rules", -2, seen.ruling),
    Signal("the items are gerunds", -1, seen.naming_deeds),
    Signal("the items ask", -3, seen.asking),
    Signal("the first heading is an introduction", -3, seen.introducing),
)
