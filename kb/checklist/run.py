"""One reader's pass through a checklist: decides which events may be added. The store adds them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from kb.checklist.check import Question
from kb.checklist.event import Draft
from kb.checklist.progress import Progress, StepProgress
from kb.errors import NotFound, Refused

ALIAS = re.compile(r"[A-Za-z0-9]{2,20}")
Questions = Callable[[str], tuple[Question, ...]]  # step id -> the questions that its check asks


def decide(progress: Progress, draft: Draft, questions: Questions) -> Draft | None:
    """The event to add for what a reader did, or None if nothing changes. Raises Refused, NotFound."""
    rule = _RULES.get(draft.kind)
    if rule is None:
        raise Refused(f"“{draft.kind}” is nothing that a reader can do here.")
    return rule(progress, draft, questions)


def link(progress: Progress, draft: Draft) -> Draft | None:
    """Link the run to the account that signed in; a run belongs to one account only. Raises Refused."""
    alias = draft.body["account"]
    if progress.account and progress.account != alias:
        raise Refused(
            f"This checklist belongs to the account {progress.account}; you are signed in to {alias}. "
            "Start another checklist for this account."
        )
    return None if progress.account else draft


def _tick(progress: Progress, draft: Draft, _questions: Questions) -> Draft | None:
    item = _own_step(progress, draft)
    if item.step.irreversible:
        raise Refused("This step cannot be undone: type the account alias and confirm it instead of ticking it.")
    if progress.blocks:
        raise Refused(progress.blocks[0].text)
    return None if item.marks.ticked else draft


def _untick(progress: Progress, draft: Draft, _questions: Questions) -> Draft | None:
    return draft if _own_step(progress, draft).ticked else None


def _answer(progress: Progress, draft: Draft, questions: Questions) -> Draft | None:
    name, answer = draft.body.get("question"), draft.body.get("answer")
    if draft.step:
        _own_step(progress, draft)
        known, allowed = {item.id for item in questions(draft.step)}, ("nothing", "something")
    else:
        known, allowed = {item.id for item in progress.checklist.questions}, ("no", "yes")
    if name not in known:
        raise NotFound(f"This checklist has no question “{name}”.")
    if answer not in allowed:
        raise Refused(f"Choose one of the answers: {' or '.join(allowed)}.")
    marks = progress.marks.get(draft.step)
    return None if marks and marks.answers.get(name) == answer else draft


def _word(progress: Progress, draft: Draft, _questions: Questions) -> Draft | None:
    item = _own_step(progress, draft)
    said = draft.body.get("said")
    if said not in ("done", "left"):
        raise Refused("Choose what you did: everything is deleted, or something is left.")
    if item.may_say or (item.marks.word and not item.blocks):
        return draft
    if item.blocks:
        raise Refused(_sentence(next(block.text for block in item.blocks if not block.word)))
    raise Refused("Nothing is in the way of this step; no choice is needed.")


def _reveal(progress: Progress, draft: Draft, _questions: Questions) -> Draft | None:
    item = _own_step(progress, draft)
    _refuse_blocked(item)
    return None if item.marks.revealed else draft


def _request(progress: Progress, draft: Draft, _questions: Questions) -> Draft | None:
    item = _own_step(progress, draft)
    if not item.step.irreversible:
        raise Refused("This step is ticked, not confirmed with the account alias.")
    if item.marks.requested:
        return None
    _refuse_blocked(item)
    alias = str(draft.body.get("alias", "")).strip().upper()
    if not ALIAS.fullmatch(alias):
        raise Refused("Type the account alias to confirm: the letters and digits that name your account.")
    known = progress.alias or progress.account
    if known and alias != known.upper():
        raise Refused(f"“{alias}” is not the alias of this account. Type {known} to confirm.")
    return replace(draft, body={"alias": alias, **_basis(progress, item)})


def _basis(progress: Progress, item: StepProgress) -> Mapping[str, Any]:
    """What the gates rested on when the irreversible step was done."""
    gates = progress.checklist.gates_before(item.step)
    if not gates:
        return {"basis": "none", "basis_at": None}
    stands = [progress.step(gate.id) for gate in gates]
    if all(stand and stand.status.code == "done-seen" for stand in stands):
        times = [stand.marks.checked.at for stand in stands if stand and stand.marks.checked]
        return {"basis": "checked", "basis_at": max(times).isoformat()}
    word = item.marks.word
    if word is None:
        return {"basis": "none", "basis_at": None}
    return {"basis": f"said-{word.body['said']}", "basis_at": word.at.isoformat()}


def _own_step(progress: Progress, draft: Draft) -> StepProgress:
    item = progress.step(draft.step)
    if item is None:
        raise NotFound(f"This checklist has no step “{draft.step}”. Reload the page to see its steps.")
    if item.step.waits:
        raise Refused(f"This step is not yours to do: it waits {item.step.waits}.")
    return item


def _refuse_blocked(item: StepProgress) -> None:
    if item.blocks:
        raise Refused(f"Cannot start yet: {_sentence(item.blocks[0].text)}")


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?")) else f"{text}."


_RULES: Mapping[str, Callable[[Progress, Draft, Questions], Draft | None]] = {
    "tick": _tick,
    "untick": _untick,
    "answer": _answer,
    "word": _word,
    "reveal": _reveal,
    "request": _request,
}
