"""One reader's pass through a checklist: decides which events may be added. The store adds them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from kb.checklist.check import Question
from kb.checklist.event import Draft
from kb.checklist.progress import Progress, StepProgress
from kb.errors import NotFound, Refused
from kb.words import sentence, words

ALIAS = re.compile(r"[A-Za-z0-9]{2,20}")
Questions = Callable[[str], tuple[Question, ...]]  # step id -> the questions that its check asks


def decide(progress: Progress, draft: Draft, questions: Questions) -> Draft | None:
    """The event to add for what a reader did, or None if nothing changes. Raises Refused, NotFound."""
    rule = RULES.get(draft.kind)
    if rule is None:
        raise Refused(words("“{kind}” is nothing that a reader can do here.", kind=draft.kind))
    if draft.kind != "reopened":
        refuse_closed(progress)
    return rule(progress, draft, questions)


def refuse_closed(progress: Progress) -> None:
    """Raise Refused if the run can only be read."""
    if not progress.closed:
        return
    if progress.state == "abandoned":
        raise Refused(words("You abandoned this checklist, so it can only be read. Take it up again to change it."))
    if progress.state == "restarted":
        raise Refused(words("You started this checklist again, so this one can only be read. Go on in the new one."))
    if progress.state == "merged":
        raise Refused(
            words("This checklist is part of your account's now, so this one can only be read. Go on in that one.")
        )


def link(progress: Progress, draft: Draft) -> Draft | None:
    """Link the run to the account that signed in; a run belongs to one account only. Raises Refused."""
    alias = draft.body["account"]
    if progress.state == "merged":
        refuse_closed(progress)
    confirmed = {item.marks.requested.body["alias"] for item in progress.steps if item.marks.requested}
    if not progress.account and confirmed - {alias.upper()}:
        raise Refused(
            words(
                "In this checklist you confirmed a step for another account than {alias}, so it is not "
                "added to it. Start another checklist for this account.",
                alias=alias,
            )
        )
    if progress.account and progress.account != alias:
        raise Refused(
            words(
                "This checklist belongs to the account {account}; you are signed in to {alias}. Start "
                "another checklist for this account.",
                account=progress.account,
                alias=alias,
            )
        )
    return None if progress.account else draft


def _tick(progress: Progress, draft: Draft, _questions: Questions) -> Draft | None:
    item = _own_step(progress, draft)
    if item.step.irreversible:
        raise Refused(words("This step cannot be undone: type the account alias and confirm it instead of ticking it."))
    if item.marks.ticked and not item.marks.again:
        return None
    _refuse_blocked(item)
    return draft


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
        raise NotFound(words("This checklist has no question “{name}”.", name=name))
    if answer not in allowed:
        raise Refused(words("Choose one of the answers: {allowed}.", allowed=" or ".join(allowed)))
    marks = progress.marks.get(draft.step)
    return None if marks and marks.answers.get(name) == answer else draft


def _word(progress: Progress, draft: Draft, _questions: Questions) -> Draft | None:
    item = _own_step(progress, draft)
    said = draft.body.get("said")
    if said not in choices(item):
        raise Refused(words("Choose how you want to go on: it is done, or something is left."))
    if item.may_say or (item.marks.word and not item.blocks):
        return draft
    if item.blocks:
        raise Refused(sentence(next(block.text for block in item.blocks if not block.word)))
    raise Refused(words("Nothing is in the way of this step; no choice is needed."))


def choices(item: StepProgress) -> tuple[str, ...]:
    """What the reader may say to go on: a soft gate only warns, so there is nothing to claim."""
    open_to_words = [block for block in item.blocks if block.word]
    only_warns = bool(open_to_words) and all(block.soft for block in open_to_words)
    return ("anyway",) if only_warns else ("done", "left")


def _not_needed(progress: Progress, draft: Draft, _questions: Questions) -> Draft | None:
    item = _own_step(progress, draft)
    why = never_needless(item)
    if why:
        raise Refused(why)
    if not draft.body.get("reason"):
        raise Refused(words("Write down why this step is not needed, so that you and others know it later."))
    if progress.blocks:
        raise Refused(progress.blocks[0].text)
    known = item.marks.not_needed
    return None if known and known.body["reason"] == draft.body["reason"] else draft


def never_needless(item: StepProgress) -> str:
    """Why this step can never be left out as not needed, "" if it can."""
    if item.step.waits:
        return words("This step is not yours to leave out: it waits {waits}.", waits=item.step.waits)
    if item.step.gate:
        return words("This step cannot be left out: later steps rest on it, so it must pass its check.")
    if item.step.irreversible:
        return words(
            "This step cannot be left out: the checklist is there for it. You can abandon the checklist instead."
        )
    return ""


def _needed(progress: Progress, draft: Draft, _questions: Questions) -> Draft | None:
    return draft if _own_step(progress, draft).marks.not_needed else None


def _note(progress: Progress, draft: Draft, _questions: Questions) -> Draft | None:
    known = _step(progress, draft).marks.note
    return None if draft.body.get("text", "") == (known.body["text"] if known else "") else draft


def _named(progress: Progress, draft: Draft, _questions: Questions) -> Draft | None:
    return None if draft.body.get("name", "") == progress.life.name else draft


def _abandoned(_progress: Progress, draft: Draft, _questions: Questions) -> Draft | None:
    if not draft.body.get("reason"):
        raise Refused(words("Write down why you abandon this checklist, so that you and others know it later."))
    return draft


def _reopened(progress: Progress, draft: Draft, _questions: Questions) -> Draft | None:
    if progress.state in ("restarted", "merged"):
        refuse_closed(progress)
    return draft if progress.closed else None


def _reveal(progress: Progress, draft: Draft, _questions: Questions) -> Draft | None:
    item = _own_step(progress, draft)
    _refuse_blocked(item)
    return None if item.marks.revealed else draft


def _request(progress: Progress, draft: Draft, _questions: Questions) -> Draft | None:
    item = _own_step(progress, draft)
    if not item.step.irreversible:
        raise Refused(words("This step is ticked, not confirmed with the account alias."))
    if item.marks.requested:
        return None
    _refuse_blocked(item)
    alias = str(draft.body.get("alias", "")).strip().upper()
    if not ALIAS.fullmatch(alias):
        raise Refused(words("Type the account alias to confirm: the letters and digits that name your account."))
    known = progress.alias or progress.account
    if known and alias != known.upper():
        raise Refused(
            words("“{alias}” is not the alias of this account. Type {known} to confirm.", alias=alias, known=known)
        )
    return replace(draft, body={"alias": alias, **_basis(progress, item)})


def _basis(progress: Progress, item: StepProgress) -> Mapping[str, Any]:
    """What the hard gates rested on when the irreversible step was done."""
    gates = [gate for gate in progress.checklist.gates_before(item.step) if gate.gate]
    if not gates:
        return {"basis": "none", "basis_at": None}
    stands = [progress.step(gate.id) for gate in gates]
    if all(stand and stand.status.code == "done-seen" for stand in stands):
        times = [stand.marks.checked.at for stand in stands if stand and stand.marks.checked]
        return {"basis": "checked", "basis_at": max(times).isoformat()}
    word = item.marks.word
    if word is None or word.body["said"] == "anyway":
        return {"basis": "none", "basis_at": None}
    return {"basis": f"said-{word.body['said']}", "basis_at": word.at.isoformat()}


def _step(progress: Progress, draft: Draft) -> StepProgress:
    item = progress.step(draft.step)
    if item is None:
        raise NotFound(words("This checklist has no step “{step}”. Reload the page to see its steps.", step=draft.step))
    return item


def _own_step(progress: Progress, draft: Draft) -> StepProgress:
    item = _step(progress, draft)
    if item.step.waits:
        raise Refused(words("This step is not yours to do: it waits {waits}.", waits=item.step.waits))
    return item


def _refuse_blocked(item: StepProgress) -> None:
    if item.blocks:
        raise Refused(words("Cannot start yet: {sentence}", sentence=sentence(item.blocks[0].text)))


RULES: Mapping[str, Callable[[Progress, Draft, Questions], Draft | None]] = {
    "tick": _tick,
    "untick": _untick,
    "not-needed": _not_needed,
    "needed": _needed,
    "note": _note,
    "named": _named,
    "abandoned": _abandoned,
    "reopened": _reopened,
    "answer": _answer,
    "word": _word,
    "reveal": _reveal,
    "request": _request,
}
