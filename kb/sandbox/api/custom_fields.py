"""Custom fields of servers and groups: the values, with the names that the account gave the fields."""

from collections.abc import Mapping
from typing import Any

from kb.sandbox.api.ask import Ask
from kb.sandbox.errors import Rejected

Field = Mapping[str, Any]


def read(ask: Ask, alias: str, given: Any) -> tuple[Field, ...]:
    """What `[{"id": …, "value": …}]` sets; a field that the account does not know is kept as it is. Raises Rejected."""
    if not isinstance(given, list | tuple) or not all(isinstance(each, dict) for each in given):
        raise Rejected("The request is invalid.", {"customFields": "The value must be a list of objects."})
    account = ask.world.accounts.get(alias)
    known = {field["id"]: field for field in account.custom_fields} if account else {}
    return tuple(_named(each, known.get(str(each.get("id", "")).lower())) for each in given)


def _named(value: Mapping[str, Any], field: Field | None) -> Field:
    if field is None:
        return dict(value)
    said = value.get("value")
    options = [each["name"] for each in field.get("options", ()) if said in (each.get("value"), each.get("name"))]
    return {"id": field["id"], "name": field["name"], "value": said, "displayValue": options[0] if options else said}
