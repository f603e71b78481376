"""Link definitions (`[label]: address`): unused, repeated, missing."""

import re
from collections.abc import Iterator

from kb.article.markdown import Definition
from kb.article.problem import Problem
from kb.article.reading import Draft

_USE = re.compile(r"(?<![\\!\]\w])!?\[([^\[\]\n]{1,200})\]\[([^\[\]\n]{1,200})\]")
_LABEL = re.compile(r"\[(.*?)\]:")


def reference_faults(draft: Draft) -> Iterator[Problem]:
    """Unused and repeated definitions, and uses of a label that nothing defines."""
    for definition in draft.definitions:
        if definition.repeated:
            yield _fault(draft, definition, "reference-repeated", "is defined before; this one is ignored", "keep one")
        elif definition.label not in draft.tree.labels:
            yield _fault(draft, definition, "reference-unused", "is used by nothing", "take it out, or use it")
    if not draft.metadata.content_is_html:
        yield from _undefined(draft)


def _fault(draft: Draft, definition: Definition, code: str, what: str, mend: str) -> Problem:
    text = draft.lines[definition.line] if definition.line < len(draft.lines) else ""
    label = _LABEL.search(text)
    shown = f"[{label[1]}]" if label else f"[{definition.label.lower()}]"
    line, column = draft.body_line + definition.line + 1, (label.start() if label else 0) + 1
    return Problem(draft.path, line, column, code, "warning", f"{shown} {what}", mend)


def _undefined(draft: Draft) -> Iterator[Problem]:
    """A use that is still text was not understood: nothing defines its label."""
    defined = {definition.label for definition in draft.definitions}
    for number, line in draft.prose():
        for match in _USE.finditer(line):
            if " ".join(match[2].split()).upper() not in defined:
                message = f"nothing defines [{match[2]}]"
                place = (draft.path, number, match.start() + 1)
                yield Problem(*place, "reference-undefined", "error", message, f"add a line [{match[2]}]: address")
