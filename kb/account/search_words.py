"""How a search is put into words: where we could not look."""

from kb.account.inventory import NOT_ALLOWED, Inventory
from kb.account.kind import KINDS, Kind
from kb.account.role import who_can
from kb.words import commas, enumerated, words


def searched_nothing(inventory: Inventory) -> bool:
    """Whether not one place could be searched completely, so that nothing at all is known."""
    return not any(item.complete for item in inventory.searched)


def gaps_in_words(inventory: Inventory) -> str:
    """Where we could not look, in two sentences; "" if we saw everything that this site can search."""
    by_places: dict[str, list[str]] = {}
    for kind in KINDS:
        if kind not in inventory.unconfigured and _gaps(inventory, kind):
            by_places.setdefault(_where(inventory, kind), []).append(kind.plural)
    if not by_places:
        return ""
    gaps = commas((commas([enumerated(kinds), where], "") for where, kinds in by_places.items()), "; ")
    what_to_do = _what_to_do(inventory)
    return words("We could not look everywhere. Not searched: {gaps}. {what_to_do}", gaps=gaps, what_to_do=what_to_do)


def _what_to_do(inventory: Inventory) -> str:
    if any(item.note == NOT_ALLOWED for item in inventory.searched):
        return words("Your user may not see all of it. {who} can.", who=who_can(()))
    return words("Check again in a few minutes.")


def _gaps(inventory: Inventory, kind: Kind) -> list[str]:
    """Places that were not searched completely for it."""
    return [item.place for item in inventory.searched if item.kind == kind.name and not item.complete]


def _where(inventory: Inventory, kind: Kind) -> str:
    """` in UC1 and VA1`; "" when nothing of this kind could be searched."""
    gaps = _gaps(inventory, kind)
    everywhere = len(gaps) == sum(item.kind == kind.name for item in inventory.searched)
    return "" if everywhere else words(" in {places}", places=enumerated(gaps))
