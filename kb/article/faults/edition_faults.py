"""All faults of one edition that can be seen without the others."""

from kb.article.faults.headings import heading_faults
from kb.article.faults.lines import line_faults
from kb.article.faults.pictures import picture_faults
from kb.article.faults.prose import spelling_faults
from kb.article.faults.references import reference_faults
from kb.article.problem import Problem
from kb.article.reading import Draft
from kb.article.spelling import Dictionary


def edition_faults(draft: Draft, dictionary: Dictionary) -> list[Problem]:
    """Every kind in turn. Ask before the links are resolved."""
    return [
        *reference_faults(draft),
        *heading_faults(draft),
        *picture_faults(draft),
        *line_faults(draft),
        *spelling_faults(draft, dictionary),
    ]
