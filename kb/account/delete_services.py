"""The action that deletes what is still billed: one request for each thing, followed to its end, never repeated."""

from collections.abc import Iterable, Iterator

from kb.account.account import Account
from kb.account.client import Answer
from kb.account.inventory import take_inventory
from kb.account.kind import Kind, kind_of
from kb.account.no_billed_services import kinds_of
from kb.account.operation import REREAD, first_state, follow_operation
from kb.account.removal import removal_of
from kb.account.resource import Resource
from kb.account.role import who_can
from kb.account.still_there import reread
from kb.checklist.check import Asked, Progressed, Target
from kb.errors import AccountError, SignedOut
from kb.words import words

PER_LOOK = 10.0  # seconds that asking about one target may take


class DeleteServices:
    """Params: `kinds` as for the check. Plans only what counts as left, never what is ignored or unsure."""

    label: str = words("Delete what is left")

    def plan(self, account: Account, asked: Asked) -> tuple[Target, ...]:
        """Everything left that can be deleted, searched afresh; networks last. Raises AccountError."""
        kinds = kinds_of(asked.params)
        inventory = take_inventory(account, asked.now.date(), kinds, asked.answers)
        return tuple(_targets(inventory.in_state("left")))

    def carry_out(self, account: Account, target: Target) -> Progressed:
        """Send the one request. Raises SignedOut only."""
        kind = kind_of(target.id)
        if kind is None or not kind.removable:
            return Progressed("refused", words("This site cannot delete a {kind}.", kind=target.kind))
        removal = removal_of(account.alias, target)
        try:
            answer = account.client.change(removal.method, removal.path, kind.base, removal.body)
        except AccountError as error:
            if isinstance(error, SignedOut):
                raise
            return Progressed("refused", str(error))
        return _progressed(account.alias, kind, target, answer)

    def follow(self, account: Account, target: Target, operation: str) -> Progressed:
        """Ask the operation, or look whether the thing is still there. Raises SignedOut only."""
        client = account.client.within(PER_LOOK)
        try:
            if operation in ("", REREAD):
                return reread(client, account.alias, target, asked_for=operation == REREAD)
            return follow_operation(client, operation)
        except SignedOut:
            raise
        except AccountError:
            said = words("We could not ask how far it is. Check again later.")
            return Progressed("running", said, operation) if operation else Progressed("unknown", said)


def _targets(left: Iterable[Resource]) -> Iterator[Target]:
    """A public address goes with its server: it is not planned when the server is."""
    removable = [item for item in left if item.kind.removable and item.removable]
    planned = {item.id for item in removable}
    for item in removable:
        if item.goes_with not in planned:
            yield Target(item.id, item.kind.name, item.name, item.place, _consequence(item), item.kind.phase)


def _consequence(item: Resource) -> str:
    taken = words(" with its {takes}", takes=item.takes) if item.takes else ""
    return words("deleted{taken}; cannot be undone", taken=taken)


def _progressed(alias: str, kind: Kind, target: Target, answer: Answer) -> Progressed:
    if answer.fate == "not sent":
        return Progressed(
            "refused", words("The account API could not be reached, so nothing was sent. Try again later.")
        )
    if answer.fate == "no answer" or answer.status >= 500 or answer.status == 408:
        return Progressed(
            "unknown", words("We do not know whether the request arrived. We look again before anything else.")
        )
    if answer.status == 404:
        return Progressed("done", words("It was already gone."))
    if answer.status == 403:
        return Progressed(
            "refused", words("{who_can} can delete this. Your user may not.", who_can=who_can(kind.deleters))
        )
    if not answer.accepted:
        return Progressed(
            "refused", answer.message or words("The account API refused it ({status}).", status=answer.status)
        )
    return first_state(alias, kind, target, answer.data)
