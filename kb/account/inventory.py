"""Everything that an account is billed for, searched in all its data centres at once."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from kb.account.account import Account
from kb.account.backups import find_backups
from kb.account.client import Client
from kb.account.databases import find_databases
from kb.account.exemption import Owner, doubt_networks, settle_by_answers
from kb.account.kind import BACKUP, DATABASE, KINDS, LOAD_BALANCER, NETWORK, SHARED_LOAD_BALANCER, VPN, Kind
from kb.account.load_balancers import NOT_OFFERED, find_load_balancers, find_shared_load_balancers
from kb.account.networks import find_networks
from kb.account.resource import Found, Resource
from kb.account.servers import LOOKED_FOR as SERVERS_AND_MORE
from kb.account.servers import find_servers
from kb.account.vpns import find_vpns
from kb.checklist.check import Searched
from kb.errors import AccountError, Forbidden, SignedOut
from kb.words import words

AT_ONCE = 8  # requests
NOT_ALLOWED = words("Your user may not see it.")
UNCONFIGURED = words("This site does not know where to ask for it.")


@dataclass(frozen=True, slots=True)
class Inventory:
    """What one search found. `unconfigured` are kinds that were not searched because no base is set for them."""

    resources: tuple[Resource, ...]
    searched: tuple[Searched, ...]
    unconfigured: tuple[Kind, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether everything that this site can search was seen."""
        unasked = {kind.name for kind in self.unconfigured}
        return all(item.complete or item.kind in unasked for item in self.searched)

    def in_state(self, state: str) -> tuple[Resource, ...]:
        """The resources that are `left`, `ignored` or `unsure`."""
        return tuple(item for item in self.resources if item.state == state)


@dataclass(frozen=True, slots=True)
class _Look:
    kinds: tuple[Kind, ...]
    place: str  # "" for the whole account
    find: Callable[[], Found]


def take_inventory(
    account: Account, today: date, kinds: Iterable[Kind] = KINDS, answers: Mapping[str, str] | None = None
) -> Inventory:
    """Search these kinds everywhere, within the time for one check.

    A place that cannot be searched makes that kind there incomplete and nothing else. Raises SignedOut, and
    AccountError when not even the data centres can be listed.
    """
    client = account.client.within()
    centres = _data_centres(client, account.alias)
    owner = Owner(account.alias, _primary(client, account))
    wanted = tuple(kinds)
    looks = [*_looks_at_places(client, owner, centres), *_looks_at_account(client, owner.alias, today)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = list(pool.map(partial(_take, client), [look for look in looks if set(look.kinds) & set(wanted)]))
    unconfigured = tuple(kind for kind in wanted if not client.has(kind.base))
    return _inventory(owner, _without_unoffered(found), wanted, unconfigured, answers or {})


def _data_centres(client: Client, alias: str) -> list[Mapping[str, Any]]:
    listed = client.read_list(f"/v2/datacenters/{alias}?groupLinks=true")
    if not listed:
        raise AccountError(words("The account API lists no data centres for this account."))
    return listed


def _primary(client: Client, account: Account) -> str:
    """The account's primary data centre; the login names the user's default, which is nearly always the same."""
    try:
        data = client.read(f"/v2/accounts/{account.alias}") or {}
    except SignedOut:
        raise
    except AccountError:
        data = {}
    return str(data.get("primaryDataCenter") or account.primary_data_centre).upper()


def _looks_at_places(client: Client, owner: Owner, centres: Iterable[Mapping[str, Any]]) -> Iterator[_Look]:
    for centre in centres:
        place = str(centre["id"]).upper()
        yield _Look(SERVERS_AND_MORE, place, partial(_find_servers, client, owner, place, centre))
        yield _Look((NETWORK,), place, partial(find_networks, client, owner, place))
        shared = partial(find_shared_load_balancers, client, owner.alias, place)
        yield _Look((SHARED_LOAD_BALANCER,), place, shared)
        yield _Look((LOAD_BALANCER,), place, partial(find_load_balancers, client, owner.alias, place))


def _looks_at_account(client: Client, alias: str, today: date) -> Iterator[_Look]:
    yield _Look((VPN,), "", partial(find_vpns, client, alias))
    yield _Look((DATABASE,), "", partial(find_databases, client, alias))
    yield _Look((BACKUP,), "", partial(find_backups, client, alias, today))


def _find_servers(client: Client, owner: Owner, place: str, centre: Mapping[str, Any]) -> Found:
    root = _root(centre) or _root(client.must_read(f"/v2/datacenters/{owner.alias}/{place}?groupLinks=true"))
    if not root:
        raise AccountError(words("The account API does not name the group of this data centre."))
    return find_servers(client, owner, place, root)


def _root(centre: Mapping[str, Any]) -> str:
    """Href of the group at the top of a data centre, "" if it is not linked."""
    return next((str(link["href"]) for link in centre.get("links") or [] if link.get("rel") == "group"), "")


def _take(client: Client, look: _Look) -> Found:
    """One look; what goes wrong is part of the answer. Raises SignedOut only."""
    if not all(client.has(kind.base) for kind in look.kinds):
        return Found(look.kinds, look.place, missing=UNCONFIGURED)
    try:
        return look.find()
    except SignedOut:
        raise
    except Forbidden:
        return Found(look.kinds, look.place, missing=NOT_ALLOWED)
    except AccountError as error:
        return Found(look.kinds, look.place, missing=str(error))
    except (LookupError, TypeError, ValueError, AttributeError):
        return Found(look.kinds, look.place, missing=words("The account API's answer could not be understood."))


def _without_unoffered(found: list[Found]) -> list[Found]:
    """A service that answers in some data centres and is not known in others is not offered there: nothing is missed.

    Where it answers nowhere, its address is probably wrong, and nothing was searched.
    """
    answered = {look.kinds for look in found if not look.missing}
    return [
        replace(look, missing="") if look.missing == NOT_OFFERED and look.kinds in answered else look for look in found
    ]


def _inventory(
    owner: Owner,
    found: list[Found],
    wanted: tuple[Kind, ...],
    unconfigured: tuple[Kind, ...],
    answers: Mapping[str, str],
) -> Inventory:
    resources = {item.id: item for look in reversed(found) for item in look.resources}
    judged = settle_by_answers(doubt_networks(owner, resources.values()), answers)
    kept = sorted((item for item in judged if item.kind in wanted), key=_order)
    searched = tuple(
        Searched(kind.name, look.place, complete=not look.missing, note=look.missing)
        for look in found
        for kind in look.kinds
        if kind in wanted
    )
    return Inventory(tuple(kept), searched, unconfigured)


def _order(item: Resource) -> tuple[str, int, str]:
    return item.place, KINDS.index(item.kind), item.name
