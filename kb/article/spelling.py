"""Finds words that are misspelled for certain: codespell's list of misspellings, taken as data."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

Misspelling = tuple[int, str, tuple[str, ...]]  # column from 1, the word as written, suggestions

LIST_OWNER = "codespell_lib"  # only its data file is read; its code is not imported

# What is no prose: code in backticks, tags, link destinations, addresses, paths, file names, and every token that
# holds a digit or a sign that words do not have.
_NOT_PROSE = re.compile(
    r"(?<!`)(?P<ticks>`+)(?!`).*?(?<!`)(?P=ticks)(?!`)"
    r"|<[^<>]*>"
    r"|\]\([^()]*\)"
    r"|&[A-Za-z]+;"
    r"|[^\s()\[\]]*[\d_@#$=\\][^\s()\[\]]*"
    r"|[^\s()\[\]]*\w[./:]\w[^\s()\[\]]*"
    r"|[^\s()\[\]]*//\S*"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’-]+[^\W\d_]+)*")
_QUICK = re.compile(r"[a-z](?:[a-z'-]*[a-z])?")  # twice as fast; the list is nearly all ASCII
_VARIANTS = frozenset(["requestor", "requestors", "checkin", "checkins"])
_CAMEL_CASE = re.compile(r"[a-z][A-Z]")


@dataclass(frozen=True, slots=True)
class Dictionary:
    """Misspelled words in lower case, and what they should be: `resources` or `resource, recourse,`."""

    entries: Mapping[str, str]

    @classmethod
    def load(cls) -> "Dictionary":
        """The list that the installed codespell brings along, an empty one without it. Load it once and pass it on."""
        file = _list_file()
        text = file.read_text(encoding="utf-8") if file else ""
        return cls(dict(line.split("->", 1) for line in text.splitlines() if "->" in line))

    def misspellings(self, line_text: str) -> list[Misspelling]:
        """The misspelled words of one line of Markdown; code, addresses and file names are left out."""
        if self.entries.keys().isdisjoint(_QUICK.findall(_normal(line_text))):
            return []
        prose = _NOT_PROSE.sub(lambda skipped: " " * len(skipped.group()), line_text)
        return list(self._found(prose))

    def _found(self, prose: str) -> Iterator[Misspelling]:
        for match in _WORD.finditer(prose):
            word = match.group()
            suggestions = _suggestions(self.entries.get(_normal(word), ""))
            if suggestions and not _is_name(word) and not _is_taste(word, suggestions):
                yield match.start() + 1, word, tuple(_cased_like(word, each) for each in suggestions)


def _list_file() -> Path | None:
    spec = find_spec(LIST_OWNER)
    for folder in (spec and spec.submodule_search_locations) or []:
        file = Path(folder) / "data" / "dictionary.txt"
        if file.is_file():
            return file
    return None


def _normal(text: str) -> str:
    return text.replace("’", "'").lower()


def _suggestions(entry: str) -> tuple[str, ...]:
    """Of `resources` or `resource, recourse,`; nothing where a reason to doubt follows: `class, a name in C++`."""
    *several, last = [part.strip() for part in entry.split(",")]
    if several and last:
        return ()
    return tuple(part for part in (*several, last) if part)


def _is_name(word: str) -> bool:
    """Product names (`GitHub`) and short abbreviations (`HDA`) only look like misspellings."""
    return bool(_CAMEL_CASE.search(word)) or (word.isupper() and len(word) <= 4)


def _is_taste(word: str, suggestions: tuple[str, ...]) -> bool:
    """Both with and without a hyphen (`re-use`), or another form that dictionaries know, is right."""
    bare = _normal(word).replace("-", "")
    return bare in _VARIANTS or any(bare == suggestion.replace("-", "") for suggestion in suggestions)


def _cased_like(word: str, suggestion: str) -> str:
    if word.isupper():
        return suggestion.upper()
    return suggestion[:1].upper() + suggestion[1:] if word[0].isupper() else suggestion
