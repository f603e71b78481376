"""Scenarios: YAML files that say what accounts hold when a sandbox starts."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator

from kb.sandbox.errors import ScenarioInvalid

_FOLDER = files("kb.sandbox") / "scenarios"


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario as read: `data` fits `scenarios/schema.json`."""

    name: str
    data: Mapping[str, Any]
    fingerprint: str  # changes when the text changes

    @property
    def title(self) -> str:
        """What it is, in a few words."""
        return str(self.data["title"])

    @property
    def pace(self) -> float:
        """Seconds that an operation takes."""
        return float(self.data.get("pace", 0.7))

    @property
    def users(self) -> list[tuple[str, str, str]]:
        """Who may sign in: user, password, what for."""
        return [
            (user["name"], user["password"], user.get("for", ", ".join(user["roles"])))
            for account in self.data["accounts"]
            for user in account.get("users", [])
        ]


def names() -> list[str]:
    """The scenarios that come with kb."""
    return sorted(each.name.removesuffix(".yaml") for each in _FOLDER.iterdir() if each.name.endswith(".yaml"))


def schema() -> str:
    """The JSON Schema that scenarios fit, as JSON."""
    return (_FOLDER / "schema.json").read_text(encoding="utf-8")


def read_scenario(name: str) -> Scenario:
    """Read the scenario that comes with kb under this name, or the YAML file at this path. Raises ScenarioInvalid."""
    if name in names():
        return _read(name, _FOLDER / f"{name}.yaml")
    file = Path(name)
    if not file.is_file():
        raise ScenarioInvalid(f"There is no scenario {name}. Name a YAML file, or one of: {', '.join(names())}.")
    return _read(file.stem, file)


def _read(name: str, file: Traversable) -> Scenario:
    try:
        text = file.read_text(encoding="utf-8")
        data = yaml.safe_load(text)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ScenarioInvalid(f"The scenario {name} cannot be read: {error}") from error
    for fault in Draft202012Validator(json.loads(schema())).iter_errors(data):
        raise ScenarioInvalid(f"The scenario {name} is wrong at {fault.json_path}: {fault.message}")
    return Scenario(name, data, hashlib.sha256(text.encode()).hexdigest()[:16])
