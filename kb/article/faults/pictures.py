"""Pictures without a text for those who do not see them."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import unquote

from kb.article.node import Node
from kb.article.problem import Problem
from kb.article.reading import Draft

_LIKE_A_FILE = re.compile(r"[-_.\d]")


def picture_faults(draft: Draft) -> Iterator[Problem]:
    """No alternative text, or only the file's name. Ask before the links are resolved: `src` is as written."""
    for node in draft.tree.links:
        if node.tag != "img":
            continue
        line, column = draft.place_of(node.attrs.get("src", ""), node.line)
        alt = node.attrs.get("alt", "").strip()
        if not alt:
            message, mend = "the picture has no alternative text", 'say what it shows: ![here](…), or alt="here"'
            yield Problem(draft.path, line, column, "alt-missing", "warning", message, mend)
        elif _is_file_name(alt, node):
            message, mend = f"the alternative text is the file's name: {alt[:80]}", "say what the picture shows"
            yield Problem(draft.path, line, column, "alt-file-name", "warning", message, mend)


def _is_file_name(alt: str, node: Node) -> bool:
    path = PurePosixPath(unquote(node.attrs.get("src", "")).replace("\\", "/"))
    if alt.lower() == path.name.lower():
        return True
    return alt.lower() == path.stem.lower() and _LIKE_A_FILE.search(alt) is not None  # a plain name may say something
