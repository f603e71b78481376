"""The texts of an article's next edition: the article with another date, a side file that maps every step as same."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import yaml

from kb.article.edition import Edition
from kb.article.front_matter import FrontMatter, split
from kb.article.metadata import read_metadata
from kb.article.scaffold import in_style
from kb.article.side_file_yaml import PlacedData, read_placed
from kb.article.source import source_of
from kb.article.step import Procedure, Step
from kb.article.step_ids import normalised
from kb.errors import UsageError

_LINE_END = re.compile(r"(\r\n|\r|\n)")
_VALUE = re.compile(r"""^([ \t]*["']?date["']?[ \t]*[:=][ \t]*["']?)([^"',}\r\n#]*?)([ \t]*(?:["',}#].*)?)$""")
_IN_LINE = re.compile(r"""(["']date["'][ \t]*:[ \t]*["'])([^"']*)(["'])""")
_ID = re.compile(r"[a-z][a-z0-9-]{0,63}")
_OPENING = 6  # words of a step that a side file repeats


def dated(data: bytes, path: str, day: date) -> bytes:
    """The same file with this date in its front matter; every other byte stays. Raises UsageError."""
    source, _ = source_of(path, data)
    front = split(source)
    parts = _LINE_END.split(data.decode("utf-8"))
    last = source.text.count("\n", 0, front.body_start)
    for place in reversed(range(0, 2 * last + 1, 2)):
        for pattern in (_VALUE, _IN_LINE):
            changed = pattern.sub(lambda match: match[1] + in_style(day, match[2]) + match[3], parts[place])
            if changed == parts[place]:
                continue
            answer = "".join([*parts[:place], changed, *parts[place + 1 :]]).encode()
            if _says(answer, path, day, front):
                return answer
    raise UsageError(
        f"The date of {path} could not be changed. Write it on a line of its own, as {day}, and try again."
    )


def _says(data: bytes, path: str, day: date, before: FrontMatter) -> bool:
    """Whether this text has the date, and all else in its front matter as before."""
    source, _ = source_of(path, data)
    front = split(source)
    others = [{key: value for key, value in one.data.items() if key != "date"} for one in (before, front)]
    return read_metadata(source, front).date == day and others[0] == others[1]


def side_text(edition: Edition, before: str, path: str) -> str:
    """The side file of the edition that follows this one. `before`: the side file of this one, "" if it has none.

    Answers "" if there are no steps to map. Comments stay, unless steps without an id had to be named between them.
    Raises UsageError, which names `path`, if the side file is not sound.
    """
    placed = read_placed(before, path) if before.strip() else PlacedData({"procedures": []})
    if placed.problems or not _is_sound(placed.data):
        raise UsageError(f"{path} cannot be understood. Run kb check and mend it first. Nothing was changed.")
    wanted = {"procedures": list(_entries(edition, placed.data["procedures"]))}
    if not wanted["procedures"]:
        return ""
    kept = _with_changes(before, placed, wanted["procedures"])
    if read_placed(kept, edition.path).data == wanted:
        return kept
    head = "".join(re.findall(r"\A(?:[ \t]*#.*\n)*", before))
    return head + yaml.safe_dump(wanted, sort_keys=False, allow_unicode=True, width=100)


def _is_sound(data: Any) -> bool:
    """Whether this is a side file at all; whether it fits the text is asked procedure by procedure."""
    entries = data.get("procedures") if isinstance(data, dict) else None
    return isinstance(entries, list) and all(
        isinstance(entry, dict)
        and isinstance(entry.get("heading"), str)
        and isinstance(entry.get("steps"), list)
        and all(isinstance(step, dict) and {"step", "id"} <= step.keys() for step in entry["steps"])
        for entry in entries
    )


def _entries(edition: Edition, known: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What the new side file says of each procedure: as before, with all steps named and mapped."""
    taken = {step["id"] for entry in known for step in entry["steps"]}
    written = {normalised(entry["heading"]) for entry in known}
    by_heading = {normalised(one.heading): one for one in reversed(edition.procedures)}
    for entry in known:
        procedure = by_heading.get(normalised(entry["heading"]))
        if procedure is None or procedure.side is None:
            raise UsageError(f"The side file of {edition.path} does not fit its text. Run kb check and mend it first.")
        yield _entry(entry, procedure, edition, taken)
    for heading, procedure in reversed(by_heading.items()):
        if heading not in written and any(step.text for step in procedure.steps):
            yield _entry({"heading": procedure.heading, "steps": []}, procedure, edition, taken)


def _entry(entry: dict[str, Any], procedure: Procedure, edition: Edition, taken: set[str]) -> dict[str, Any]:
    steps = list(entry["steps"])
    named = {step["step"] for step in steps}
    for place, step in enumerate(procedure.steps, start=1):
        if place not in named and step.text:
            steps.append({"step": place, "starts": " ".join(step.text.split()[:_OPENING]), "id": _name(step, taken)})
            taken.add(steps[-1]["id"])
    steps.sort(key=lambda step: int(step["step"]))
    same = {step["id"]: {"was": [step["id"]], "how": "same"} for step in steps}
    changes = {"since": str(edition.date), "weight": "wording", "steps": same}
    return {**{key: value for key, value in entry.items() if key != "changes"}, "steps": steps, "changes": changes}


def _name(step: Step, taken: set[str]) -> str:
    """The id that the step has already; if a side file cannot hold it, its opening words."""
    words = "-".join(re.findall(r"[a-z0-9]+", step.text.lower())[:_OPENING])
    name = wanted = (
        step.id if _ID.fullmatch(step.id) else (words if words[:1].isalpha() else f"step-{words}")[:56].strip("-")
    )
    number = 1
    while name in taken:
        number += 1
        name = f"{wanted}-{number}"
    return name


def _with_changes(before: str, placed: PlacedData, wanted: Sequence[dict[str, Any]]) -> str:
    """The text of the side file with every `changes` replaced, and further procedures at its end."""
    lines = before.replace("\r\n", "\n").rstrip().split("\n") if before.strip() else ["procedures:"]
    known = placed.data["procedures"]
    starts = [placed.place(("procedures", place))[0] - 1 for place in range(len(known))]
    for place in reversed(range(len(known))):
        end = starts[place + 1] if place + 1 < len(known) else len(lines)
        indent = placed.key_place(("procedures", place, "heading"))[1] - 1
        part = lines[starts[place] : end]
        if "changes" in known[place]:
            first = placed.key_place(("procedures", place, "changes"))[0] - 1 - starts[place]
            part = [*part[:first], *_behind(part[first + 1 :], indent)]
        lines[starts[place] : end] = [*_stripped(part), *_changes_lines(wanted[place]["changes"], indent)]
    dash = placed.place(("procedures", 0))[1] - 3 if known else 2
    for entry in wanted[len(known) :]:
        lines += _new_lines(entry, max(dash, 0))
    return "\n".join(lines) + "\n"


def _behind(lines: list[str], indent: int) -> list[str]:
    """What follows a block whose key stands at this indentation."""
    for place, line in enumerate(lines):
        if line.strip() and len(line) - len(line.lstrip()) <= indent:
            return lines[place:]
    return []


def _stripped(lines: list[str]) -> list[str]:
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return lines


def _changes_lines(changes: dict[str, Any], indent: int) -> Iterator[str]:
    blanks = " " * indent
    yield f"{blanks}changes:"
    yield f"{blanks}  since: {changes['since']}"
    yield f"{blanks}  weight: {changes['weight']}  # or content, danger: what the change asks of a reader"
    yield f"{blanks}  steps:  # how: same, reworded, moved, merged, split, method-changed or new"
    for name in changes["steps"]:
        yield f"{blanks}    {_scalar(name)}: {{was: [{_scalar(name)}], how: same}}"


def _new_lines(entry: dict[str, Any], dash: int) -> Iterator[str]:
    blanks = " " * (dash + 2)
    yield f"{' ' * dash}- heading: {_scalar(entry['heading'])}"
    yield f"{blanks}steps:"
    for step in entry["steps"]:
        yield f"{blanks}  - step: {step['step']}"
        yield f"{blanks}    starts: {_scalar(step['starts'])}"
        yield f"{blanks}    id: {_scalar(step['id'])}"
    yield from _changes_lines(entry["changes"], dash + 2)


def _scalar(text: str) -> str:
    """The text as YAML holds it on one line."""
    return yaml.safe_dump([text], allow_unicode=True, default_flow_style=True, width=10_000).strip()[1:-1]
