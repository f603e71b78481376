"""The checks that a side file may name."""

from collections.abc import Mapping

from kb.account.account import Account
from kb.account.has_role import HasRole
from kb.account.no_billed_services import NoBilledServices
from kb.account.services_listed import ServicesListed
from kb.checklist.check import Check

CHECKS: Mapping[str, Check[Account]] = {
    "account.has_role": HasRole(),
    "account.services_listed": ServicesListed(),
    "account.no_billed_services": NoBilledServices(),
}
