"""schemathesis reads the sandbox's own OpenAPI document and asks all sorts of things: none is answered by a fault."""

import re
import subprocess
from pathlib import Path

import pytest

from kb.sandbox.serve import Sandbox
from tests.sandbox.caller import Caller

CONFIG = """
[parameters]
"path.alias" = "ABCD"
"query.account" = "ABCD"
"path.dc" = "VA1"
"path.server" = ["VA1ABCDWEB01", "va1abcdmail01", "VA1ABCDOLDWEB01", "VA1ABCDMETAL01"]
"path.form" = ["JSON", "XML"]
"""


@pytest.mark.parametrize("known", [True, False], ids=["known names", "any names"])
def test_schemathesis_finds_no_fault(clients: Path, tmp_path: Path, known: bool) -> None:
    """Twice: with names that exist, to get far; and with whatever it makes up."""
    (tmp_path / "schemathesis.toml").write_text(CONFIG if known else "")
    with Sandbox(scenario="busy", pace=0) as sandbox, Caller(sandbox.url) as admin:
        done = subprocess.run(
            [
                *(str(clients / "schemathesis"), "run", f"{sandbox.url}/openapi.json", "--no-color"),
                *("--header", f"Authorization: {admin.http.headers['Authorization']}"),
                *("--checks", "not_a_server_error", "--phases", "examples,coverage,fuzzing", "--max-examples", "15"),
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=1800,
            check=False,
        )
        operations = sum(map(len, admin.get("/openapi.json")["paths"].values()))

    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert f"Tested: {operations}" in done.stdout
    assert re.search(r"(\d+) generated, \1 passed", done.stdout)
