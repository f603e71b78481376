"""Steps and procedures: the ordered things that an edition asks its reader to do."""

from dataclasses import dataclass

from kb.article.side_file import SideProcedure


@dataclass(frozen=True, slots=True)
class Step:
    """One thing the reader does. All HTML here is sanitised and its links and images are resolved."""

    id: str  # belongs to the article, at most 64 characters: letters, digits, hyphens
    number: int  # as shown, from 1
    text: str  # visible text of the opening paragraph
    line: int  # in the file, from 1
    html: str  # the opening paragraph, inline
    body: str  # everything below it: notes, images, tables, code ("" if nothing)
    notes: tuple[str, ...] = ()  # visible text of each sub-item
    images: tuple[str, ...] = ()  # addresses, resolved
    links: tuple[str, ...] = ()  # addresses, resolved

    @property
    def anchor(self) -> str:
        """Id of the element on the page."""
        return f"step-{self.id}"


@dataclass(frozen=True, slots=True)
class Procedure:
    """One ordered sequence of steps. `side` is its part of the side file, None if there is none or it does not fit."""

    heading: str  # text of the heading above it, "" if none
    line: int
    why: str  # the named reason for taking it for a procedure
    steps: tuple[Step, ...]
    side: SideProcedure | None = None
    notes: str = ""  # HTML between the heading and the first step that belongs to no step (usually "")
