"""One dated text of an article."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from kb.article.problem import Problem
from kb.article.step import Procedure

State = Literal["draft", "published", "withdrawn"]
Day = date  # for a field of a class that has another one named date
LinkKind = Literal["article", "category", "anchor", "image", "attachment", "external", "mailto", "tel"]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the text; `id` is its anchor on the page."""

    level: int
    text: str
    id: str
    line: int


@dataclass(frozen=True, slots=True)
class Link:
    """A link or image. `href` as written; `target` a path in the library with its #anchor, or None."""

    href: str
    text: str
    kind: LinkKind
    target: str | None
    broken: bool
    line: int


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that the front matter names; `target` is its path in the library if it is there."""

    file_name: str
    url: str
    type: str
    target: str | None
    size: int | None = None  # bytes


@dataclass(frozen=True, slots=True)
class Edition:
    """One dated text: metadata, what the page shows, and every fault met on the way."""

    path: str  # in the library, posix
    address: str  # of this edition: "accounts-and-users/closing-your-account/2015-11-04"
    revision: str  # SHA-256 of the file's bytes, hex
    date: date | None
    title: str
    author: str  # visible text
    keywords: tuple[str, ...]
    sticky: bool
    content_is_html: bool
    attachments: tuple[Attachment, ...]
    blocks: tuple[str | Procedure, ...]  # the body in order: sanitised HTML, and procedures between it
    html: str  # the whole body as HTML, procedures as ordered lists whose items bear the steps' anchors
    text: str  # visible text of the body
    description: str  # the first sentence or two of the text, for lists and search engines
    headings: tuple[Heading, ...]
    procedures: tuple[Procedure, ...]
    links: tuple[Link, ...]
    problems: tuple[Problem, ...]
    state: State = "published"
    withdrawn_reason: str = ""  # visible text
    replacement: str = ""  # for the page: where to read instead of a withdrawn edition
    translates: Day | None = None  # of a translation: the date of the edition that it says it translates

    @property
    def withdrawn(self) -> bool:
        """Whether it was taken back: still readable, but gone for machines."""
        return self.state == "withdrawn"
