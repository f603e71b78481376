"""One file read as far as it can be without knowing the others: metadata, tree, anchors, procedures."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from kb.article.anchors import set_anchors
from kb.article.front_matter import split
from kb.article.html_tree import tree_of_html
from kb.article.markdown import Definition, parse
from kb.article.metadata import Metadata, read_metadata
from kb.article.node import Tree, inline_text
from kb.article.problem import Problem
from kb.article.procedures import find_procedures, overrules_in
from kb.article.side_file import SideFile
from kb.article.side_file_reader import read_side_file
from kb.article.source import Source, read_source
from kb.article.step_ids import Steps, steps_of
from kb.article.token_tree import read_markdown_inside, tree_of
from kb.article.wrappers import unwrap

_CODE_SPAN = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_BEFORE_ADDRESS = ("](", "]:", "href=", "src=")  # quotes, brackets and blanks between them and the address left out
_LONGEST_SEARCH = 60  # lines of one paragraph or raw HTML block


@dataclass(slots=True)
class Draft:
    """An edition before its links are resolved. The tree is decorated in place by what comes after."""

    path: str
    source: Source
    metadata: Metadata
    title: str
    body: str
    lines: list[str]  # of the body, as the author wrote them
    body_line: int  # number of lines in the file before the body
    tree: Tree
    anchors: dict[str, str]  # lower-case form -> id
    steps: Steps
    definitions: list[Definition]
    problems: list[Problem] = field(default_factory=list)

    def place_of(self, written: str, line: int) -> tuple[int, int]:
        """Line and column in the file of an address as written, looked for from this line on."""
        first = line - self.body_line - 1
        for place in range(max(first, 0), min(first + _LONGEST_SEARCH, len(self.lines))):
            if written and written in self.lines[place]:
                found = _address_in(self.lines[place], written)
                return self.body_line + place + 1, (self.lines[place].find(written) if found is None else found) + 1
        return line, 1

    def has_address(self, written: str, line: int, column: int) -> bool:
        """Whether this is the address of a link there, and no text that only looks like it."""
        place = line - self.body_line - 1
        return 0 <= place < len(self.lines) and _address_in(self.lines[place], written) == column - 1

    def prose(self) -> Iterator[tuple[int, str]]:
        """(line in the file, text) of each line of the body that is not code."""
        code = {line for first, end in self.tree.code for line in range(first, end)}
        for number, line in enumerate(self.lines, self.body_line + 1):
            if line and number not in code:
                yield number, line

    def find_steps(self, side_file: SideFile | None) -> None:
        """Find the procedures, as far as the author's comments and the side file do not overrule the finder."""
        self.find_steps_below([one.heading for one in side_file.procedures] if side_file else [])
        self.steps = steps_of(self.steps.found, side_file)

    def find_steps_below(self, headings: Iterable[str]) -> None:
        """The same with what nobody named yet; below each of these headings there is a procedure."""
        overrules = overrules_in(self.prose() if "<!--" in self.body else (), headings)
        self.steps = steps_of(find_procedures(self.tree.root.children, overrules), None)


def read_draft(root: Path, path: str, side_path: str, *, repairs: bool) -> tuple[Draft | None, list[Problem]]:
    """Read one file and its side file ("": it has none of its own). None if it cannot be read at all."""
    source, problems = read_source(root, path)
    if source is None:
        return None, problems
    draft = draft_of(source, repairs=repairs)
    side_file, side_problems = read_side_file(root / side_path, side_path) if side_path else (None, [])
    if side_file:
        draft.find_steps(side_file)
    draft.problems += problems + side_problems + draft.steps.problems
    return draft, []


def draft_of(source: Source, *, repairs: bool) -> Draft:
    """Understand this text. Never raises: what is wrong is in `problems`."""
    front = split(source)
    metadata = read_metadata(source, front)
    body = source.text[front.body_start :]
    body_line = source.text.count("\n", 0, front.body_start)
    definitions: list[Definition] = []
    if metadata.content_is_html:
        tree = tree_of_html(body, body_line)
        tree = read_markdown_inside(tree) if repairs else tree
    else:
        parsed = parse(body, repairs=repairs)
        tree = tree_of(parsed, body_line)
        definitions = parsed.definitions()
    unwrap(tree.root, loose_text=metadata.content_is_html)
    anchors = set_anchors(tree)
    title = metadata.title or _title_of(tree, source.path)
    problems = [*front.problems, *metadata.problems]
    draft = Draft(
        source.path,
        source,
        metadata,
        title,
        body,
        body.split("\n"),
        body_line,
        tree,
        anchors,
        steps_of([], None),
        definitions,
        problems,
    )
    draft.find_steps(None)
    return draft


def _address_in(line: str, written: str) -> int | None:
    """Where this stands in the line as the address of a link or image, None if it does so nowhere."""
    shown = _CODE_SPAN.sub(lambda code: "`" * len(code[0]), line) if "`" in line else line
    found = shown.find(written)
    while found >= 0:
        before, after = shown[:found].rstrip("\"' <"), shown[found + len(written) :]
        if before.endswith(_BEFORE_ADDRESS) and (not after or after[0] in ")>\"' \t"):
            return found
        found = shown.find(written, found + 1)
    return None


def _title_of(tree: Tree, path: str) -> str:
    for heading in tree.headings:
        if text := inline_text(heading.children):
            return text
    words = re.sub(r"[-_]+", " ", PurePosixPath(path).name.removesuffix(".md").partition("@")[0]).strip()
    return words[:1].upper() + words[1:] or path
