"""The check that lists every billed service: it passes when all of them could be seen."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from kb.account.account import Account
from kb.account.inventory import Inventory, take_inventory
from kb.account.kind import count_in_words
from kb.account.resource import dollars
from kb.account.search_words import gaps_in_words, searched_nothing
from kb.account.unreachable import could_not_take
from kb.checklist.check import Asked, Outcome, Question, Verdict
from kb.errors import AccountError, SignedOut
from kb.words import counted, enumerated, sentences, words


class ServicesListed:
    """Takes no params. The evidence of its verdict is the inventory."""

    def questions(self, params: Mapping[str, Any]) -> tuple[Question, ...]:  # noqa: ARG002
        """None: a list may have gaps that it names."""
        return ()

    def verdict(self, account: Account, asked: Asked) -> Verdict:
        """Search now. Raises SignedOut only."""
        try:
            inventory = take_inventory(account, asked.now.date(), answers=asked.answers)
        except SignedOut:
            raise
        except AccountError as error:
            return could_not_take(account, error)
        if searched_nothing(inventory):
            return could_not_take(account, None, inventory)
        return _verdict(account, inventory)


def _verdict(account: Account, inventory: Inventory) -> Verdict:
    complete = inventory.complete and not inventory.unconfigured
    said = [_count(inventory), _cost(inventory), gaps_in_words(inventory), _unconfigured(inventory)]
    return Verdict(
        Outcome.PASSED if complete else Outcome.UNKNOWN,
        "ServicesListed" if complete else "SearchIncomplete",
        sentences(*said),
        account.alias,
        evidence=tuple(item.as_evidence() for item in inventory.resources),
        searched=inventory.searched,
    )


def _count(inventory: Inventory) -> str:
    found = [item for item in inventory.resources if item.state != "ignored"]
    if not found:
        return words("We found no service that is billed.")
    things = count_in_words(item.kind for item in found)
    return counted(
        "We found {number} service: {things}.", "We found {number} services: {things}.", len(found), things=things
    )


def _cost(inventory: Inventory) -> str:
    """The total of a month; what has no known cost is counted, never guessed."""
    counted = [item for item in inventory.resources if item.state != "ignored"]
    known = [item.monthly for item in counted if item.monthly is not None]
    unknown = len(counted) - len(known)
    if not known:
        return ""
    total = dollars(sum(known, Decimal(0)))
    if not unknown:
        return words("Together they cost about {total} a month.", total=total)
    return words(
        "Together they cost about {total} a month, without {unknown} whose cost is not known.",
        total=total,
        unknown=unknown,
    )


def _unconfigured(inventory: Inventory) -> str:
    if not inventory.unconfigured:
        return ""
    what = enumerated((kind.plural for kind in inventory.unconfigured), "or")
    return words("This site cannot look for {what}.", what=what)
