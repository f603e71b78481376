"""An edition's metadata: what the front matter says, in our words and types, and what is wrong with it."""

import datetime
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from kb.article.dates import parse_date
from kb.article.edition import State
from kb.article.front_matter import FrontMatter, position
from kb.article.problem import Fix, Problem, Severity
from kb.article.source import Source

_KNOWN = {
    "title", "date", "author", "keywords", "sticky", "attachments", "contentIsHTML", "content_is_html",
    "related-products", "redirect_from", "category_order", "description",
    "state", "withdrawn_reason", "replacement", "translates",
}  # fmt: skip
_LIKELY = 80  # of 100: an unknown key as like as this to a known one is a typing error
_STATES: Mapping[str, State] = {"draft": "draft", "published": "published", "withdrawn": "withdrawn"}
_TAG = re.compile(r"<[^<>]{0,1000}>?")


@dataclass(frozen=True, slots=True)
class NamedFile:
    """An attachment as the front matter names it."""

    file_name: str
    url: str
    type: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Named:
    """An address that the front matter names, and where."""

    url: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the front matter says. A missing title is ""; the reading of the body finds another."""

    title: str = ""
    date: datetime.date | None = None
    author: str = ""
    keywords: tuple[str, ...] = ()
    sticky: bool = False
    content_is_html: bool = False
    attachments: tuple[NamedFile, ...] = ()
    redirect_from: tuple[str, ...] = ()
    category_order: tuple[str, ...] = ()
    description: str = ""
    problems: tuple[Problem, ...] = ()
    state: State = "published"
    withdrawn_reason: str = ""
    replacement: Named | None = None  # where to read instead of a withdrawn edition
    translates: datetime.date | None = None  # date of the original's edition, if this is a translation


def read_metadata(source: Source, front: FrontMatter) -> Metadata:
    """Understand the front matter; every fault becomes a Problem at the line of its key."""
    fields = _Fields(source, front)
    fields.unknown_keys()
    keywords = fields.texts("keywords")
    state = fields.state()
    reason, replacement = fields.withdrawal(state)
    return Metadata(
        title=fields.title(),
        date=fields.date(),
        author=fields.author(),
        keywords=tuple(part.strip() for word in keywords for part in word.split(",") if part.strip()),
        sticky=fields.flag("sticky"),
        content_is_html=fields.flag("contentIsHTML") or fields.flag("content_is_html"),
        attachments=fields.attachments(),
        redirect_from=fields.texts("redirect_from"),
        category_order=fields.texts("category_order"),
        description=fields.text("description"),
        problems=tuple(fields.problems),
        state=state,
        withdrawn_reason=reason,
        replacement=replacement,
        translates=fields.translates(),
    )


@dataclass(slots=True)
class _Fields:
    """Reads one key after the other and collects what is wrong."""

    source: Source
    front: FrontMatter
    problems: list[Problem] = field(default_factory=list)

    @property
    def data(self) -> Mapping[str, Any]:
        return self.front.data

    def title(self) -> str:
        title = plain(self.text("title"))
        if self.front.kind and not title and "category_order" not in self.data:
            self.fault("title", "title-missing", "error", "there is no title", 'add "title" to the front matter')
        return title

    def date(self) -> datetime.date | None:
        value = self.data.get("date")
        if isinstance(value, datetime.datetime):
            return value.date()
        if isinstance(value, datetime.date):
            return value
        text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
        if not text.strip():
            if self.front.kind and "category_order" not in self.data:
                self.fault("date", "date-missing", "error", "there is no date", 'add "date" as YYYY-MM-DD')
            return None
        return self._date_of(text)

    def translates(self) -> datetime.date | None:
        """The date of the original's edition that a translation follows."""
        value = self.data.get("translates")
        if isinstance(value, datetime.date):
            return value.date() if isinstance(value, datetime.datetime) else value
        written = self.text("translates")
        day, _ = parse_date(written)
        if written and day is None:
            message, mend = f"{written[:60]!r} is not a date", "write the date of the original as YYYY-MM-DD"
            self.fault("translates", "date-invalid", "error", message, mend)
        return day

    def _date_of(self, text: str) -> datetime.date | None:
        day, usual = parse_date(text)
        if day is None:
            self.fault("date", "date-invalid", "error", f"{text[:60]!r} is not a date", "write it as YYYY-MM-DD")
        elif not usual:
            message, mend = f"the date {text[:60]!r} is read as {day}", f"write {day}"
            fix = self._value_fix("date", text, str(day), quotes="keep") if _one_meaning(text, day) else None
            self.fault("date", "date-odd", "warning", message, mend, fix)
        elif not 1990 <= day.year <= 2100:
            self.fault("date", "date-odd", "warning", f"the year {day.year} is unlikely", "check the date")
        return day

    def author(self) -> str:
        written = self.text("author")
        author = plain(written)
        if "author" not in self.data:
            if self.front.kind and "category_order" not in self.data:
                self.fault("author", "author-missing", "warning", "there is no author", 'add "author"')
        elif not author:
            self.fault("author", "author-empty", "warning", "the author is empty", "name who answers for the article")
        elif "<" in written:
            self.fault("author", "author-html", "warning", "the author is HTML; shown as text", f"write {author}")
        return author

    def text(self, key: str) -> str:
        value = self.data.get(key)
        if value is None:
            return ""
        if isinstance(value, str):
            return value.strip()
        self._wrong_type(key, "text")
        return str(value)[:1000] if isinstance(value, int | float) else ""

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.data.get(key)
        if value is None:
            return ()
        if isinstance(value, str):
            return (value.strip(),) if value.strip() else ()
        if isinstance(value, list) and all(isinstance(item, str | int | float) for item in value):
            return tuple(text for item in value if (text := str(item).strip()))
        self._wrong_type(key, "a list of texts")
        return ()

    def flag(self, key: str) -> bool:
        value = self.data.get(key)
        if value is None or isinstance(value, bool):
            return bool(value)
        word = value.strip().lower() if isinstance(value, str) else ""
        fix = self._value_fix(key, str(value), word, quotes="drop") if word in ("true", "false") else None
        self._wrong_type(key, "true or false, without quotes", fix)
        return isinstance(value, str) and value.strip().lower() in ("true", "yes", "1")

    def state(self) -> State:
        """A misspelt one is taken for the likely one, so that no draft is shown because of a wrong letter."""
        value = self.data.get("state")
        written = "" if value is None else str(value).strip()
        if not written:
            return "published"
        if written.lower() in _STATES:
            return _STATES[written.lower()]
        likely = process.extractOne(written.lower(), list(_STATES), score_cutoff=_LIKELY)
        meant = _STATES[likely[0]] if likely else "published"
        mend = f"did you mean {meant}?" if likely else f"write one of: {', '.join(_STATES)}"
        self.fault("state", "state-unknown", "error", f"{written[:60]!r} is no state; taken for {meant}", mend)
        return meant

    def withdrawal(self, state: State) -> tuple[str, Named | None]:
        """Why the edition was withdrawn, and what to read instead; both only of a withdrawn one."""
        if state != "withdrawn":
            for key in ("withdrawn_reason", "replacement"):
                if key in self.data:
                    message = f"{key} is not used: the edition is {state}"
                    mend = "add state: withdrawn, or take it out"
                    self.fault(key, "withdrawn-unused", "warning", message, mend)
            return "", None
        reason, url = plain(self.text("withdrawn_reason")), self.text("replacement")
        if not reason:
            mend = 'say why in "withdrawn_reason"'
            self.fault("state", "withdrawn-reason-missing", "warning", "withdrawn without a reason", mend)
        return reason, Named(url, *self._place(url)) if url else None

    def attachments(self) -> tuple[NamedFile, ...]:
        value = self.data.get("attachments")
        if value is None or value == "":
            return ()
        items = value if isinstance(value, list) else [value]
        if not isinstance(value, list) or not all(isinstance(item, dict | str) for item in items):
            self._wrong_type("attachments", "a list of files")
        return tuple(self._attachment(item) for item in items if isinstance(item, dict | str) and item)

    def _attachment(self, item: Mapping[str, Any] | str) -> NamedFile:
        given = {"url": item} if isinstance(item, str) else item
        url = str(given.get("url") or "").strip()
        name = str(given.get("file_name") or url.rpartition("/")[2]).strip()
        line, column = self._place(f'"{url}"', url)
        return NamedFile(name, url, str(given.get("type") or "").strip(), line, column)

    def unknown_keys(self) -> None:
        for key in self.data:
            likely = None if key in _KNOWN else process.extractOne(key, sorted(_KNOWN), score_cutoff=_LIKELY)
            if likely:
                mend = f"did you mean {likely[0]}?"
                fix = self._key_fix(key, likely[0])
                self.fault(key, "key-unknown", "warning", f"{key} is not a known key", mend, fix)

    def _key_fix(self, key: str, likely: str) -> Fix | None:
        """For one wrong, missing or swapped letter; a plural may be another word, and a second key another value."""
        plural = f"{likely}s" == key or f"{key}s" == likely
        certain = OSA.distance(key, likely) == 1 and not plural and likely not in self.data
        quoted = f'"{key}"' in self.front.raw
        return (Fix(f'"{key}"', f'"{likely}"') if quoted else Fix(key, likely)) if certain else None

    def _value_fix(self, key: str, written: str, right: str, *, quotes: Literal["keep", "drop"]) -> Fix | None:
        """Another value for this key, if just this value stands behind it."""
        start = rf"""(?<![\w-])(["']?){re.escape(key)}\1[ \t]*[:=][ \t]*"""
        value = rf"""(["']?){re.escape(written)}\2(?=[ \t]*(?:[,}}]|$))"""
        several = list(re.finditer(start + value, self.front.raw, re.MULTILINE))
        if not several:
            return None
        found = several[-1]  # the last one counts
        before = found[0][: len(found[0]) - len(written) - 2 * len(found[2])]
        return Fix(found[0], f"{before}{found[2]}{right}{found[2]}" if quotes == "keep" else f"{before}{right}")

    def _wrong_type(self, key: str, wanted: str, fix: Fix | None = None) -> None:
        self.fault(key, "wrong-type", "warning", f"{key} has the wrong type", f"write {wanted}", fix)

    def fault(self, key: str, code: str, severity: Severity, message: str, mend: str, fix: Fix | None = None) -> None:
        line, column = self._place(f'"{key}"', key) if key in self.data else position(self.source.text, self._head())
        self.problems.append(Problem(self.source.path, line, column, code, severity, message, mend, fix))

    def _head(self) -> int:
        return max(self.front.raw_start - 3, 0)

    def _place(self, *wanted: str) -> tuple[int, int]:
        """Where the last of these texts stands in the front matter, else its head."""
        for text in wanted:
            if text and (found := self.front.raw.rfind(text)) >= 0:
                return position(self.source.text, self.front.raw_start + found)
        return position(self.source.text, self._head())


def _one_meaning(text: str, day: datetime.date) -> bool:
    """Whether a date in an odd form could not be read as another day: it names the month, or has no such month."""
    words = re.findall(r"\w+", text)
    named = any(word.isalpha() for word in words)
    return len(words) == 3 and (named or len(words[0]) == 4 or day.day > 12 or day.day == day.month)


def plain(text: str) -> str:
    """The visible text of a value in which authors wrote HTML, also with an unclosed tag."""
    if "<" not in text and "&" not in text:
        return text.strip()
    return html.unescape(_TAG.sub("", text)).strip()
