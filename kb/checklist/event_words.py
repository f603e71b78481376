"""What an event says, as a sentence for people who read the record of a run."""

from collections.abc import Callable, Mapping
from typing import Any

from kb.checklist.event import Event
from kb.words import counted, sentences, words

Body = Mapping[str, Any]
SAID = {
    "done": words("everything is done"),
    "left": words("something is left"),
    "anyway": words("it goes on anyway"),
}
OUTCOMES = {
    "passed": words("Checked: it is done."),
    "failed": words("Checked: something is left."),
    "unknown": words("Checked: not known."),
}
STATES = {
    "running": words("The request was taken, it goes on."),
    "done": words("The request was carried out."),
    "refused": words("The request was refused."),
    "unknown": words("It is not known what came of the request."),
}
ERASED = words("What was said here was erased.")


def in_words(event: Event, *, erased: bool = False) -> str:
    """One or two sentences. An event of a later kb is told by its kind."""
    if erased:
        return ERASED
    say = _WORDS.get(event.kind)
    return say(event.body) if say else words("Something that this kb does not know: {kind}.", kind=event.kind)


def _text(body: Body, name: str) -> str:
    return str(body.get(name) or "")


def _reason(sentence: str, body: Body) -> str:
    return sentences(sentence, _text(body, "reason"))


def _moved(body: Body) -> str:
    edition = _text(body, "edition")
    if edition:
        return words("The checklist follows the edition of {edition} from here on.", edition=edition)
    return words("The checklist follows another revision from here on.")


def _merged(body: Body) -> str:
    if "into" in body:
        return words("What was done here was taken over into another checklist of the same reader.")
    return words("What the same reader did in another checklist was taken over.")


def _verdict(body: Body) -> str:
    if not body.get("reached", True):
        return sentences(words("It could not be checked."), _text(body, "message"))
    return sentences(OUTCOMES.get(_text(body, "outcome"), ""), _text(body, "message"))


def _outcome(body: Body) -> str:
    return sentences(f"{_text(body, 'target')}:", STATES.get(_text(body, "state"), ""), _text(body, "message"))


def _note(body: Body) -> str:
    note = _text(body, "text")
    return words("Noted: {text}", text=note) if note else words("Removed the note.")


def _confirmed(body: Body) -> str:
    number = len(body.get("targets", ()))
    return counted("Confirmed an action on {number} thing.", "Confirmed an action on {number} things.", number)


def _answer(body: Body) -> str:
    return words("Answered {question}: {answer}", question=_text(body, "question"), answer=_text(body, "answer"))


_WORDS: Mapping[str, Callable[[Body], str]] = {
    "started": lambda _body: words("Started the checklist."),
    "linked": lambda body: words("Linked it to the account {account}.", account=_text(body, "account")),
    "tick": lambda _body: words("Said that it is done."),
    "untick": lambda _body: words("Took that back."),
    "not-needed": lambda body: words("Said that it is not needed: {reason}", reason=_text(body, "reason")),
    "needed": lambda _body: words("Said that it is needed after all."),
    "note": _note,
    "answer": _answer,
    "word": lambda body: words("Went on without proof and said: {said}.", said=SAID.get(_text(body, "said"), "")),
    "reveal": lambda _body: words("Confirmed the warning."),
    "request": lambda body: words("Confirmed that it was done, for the account {alias}.", alias=_text(body, "alias")),
    "named": lambda body: words("Named the checklist “{name}”.", name=_text(body, "name")),
    "abandoned": lambda body: _reason(words("Gave the checklist up."), body),
    "reopened": lambda _body: words("Took it up again."),
    "restarted": lambda _body: words("Started another checklist in its place."),
    "verdict": _verdict,
    "confirmed": _confirmed,
    "sending": lambda body: words("The request for {target} is about to be sent.", target=_text(body, "target")),
    "outcome": _outcome,
    "moved": _moved,
    "merged": _merged,
    "purged": lambda body: _reason(words("What was recorded before was erased."), body),
}  # fmt: skip
