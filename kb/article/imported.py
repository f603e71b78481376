"""Which file of a repository becomes which file of a library."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from kb.article.history import ArticleHistory

_MEDIA = frozenset(
    "png jpg jpeg gif svg webp avif bmp ico mp4 webm mov mp3 wav pdf zip gz tgz csv"
    " doc docx dot dotx odt ods odp ppt pptx rtf vsd vsdx xls xlsx".split()
)
_FOLDERS = frozenset("images attachments assets files media downloads".split())
_OURS = (".checklist.yaml", "kb.toml")


@dataclass(frozen=True, slots=True)
class WantedFile:
    """A file to write: its path in the library, and the object that is its content."""

    path: str
    object: str


def is_article(path: str) -> bool:
    """Whether the history of this file is the history of an article."""
    return path.endswith(".md") and path not in ("README.md", "index.md") and "@" not in path.rpartition("/")[2]


def files_of(history: ArticleHistory, present: Iterable[str]) -> Iterator[WantedFile]:
    """The article and its older editions; an edition that stands in the repository as a file already is left out."""
    there = set(present)
    stem = history.path.removesuffix(".md")
    yield WantedFile(history.path, history.object)
    for edition in history.past:
        path = f"{stem}@{edition.day.isoformat()}.md"
        if path not in there:
            yield WantedFile(path, edition.object)


def is_brought(path: str) -> bool:
    """Whether a file that is no article comes along: images, attachments, and what the library itself needs."""
    pure = PurePosixPath(path)
    folders = {part.casefold() for part in pure.parts[:-1]}
    media = pure.suffix.lstrip(".").casefold() in _MEDIA or bool(folders & _FOLDERS)
    return path.endswith(".md") or path.endswith(_OURS) or media


def is_safe(path: str) -> bool:
    """Whether a path from a repository stays inside the folder, and is no hidden file and text that can be a name."""
    parts = path.split("/")
    return path.isprintable() and not any(part in ("", "..") or part.startswith(".") for part in parts)
