"""The text of a new article, in the style of the library's others."""

import json
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

import yaml

from kb.article.front_matter import Kind, split
from kb.article.library import Library
from kb.article.source import read_source

_MONTH_FIRST = re.compile(r"\d{1,2}-\d{1,2}-\d{4}")
_ASKED = 200  # articles; as many as are needed to know the style

_BODY = """
{mark} Overview
Say in a sentence or two what the reader can do with this article, and when it is needed.

{mark} Steps
1. Begin each step with what the reader does.
2. Write one step for one thing to do.
    - Put what helps with a step below it.
"""


@dataclass(frozen=True, slots=True)
class Style:
    """How the library's articles are written."""

    kind: Kind  # of their front matter
    month_first: bool  # dates as 11-04-2015


def style_of(library: Library) -> Style:
    """What most articles do; YAML and ISO dates in an empty library."""
    kinds: Counter[Kind] = Counter()
    dates: Counter[bool] = Counter()
    for article in library.articles[:_ASKED]:
        source, _ = read_source(library.root, article.current.path)
        if source and (front := split(source)).kind:
            kinds[front.kind] += 1
            dates[month_first(str(front.data.get("date", "")))] += 1
    return Style(kinds.most_common(1)[0][0] if kinds else "yaml", bool(dates) and dates.most_common(1)[0][0])


def month_first(written: str) -> bool:
    """Whether a date is written as the old format had it: 11-04-2015."""
    return bool(_MONTH_FIRST.fullmatch(written.strip()))


def in_style(day: date, written: str) -> str:
    """The day as this other date is written: month first, else ISO."""
    return f"{day:%m-%d-%Y}" if month_first(written) else day.isoformat()


def title_of(path: str) -> str:
    """The words of a file's name, as a title: "white-bread.md" is "White bread"."""
    words = PurePosixPath(path).name.removesuffix(".md").replace("-", " ").replace("_", " ").split()
    return " ".join(words)[:1].upper() + " ".join(words)[1:]


def new_article(style: Style, title: str, author: str, day: date) -> str:
    """The whole text of the file."""
    written = f"{day:%m-%d-%Y}" if style.month_first else day.isoformat()
    return _FRONTS[style.kind](title, written, author) + _BODY.format(mark="###" if style.kind == "json" else "##")


def _json(title: str, day: str, author: str) -> str:
    fields = {"title": title, "date": day, "author": author, "keywords": [], "attachments": []}
    flags = {"contentIsHTML": False, "sticky": False}
    lines = [
        f"  {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in {**fields, **flags}.items()
    ]
    return "{{{\n" + ",\n".join(lines) + "\n}}}\n"


def _yaml(title: str, day: str, author: str) -> str:
    lines = [
        yaml.safe_dump({key: text}, allow_unicode=True, width=1000)
        for key, text in (("title", title), ("author", author))
    ]
    return f"---\n{lines[0]}date: {day}\n{lines[1]}keywords: []\nsticky: false\n---\n"


def _toml(title: str, day: str, author: str) -> str:
    texts = [json.dumps(text, ensure_ascii=False) for text in (title, day, author)]
    return f"+++\ntitle = {texts[0]}\ndate = {texts[1]}\nauthor = {texts[2]}\nkeywords = []\nsticky = false\n+++\n"


_FRONTS = {"json": _json, "yaml": _yaml, "toml": _toml, "": _yaml}
