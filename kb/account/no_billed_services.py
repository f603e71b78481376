"""The check that nothing is billed any more: searched completely, empty, and the reader told the rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kb.account.account import Account
from kb.account.inventory import Inventory, take_inventory
from kb.account.kind import KINDS, SIDE_NAMES, Kind, count_in_words
from kb.account.questions import TOPICS, USUAL, about_kind, about_network, asked_about
from kb.account.search_words import gaps_in_words, searched_nothing
from kb.account.unreachable import could_not_take
from kb.checklist.check import Asked, Outcome, Question, Verdict
from kb.errors import AccountError, SignedOut
from kb.words import counted, enumerated, sentences, words


class NoBilledServices:
    """Params: `kinds`, names as in `SIDE_NAMES` (default all), and `asks`, ids of `TOPICS`.

    Without `asks` it asks the usual questions, and none when `kinds` is given.
    """

    def questions(self, params: Mapping[str, Any]) -> tuple[Question, ...]:
        """What no API shows."""
        return asked_about(_asks(params))

    def verdict(self, account: Account, asked: Asked) -> Verdict:
        """Search now. Raises SignedOut only."""
        unknown = unknown_params(asked.params)
        if unknown:
            return Verdict(Outcome.UNKNOWN, "UnknownParameter", unknown, account.alias)
        try:
            inventory = take_inventory(account, asked.now.date(), kinds_of(asked.params), asked.answers)
        except SignedOut:
            raise
        except AccountError as error:
            return could_not_take(account, error)
        if searched_nothing(inventory):
            return could_not_take(account, None, inventory)
        return _judge(account, asked, inventory)


def kinds_of(params: Mapping[str, Any]) -> tuple[Kind, ...]:
    """The kinds that a side file names, in the order of `KINDS`; all of them if it names none."""
    named = params.get("kinds")
    return KINDS if named is None else tuple(kind for kind in KINDS if kind.side_name in named)


def unknown_params(params: Mapping[str, Any]) -> str:
    """A sentence that names a kind or question of the side file which does not exist, "" if all exist."""
    for name, known in (("kinds", SIDE_NAMES), ("asks", TOPICS)):
        wrong = [str(item) for item in params.get(name) or () if item not in known]
        if wrong:
            return f"The side file names {name} that do not exist: {', '.join(wrong)}. Known are: {', '.join(known)}."
    return ""


def _asks(params: Mapping[str, Any]) -> tuple[str, ...]:
    asks = params.get("asks")
    if asks is None:
        return USUAL if params.get("kinds") is None else ()
    return tuple(str(id) for id in asks)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the reader was asked, and what came of it."""

    open: tuple[str, ...]  # ids of questions
    nothing: tuple[str, ...]  # labels
    something: tuple[str, ...]  # labels; networks are not among them, they are found


_ANSWERS = ("nothing", "something")


def _judge(account: Account, asked: Asked, inventory: Inventory) -> Verdict:
    told = _told(inventory, _asks(asked.params), asked.answers)
    outcome, reason, message = _say(inventory, told)
    networks = (about_network(item) for item in inventory.resources if item.asked)
    return Verdict(
        outcome,
        reason,
        message,
        account.alias,
        evidence=tuple(item.as_evidence() for item in inventory.resources),
        searched=inventory.searched,
        told=told.nothing,
        asks=told.open,
        questions=(*networks, *(about_kind(kind) for kind in inventory.unconfigured)),
    )


def _told(inventory: Inventory, asks: tuple[str, ...], answers: Mapping[str, str]) -> _Told:
    labels = {kind.id: kind.plural for kind in inventory.unconfigured} | {id: TOPICS[id].label for id in asks}
    own = tuple(words("network {name}", name=item.name) for item in inventory.in_state("ignored") if item.asked)
    return _Told(
        open=(
            *(item.id for item in inventory.in_state("unsure")),
            *(id for id in labels if answers.get(id) not in _ANSWERS),
        ),
        nothing=own + tuple(label for id, label in labels.items() if answers.get(id) == "nothing"),
        something=tuple(label for id, label in labels.items() if answers.get(id) == "something"),
    )


def _say(inventory: Inventory, told: _Told) -> tuple[Outcome, str, str]:
    left = inventory.in_state("left")
    gaps = gaps_in_words(inventory)
    if left or told.something:
        return Outcome.FAILED, "ServicesLeft", sentences(_left(inventory), _admitted(told), gaps)
    if not inventory.complete:
        return Outcome.UNKNOWN, "SearchIncomplete", words("Nothing billed was found so far. {gaps}", gaps=gaps)
    if told.open:
        return Outcome.UNKNOWN, "ReaderMustTell", _open(inventory, told)
    return Outcome.PASSED, "NothingLeft", words("Nothing is billed any more.")


def _left(inventory: Inventory) -> str:
    left = inventory.in_state("left")
    if not left:
        return ""
    things = count_in_words(item.kind for item in left)
    return counted(
        "{number} service is still billed: {things}.",
        "{number} services are still billed: {things}.",
        len(left),
        things=things,
    )


def _admitted(told: _Told) -> str:
    return words("You told us that there are still {what}.", what=enumerated(told.something)) if told.something else ""


def _open(inventory: Inventory, told: _Told) -> str:
    if inventory.in_state("unsure"):
        return words(
            "Nothing else that is billed was found. Answer the questions about networks and what we cannot see."
        )
    if len(told.open) == 1:
        return words("Nothing billed was found. Answer the question about what we cannot see.")
    return words("Nothing billed was found. Answer the questions about what we cannot see.")
