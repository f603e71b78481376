"""The formats in which `kb check` prints problems; each gives the whole text."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from kb.article.problem import Problem

_SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def as_text(problems: Iterable[Problem], base: str) -> str:  # noqa: ARG001 (the library's own paths are shown)
    """One line for each, in which an author's control characters do nothing to a terminal."""
    return "".join(f"{_CONTROLS.sub(_visible, str(problem))}\n" for problem in problems)


def as_json(problems: Iterable[Problem], base: str) -> str:  # noqa: ARG001
    """`{"problems": [{path, line, column, code, severity, message, mend}]}`."""
    return _json({"problems": [problem.as_json() for problem in problems]})


def as_github(problems: Iterable[Problem], base: str) -> str:
    """Workflow commands, which GitHub shows beside the lines of a pull request."""
    return "".join(_command(problem, base) for problem in problems)


def as_sarif(problems: Iterable[Problem], base: str) -> str:
    """SARIF 2.1.0, for services that show the findings of many tools alike."""
    found = list(problems)
    codes = sorted({problem.code for problem in found})
    seen: Counter[str] = Counter()
    run = {
        "tool": {"driver": {"name": "kb", "version": version("kb"), "rules": [_rule(code) for code in codes]}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(problem, base, codes, seen) for problem in found],
    }
    return _json({"$schema": _SARIF_SCHEMA, "version": "2.1.0", "runs": [run]})


FORMATS: Mapping[str, Callable[[Iterable[Problem], str], str]] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
    "sarif": as_sarif,
}


def base_of(root: Path, here: Path) -> str:
    """What leads from the folder of the command to the library, "" or with a slash: services name files from there."""
    inside = root.resolve().is_relative_to(here.resolve()) and root.resolve() != here.resolve()
    return f"{root.resolve().relative_to(here.resolve()).as_posix()}/" if inside else ""


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _visible(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode()


def _sentence(problem: Problem) -> str:
    return f"{problem.message} ({problem.mend})" if problem.mend else problem.message


def _command(problem: Problem, base: str) -> str:
    place = {"file": base + problem.path, "line": problem.line, "col": problem.column, "title": problem.code}
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in place.items())
    return f"::{problem.severity} {properties}::{_data(_sentence(problem))}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _rule(code: str) -> dict[str, Any]:
    return {"id": code, "shortDescription": {"text": code.replace("-", " ").capitalize()}}


def _result(problem: Problem, base: str, codes: Sequence[str], seen: Counter[str]) -> dict[str, Any]:
    return {
        "ruleId": problem.code,
        "ruleIndex": codes.index(problem.code),
        "level": problem.severity,
        "message": {"text": _sentence(problem)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(base + problem.path)},
                    "region": {"startLine": problem.line, "startColumn": problem.column},
                }
            }
        ],
        "partialFingerprints": {"kbFault/v1": _fingerprint(problem, seen)},
    }


def _fingerprint(problem: Problem, seen: Counter[str]) -> str:
    """The same for the same fault though its line moved; the same fault again in a file is counted."""
    fault = "\0".join((problem.path, problem.code, problem.message))
    seen[fault] += 1
    return hashlib.sha256(f"{fault}\0{seen[fault]}".encode("utf-8", "replace")).hexdigest()
