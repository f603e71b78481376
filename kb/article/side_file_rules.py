"""What a side file must keep to beyond its JSON Schema: ids and numbers are unique, changes name steps that exist."""

from collections.abc import Iterator
from datetime import date
from difflib import get_close_matches
from typing import Any

from kb.article.problem import Problem
from kb.article.side_file_yaml import PlacedData, Trail

Fault = tuple[Trail, str, str, str]  # where, code, message, mend


def broken_rules(placed: PlacedData, path: str) -> list[Problem]:
    """The rules that data which fits the schema breaks, each with its place."""
    found = [fault for rule in RULES for fault in rule(placed.data["procedures"])]
    return [Problem(path, *placed.place(trail), code, "error", message, mend) for trail, code, message, mend in found]


def did_you_mean(word: str, known: list[str]) -> str:
    """A question that names the nearest known word, or an empty text."""
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    return f"Did you mean `{near[0]}`? " if near else ""


def one_procedure_for_each_heading(procedures: list[dict[str, Any]]) -> Iterator[Fault]:
    """Two procedures with one heading could not be told apart."""
    trails: list[Trail] = [("procedures", index, "heading") for index in range(len(procedures))]
    yield from _duplicates([procedure["heading"] for procedure in procedures], trails, "heading")


def ids_are_unique(procedures: list[dict[str, Any]]) -> Iterator[Fault]:
    """Step ids belong to the article, all others to their list."""
    everywhere = [
        (step["id"], ("procedures", index, "steps", at, "id"))
        for index, procedure in enumerate(procedures)
        for at, step in enumerate(procedure["steps"])
    ]
    yield from _duplicates([name for name, _ in everywhere], [trail for _, trail in everywhere], "step id")
    for index, procedure in enumerate(procedures):
        for part in ("prerequisites", "questions", "afterwards"):
            items = procedure.get(part, [])
            trails: list[Trail] = [("procedures", index, part, at, "id") for at in range(len(items))]
            yield from _duplicates([item["id"] for item in items], trails, "id")


def numbers_are_unique(procedures: list[dict[str, Any]]) -> Iterator[Fault]:
    """Each step of the text is named once."""
    for index, procedure in enumerate(procedures):
        trails: list[Trail] = [("procedures", index, "steps", at, "step") for at in range(len(procedure["steps"]))]
        yield from _duplicates([step["step"] for step in procedure["steps"]], trails, "step number")


def _duplicates(values: list[Any], trails: list[Trail], what: str) -> Iterator[Fault]:
    seen = set()
    for value, trail in zip(values, trails, strict=True):
        if value in seen:
            yield trail, "side-file-duplicate-id", f"the {what} `{value}` is here twice.", "Give each its own."
        seen.add(value)


def waiting_is_not_doing(procedures: list[dict[str, Any]]) -> Iterator[Fault]:
    """Where the reader waits for somebody else, there is nothing to do, to pass or to regret."""
    for index, procedure in enumerate(procedures):
        for at, step in enumerate(procedure["steps"]):
            own = ("action", "prepares", "gate", "irreversible", "order", "after")
            both = [key for key in own if step.get(key) and "waits" in step]
            for key in both:
                message = f"a step that `waits` cannot have `{key}`: it is not the reader's own."
                trail = ("procedures", index, "steps", at, key)
                yield trail, "side-file-invalid", message, f"Remove `{key}` or `waits`."


def first_steps_come_first(procedures: list[dict[str, Any]]) -> Iterator[Fault]:
    """What a step comes after is an earlier step that the reader can do: no circle, no waiting for ever."""
    for index, procedure in enumerate(procedures):
        by_id = {step["id"]: step for step in procedure["steps"]}
        for at, step in enumerate(procedure["steps"]):
            for place, name in enumerate(step.get("after", [])):
                trail = ("procedures", index, "steps", at, "after", place)
                first = by_id.get(name)
                if first is None:
                    mend = f"{did_you_mean(name, list(by_id))}Known here: {', '.join(by_id)}."
                    yield trail, "side-file-unknown-step", f"no step of this procedure has the id `{name}`.", mend
                elif first["step"] >= step["step"]:
                    message = f"step {step['step']} cannot come after step {first['step']}, `{name}`."
                    yield trail, "side-file-invalid", message, "Name earlier steps only."
                elif "waits" in first:
                    message = f"`{name}` waits for somebody else; the reader could never go on."
                    yield trail, "side-file-invalid", message, "Name steps that the reader does."


def since_is_a_date(procedures: list[dict[str, Any]]) -> Iterator[Fault]:
    """The schema sees only digits and hyphens."""
    for index, procedure in enumerate(procedures):
        since = procedure.get("changes", {}).get("since", "2000-01-01")
        try:
            date.fromisoformat(since)
        except ValueError:
            trail = ("procedures", index, "changes", "since")
            yield trail, "side-file-invalid", f"`{since}` is not a day of the calendar.", "Write 2015-11-04."


def changes_name_steps_of_this_edition(procedures: list[dict[str, Any]]) -> Iterator[Fault]:
    """A change of a step that is not there would be lost."""
    for index, procedure in enumerate(procedures):
        known = [step["id"] for step in procedure["steps"]]
        for name in procedure.get("changes", {}).get("steps", {}):
            if name not in known:
                mend = f"{did_you_mean(name, known)}Known here: {', '.join(known)}."
                trail = ("procedures", index, "changes", "steps", name)
                yield trail, "side-file-unknown-step", f"no step of this procedure has the id `{name}`.", mend


def changes_say_where_from(procedures: list[dict[str, Any]]) -> Iterator[Fault]:
    """What is new comes from nowhere, merged from two or more, all others from one."""
    for index, procedure in enumerate(procedures):
        for name, change in procedure.get("changes", {}).get("steps", {}).items():
            trail = ("procedures", index, "changes", "steps", name)
            how, count = change["how"], len(change.get("was", []))
            if how == "new" and count:
                yield trail, "side-file-invalid", f"`{name}` is new, so it was nothing before.", "Remove `was`."
            elif how == "merged" and count < 2:
                mend = "Name them: was: [one, other]."
                yield trail, "side-file-invalid", f"`{name}` is merged from two or more steps.", mend
            elif how not in ("new", "merged") and count != 1:
                mend = "Name it: was: [old-id]."
                yield trail, "side-file-invalid", f"`{name}` ({how}) comes from exactly one step.", mend


def old_steps_go_one_way(procedures: list[dict[str, Any]]) -> Iterator[Fault]:
    """A step of the edition before becomes one step, or several by a split, or is gone."""
    for index, procedure in enumerate(procedures):
        changes = procedure.get("changes", {})
        taken: dict[str, str] = {}
        for name, change in changes.get("steps", {}).items():
            trail = ("procedures", index, "changes", "steps", name)
            for old in change.get("was", []):
                if old in taken and not change["how"] == taken[old] == "split":
                    mend = "If it became several steps, write how: split for each."
                    yield trail, "side-file-invalid", f"the old step `{old}` is claimed twice.", mend
                taken.setdefault(old, change["how"])
        for old in changes.get("gone", {}):
            if old in taken:
                trail = ("procedures", index, "changes", "gone", old)
                message = f"the old step `{old}` is gone here, but lives on in a step above."
                yield trail, "side-file-invalid", message, "Remove it from `gone` or from `was`."


RULES = (
    one_procedure_for_each_heading,
    ids_are_unique,
    numbers_are_unique,
    waiting_is_not_doing,
    first_steps_come_first,
    since_is_a_date,
    changes_name_steps_of_this_edition,
    changes_say_where_from,
    old_steps_go_one_way,
)
