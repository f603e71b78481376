"""Phrases in headings and in the sentence before a list that tell what the list is: expressions for lower case."""

import re


def _any_of(phrases: str) -> re.Pattern[str]:
    """One pattern for phrases that are divided by commas or line ends; each begins and ends with a word."""
    parts = [part.strip() for part in re.split(r",|\n", phrases) if part.strip()]
    return re.compile(rf"\b(?:{'|'.join(parts)})(?!\w)")


_GERUNDS = """
    access|activat|add|allocat|apply|assign|associat|attach|authenticat|build|cancel|chang|clon|clos|configur|connect|
    convert|copy|creat|delet|deploy|disabl|download|edit|enabl|encrypt|execut|expand|export|find|generat|gett|giv|import|
    install|integrat|launch|link|locat|logg|mak|manag|migrat|modify|monitor|mount|mov|obtain|order|perform|prepar|provision|
    publish|purchas|recover|register|remov|renam|request|reset|resiz|restart|restor|runn|scal|schedul|sett|shar|sign|
    start|stopp|submitt|switch|sync|tak|test|updat|upgrad|upload|us|validat|verify|view
"""
STEPS = _any_of(
    """
    steps?, how[ -]?to, how (?:do|can|would|should) (?:i|we|you), procedures?, instructions?, walk-?through, tutorial
    directions
    """
)
DOING = _any_of(
    f"""
    getting started, process, solution, resolution, workaround, implementation, validation, installation, configuration
    deployment, creation, removal, setup, set up, activation, migration, registration, upgrade
    (?:{"".join(_GERUNDS.split())})ing
    """
)
LISTING = _any_of(
    """
    contents, limitations?, best practices?, definitions?, glossary, benefits?, advantages, requirements?
    prerequisites?, pre-requisites?, faqs?, frequently asked, considerations?, pricing, assumptions?, recommendations?
    tips, known issues, terminology, (?:technology|partner) profile, types of, release notes, use cases?, see also
    agenda, q&a
    """
)
THING_IN_HEADING = _any_of(
    """
    features?, limits?, references?, resources, exceptions?, restrictions?, terms, examples?, parameters?, components?
    supported, reasons?, roles, responsibilities, notes, questions, related, principles, rules
    """
)
QUESTION = re.compile(r"\W*(?:q\W+)?(?:what (?:does|is|are|to expect|you)|why|who|when to|which)\b")
OVERVIEW = _any_of("overview, description, audience, introduction, about, summary, background, purpose")
_TASKS = "(?:steps?|instructions?|procedures?|process|guide|tasks?|actions?)"
FOLLOW = re.compile(
    rf"\bfollow(?:ing)?\b.{{0,40}}\b{_TASKS}\b|\bsteps?:?$|\bsteps? (?:below|to)\b|\bthe (?:following )?steps\b"
    r"|\b(?:do|perform|complete|use|execute) the following\b|\bstep[ -]by[ -]step|\bas follows\b|\bprocedure\b"
    r"|\b(?:below|these) (?:are (?:the )?)?steps\b|^(?:to|in order to|if you) [a-z]+\b.*(?::|following)"
    r"|\bin (?:\w+ )?steps\b|\bhow to\b"
)
_COUNT = r"(?:two|three|four|five|six|seven|eight|nine|ten|several|some|many|few|\d+|various|multiple|different)"
CHOICE = _any_of(
    rf"""
    {_COUNT}\s+(?:\w+\s+)?(?:\w+\s+)?(?:options?|ways?|methods?|choices|approaches|scenarios?|cases|alternatives|reasons?)
    the following (?:\w+\s+)?(?:options|ways|methods|choices|scenarios), one of the following, either of
    """
)
_THING = """
    articles|attributes|benefits|blueprints?|categories|columns|components?|conditions?|considerations?|criteria|data|
    factors|features?|fields|information|items|kinds?|levels?|limitations?|links|modes?|models|networks|parameters?|parts|
    prerequisites|products|properties|questions|reasons|requirements?|resources|roles|rules|sections|services|settings|
    terms|tiers?|types?|values
"""
THINGS = _any_of(
    rf"""
    (?:{_COUNT}|the following|these)\s+(?:\w+\s+)?(?:\w+\s+)?(?:{"".join(_THING.split())})
    must be met, in this (?:article|guide|document), summary, includ(?:es?|ing):?$
    """
)
