"""The finder of procedures: which parts of an edition are things to do, one after the other."""

from kb.article.procedures.finder import find_procedures
from kb.article.procedures.found import Found, FoundStep
from kb.article.procedures.overrules import overrules_in

__all__ = ["Found", "FoundStep", "find_procedures", "overrules_in"]
