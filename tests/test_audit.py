"""What `make audit` makes of pip-audit's words: silence is never taken for an answer."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / ".ci" / "audit.py"
FINE = {"name": "flask", "version": "3.1.3", "vulns": []}
WRONG = {"name": "jinja2", "version": "2.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"]}]}
UNKNOWN = {"name": "kb", "skip_reason": "not found"}


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    spec = importlib.util.spec_from_file_location("audit", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("packages", "code", "words"),
    [
        ([FINE], 0, "Nothing is known against 1 of 1 packages."),
        ([FINE, UNKNOWN], 0, "Not audited, because the service did not know them: kb."),
        ([UNKNOWN, UNKNOWN], 0, "SKIPPED: the service knew none of the 2 packages."),
        ([FINE, WRONG, UNKNOWN], 1, "jinja2 2.0: PYSEC-1 (mended in 2.1)"),
        ([], 0, "SKIPPED"),
    ],
)
def test_the_words_say_what_was_asked(audit: ModuleType, packages: list[object], code: int, words: str) -> None:
    said = audit.verdict(json.dumps({"dependencies": packages}), "")
    assert code == said[0]
    assert words in said[1]


@pytest.mark.parametrize("report", ["", "[]", "null", "{"])
def test_a_service_that_does_not_answer_is_no_failure_and_no_success(audit: ModuleType, report: str) -> None:
    said = audit.verdict(report, "Traceback …\nConnectionError: no such host")
    assert 0 == said[0]
    assert "SKIPPED: the service did not answer (ConnectionError: no such host)." in said[1]


def test_a_lock_file_that_cannot_be_read_is_a_failure(audit: ModuleType) -> None:
    code, said = audit.verdict("", "ERROR:pip_audit._cli:requirement flask does not contain a hash")
    assert (1, True) == (code, "hash" in said)
