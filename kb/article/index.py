"""What is in the library's folder, by path and by address, before any article is read."""

import os
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from kb.article.address import (
    FileName,
    article_address,
    category_address,
    is_reserved,
    parse_file_name,
    slugify,
)
from kb.article.image_size import ImageSize, read_image_size
from kb.article.problem import Problem
from kb.settings import FILE_NAME, Settings

_SIDE_FILE = ".checklist.yaml"
ORDER_FILE = "index.md"
README = "README.md"


@dataclass(slots=True)
class Index:
    """All files of the folder, and the addresses of those that are articles."""

    root: Path
    settings: Settings
    files: frozenset[str]  # posix paths in the library, without dotfiles
    folders: frozenset[str]
    names: dict[str, FileName] = field(default_factory=dict)  # article file -> parts of its name
    address_of: dict[str, str] = field(default_factory=dict)  # article file -> address of its article
    editions: dict[str, list[str]] = field(default_factory=dict)  # address -> its files
    categories: dict[str, str] = field(default_factory=dict)  # folder -> address
    folder_at: dict[str, str] = field(default_factory=dict)  # address -> folder
    problems: list[Problem] = field(default_factory=list)
    unpublished: set[str] = field(default_factory=set)  # article files that are drafts; known once all are read
    _by_case: dict[str, str] | None = None
    _by_name: dict[str, str] | None = None
    _slugs: dict[str, list[str]] | None = None
    _sizes: dict[str, ImageSize | None] = field(default_factory=dict)

    def in_other_case(self, path: str) -> str | None:
        """The file, folder or article that differs from this path only by letter case."""
        if self._by_case is None:
            self._by_case = {name.lower(): name for name in (*sorted(self.folders), *sorted(self.files))}
        return self._by_case.get(path.lower())

    def count_in_any_case(self, path: str) -> int:
        """How many files and folders have this path but for letter case."""
        return sum(name.lower() == path.lower() for name in (*self.folders, *self.files))

    def file_named(self, name: str) -> str | None:
        """The first file with this name, in whatever folder and letter case."""
        if self._by_name is None:
            self._by_name = {path.rpartition("/")[2].lower(): path for path in sorted(self.files, reverse=True)}
        return self._by_name.get(name.lower())

    def addresses_ending(self, slug: str) -> list[str]:
        """Addresses of the articles whose own slug this is."""
        if self._slugs is None:
            slugs: dict[str, list[str]] = defaultdict(list)
            for address in self.editions:
                slugs[address.rpartition("/")[2]].append(address)
            self._slugs = dict(slugs)
        return self._slugs.get(slug, [])

    def is_served(self, path: str) -> bool:
        """Whether the address of this article file leads to a page: a draft has none but that of other editions."""
        others = any(other not in self.unpublished for other in self.editions[self.address_of[path]])
        return path not in self.unpublished or (others and self.names[path].dated is None)

    def image_size(self, path: str) -> ImageSize | None:
        """Width and height of this image in pixels, None if its head does not tell."""
        if path not in self._sizes:
            self._sizes[path] = read_image_size(self.root / path)
        return self._sizes[path]

    def language_of(self, address: str) -> str:
        """The language of the article at this address, "" for the library's own."""
        return self.names[self.editions[address][0]].language

    def original_of(self, address: str) -> str | None:
        """The address of the article that this one translates, None if it is no translation or has no original."""
        language = self.language_of(address)
        original = address.removeprefix(f"{language}/")
        return original if language and original in self.editions else None

    def version(self, path: str, language: str) -> tuple[str, str]:
        """The file and address to which a link in this language leads: of the translation, if there is one."""
        address = self.edition_address(path)
        if not language or self.names[path].language or address != self.address_of[path]:
            return path, address
        translated = f"{language}/{address}"
        file = self.current_file(translated) if translated in self.editions else path
        return (file if self.is_served(file) else path), translated

    def current_file(self, address: str) -> str:
        """The file of the undated edition, else the one with the latest date in its name; no draft if it can be."""
        files = [path for path in self.editions[address] if path not in self.unpublished] or self.editions[address]
        undated = [path for path in files if self.names[path].dated is None]
        return undated[0] if undated else max(files, key=lambda path: self.names[path].dated or "")

    def edition_address(self, path: str) -> str:
        """The address of the edition in this file."""
        address, name = self.address_of[path], self.names[path]
        if name.dated is None or path == self.current_file(address):
            return address
        return f"{address}/{name.date.isoformat() if name.date else slugify(name.dated)}"


def index_of(root: Path, settings: Settings) -> Index:
    """Look through the folder. Dot-folders, links that lead out of it and unreadable folders are passed over."""
    files, folders, problems = _walk(root)
    index = Index(root, settings, frozenset(files), frozenset(folders), problems=problems)
    for path in sorted(_article_files(files), key=lambda path: ("@" in path, path)):
        _add_article(index, path)
    _add_categories(index)
    return index


def _walk(root: Path) -> tuple[list[str], list[str], list[Problem]]:
    files: list[str] = []
    folders: list[str] = []
    problems: list[Problem] = []
    real_root = os.path.realpath(root)

    def unreadable(error: OSError) -> None:
        path = Path(error.filename or root).relative_to(root).as_posix()
        problems.append(Problem(path, 1, 1, "unreadable", "error", "this folder cannot be read", "check permissions"))

    for folder, subfolders, names in os.walk(root, onerror=unreadable):
        inside = Path(folder).relative_to(root).as_posix()
        prefix = "" if inside == "." else f"{inside}/"
        subfolders[:] = sorted(name for name in subfolders if not name.startswith(".") and _is_text(name))
        folders.extend(prefix + name for name in subfolders)
        for name in sorted(names):
            if not _is_text(name):
                mend = "rename it"
                shown = prefix + name.encode("utf-8", "replace").decode("utf-8")
                problems.append(Problem(shown, 1, 1, "file-name", "error", "the file's name is not UTF-8", mend))
            elif not name.startswith(".") and _is_inside(f"{folder}/{name}", real_root):
                files.append(prefix + name)
    return files, folders, problems


def _is_text(name: str) -> bool:
    """Names whose bytes are no UTF-8 arrive with surrogates."""
    return not any("\ud800" <= sign <= "\udfff" for sign in name)


def _is_inside(path: str, real_root: str) -> bool:
    """Links may point to other files of the library, never out of it."""
    return not Path(path).is_symlink() or os.path.realpath(path).startswith(real_root + os.sep)


def _article_files(files: list[str]) -> list[str]:
    """All Markdown files but the repository's own README and the file that orders the categories."""
    markdown = [path for path in files if path.endswith(".md")]
    others = [path for path in markdown if path not in (ORDER_FILE, README)]
    return others or [path for path in markdown if path == README]


def _add_article(index: Index, path: str) -> None:
    name = parse_file_name(path, index.settings.languages)
    address = article_address(path, name)
    top = "/" not in path
    if is_reserved(name.slug, top=top):
        message = f"{name.slug!r} is an address that the site needs itself; shown at /{address}/ instead"
        index.problems.append(Problem(path, 1, 1, "address-reserved", "error", message, "rename the file"))
    address = _free_address(index, path, name, address)
    index.names[path] = name
    index.address_of[path] = address
    index.editions.setdefault(address, []).append(path)


def _free_address(index: Index, path: str, name: FileName, address: str) -> str:
    """Two files may share an address only as editions of one article."""
    wanted, number = address, 1
    while clash := _clash(index, path, name, address):
        number += 1
        address = f"{wanted}-{number}"
    if number > 1:
        clash = _clash(index, path, name, wanted)
        message = f"has the same address as {clash}; shown at /{address}/ instead"
        index.problems.append(Problem(path, 1, 1, "address-taken", "error", message, "rename one of the files"))
    return address


def _clash(index: Index, path: str, name: FileName, address: str) -> str | None:
    """The file of another article that has this address."""
    stem = path.partition("@")[0].removesuffix(".md")
    for other in index.editions.get(address, ()):
        if other.partition("@")[0].removesuffix(".md") != stem or index.names[other].dated == name.dated:
            return other
    return None


def _add_categories(index: Index) -> None:
    with_articles = {parent.as_posix() for path in index.names for parent in PurePosixPath(path).parents}
    for folder in sorted(with_articles - {"."}):
        address = category_address(folder)
        top = "/" not in folder
        slug = slugify(PurePosixPath(folder).name)
        if is_reserved(slug, top=top):
            message = f"{slug!r} is an address that the site needs itself; shown at /{address}/ instead"
            index.problems.append(Problem(folder, 1, 1, "address-reserved", "error", message, "rename the folder"))
        if taken := index.folder_at.get(address) or _article_at(index, address):
            message = f"has the same address as {taken}"
            index.problems.append(Problem(folder, 1, 1, "address-taken", "error", message, "rename one of them"))
        index.categories[folder] = address
        index.folder_at.setdefault(address, folder)


def _article_at(index: Index, address: str) -> str | None:
    files: list[str] | None = index.editions.get(address)
    return files[0] if files else None


def is_shown_file(path: str) -> bool:
    """Whether a file may be fetched from the site: not an article, side file, setting or dotfile."""
    parts = PurePosixPath(path).parts
    name = parts[-1].lower() if parts else ""
    hidden = any(part.startswith(".") for part in parts)
    return bool(name) and not hidden and not name.endswith((".md", _SIDE_FILE)) and name != FILE_NAME


def side_file_path(path: str) -> str:
    """Where the side file of this article's file is, if there is one; a translation has none of its own."""
    return path.removesuffix(".md") + _SIDE_FILE
