"""Dates as authors type them: ISO, or month first as the old format had it."""

import re
from datetime import date

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ][\d:.]+(?:Z|[+-][\d:]+)?)?")
_MONTH_FIRST = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})")
_LOOSE_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4}|\d{2})(?!\d)(?!\s*[-/.]\s*\d)")
_LOOSE_ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_NAME = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_NAME_FIRST = re.compile(rf"\b{_NAME}\.?[\s,-]+(\d{{1,2}})(?:st|nd|rd|th)?[\s,-]+(\d{{4}})\b", re.IGNORECASE)
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?[\s-]+{_NAME}\.?[\s,-]+(\d{{4}})\b", re.IGNORECASE)


def parse_date(text: str) -> tuple[date | None, bool]:
    """The date that this text means, None if none; and whether it is written as authors should (ISO or M-D-YYYY)."""
    text = text.strip()
    if match := _ISO.fullmatch(text):
        return _date(*match.group(1, 2, 3)), True
    if match := _MONTH_FIRST.fullmatch(text):
        return _date(match[3], match[1], match[2]), True
    return _loose(text[:200]), False


def _loose(text: str) -> date | None:
    if match := _LOOSE_ISO.search(text):
        return _date(*match.groups())
    if match := _LOOSE_NUMBERS.search(text):
        year = match[3] if len(match[3]) == 4 else f"20{match[3]}"
        return _date(year, match[1], match[2])
    if match := _NAME_FIRST.search(text):
        return _date(match[3], _month(match[1]), match[2])
    if match := _DAY_FIRST.search(text):
        return _date(match[3], _month(match[2]), match[1])
    return None


def _month(name: str) -> str:
    return str(_MONTHS.index(name.lower()) + 1)


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
