"""The actions that a side file may name."""

from collections.abc import Mapping

from kb.account.account import Account
from kb.account.delete_services import DeleteServices
from kb.checklist.check import Action

ACTIONS: Mapping[str, Action[Account]] = {"account.delete_services": DeleteServices()}
