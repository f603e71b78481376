"""Shortcuts of the tests of this floor: a text read as a draft, a folder of texts loaded as a library."""

from pathlib import Path

from kb.article.library import Library
from kb.article.node import render
from kb.article.reading import Draft, draft_of
from kb.article.source import source_of
from kb.settings import Settings

HEAD = '{{{ "title": "A title", "date": "01-31-2016", "author": "A. Uthor" }}}\n'
HTML_HEAD = '{{{ "title": "A title", "date": "01-31-2016", "author": "A. Uthor", "contentIsHTML": true }}}\n'


def draft(text: str, *, repairs: bool = True, path: str = "a/b.md") -> Draft:
    """This text as the reading of one file understands it."""
    source, problems = source_of(path, text.encode())
    assert problems == []
    return draft_of(source, repairs=repairs)


def body_html(markdown: str, *, repairs: bool = True) -> str:
    """The HTML of this Markdown before its links are resolved."""
    return render(draft(HEAD + markdown, repairs=repairs).tree.root.children)


def library(root: Path, files: dict[str, str], settings: Settings | None = None) -> Library:
    """A library of these texts; what begins with `{{{` or `---` has its own front matter, the rest gets ours."""
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        own = not name.endswith(".md") or text.startswith(("{{{", "---", "+++", "\n"))
        file.write_text(text if own else HEAD + text, encoding="utf-8")
    return Library.load(root, settings or Settings())
