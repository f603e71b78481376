"""Ask whether a locked package is known to be vulnerable, and never take silence for an answer.

Exit 0: nothing is known against what could be asked about, or nothing could be asked, and it says which; 1: else.
pip-audit alone says "No known vulnerabilities found" also when its service knew none of the packages.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

SECONDS = "15"
SKIPPED = "The audit of the dependencies was SKIPPED"


def main(lock: str) -> int:
    """Audit the packages of a lock file; print what was found."""
    command = [str(Path(sys.executable).with_name("pip-audit")), "--disable-pip", "--require-hashes", "-r", lock]
    options = ["--progress-spinner", "off", "--timeout", SECONDS, "--format", "json"]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    code, said = verdict(done.stdout, done.stderr)
    print(said)
    return code


def verdict(report: str, complaint: str) -> tuple[int, str]:
    """Exit code and words for what pip-audit printed."""
    try:
        packages: list[dict[str, Any]] = json.loads(report)["dependencies"]
    except (ValueError, KeyError, TypeError):
        why = complaint.strip().splitlines()[-1:] or ["it said nothing"]
        if "hash" in why[0] or "requirement" in why[0].lower():  # the lock is at fault, not the network
            return 1, f"The dependencies could not be audited: {why[0]}"
        return 0, f"{SKIPPED}: the service did not answer ({why[0][:200]})."
    asked = [package for package in packages if "skip_reason" not in package]
    wrong = [line for package in asked for line in _lines(package)]
    if wrong:
        return 1, "\n".join([*wrong, f"{len(wrong)} known vulnerabilities: take other versions (make lock)."])
    if not asked:
        return 0, f"{SKIPPED}: the service knew none of the {len(packages)} packages."
    unknown = sorted(package["name"] for package in packages if package not in asked)
    left = f" Not audited, because the service did not know them: {', '.join(unknown)}." if unknown else ""
    return 0, f"Nothing is known against {len(asked)} of {len(packages)} packages.{left}"


def _lines(package: dict[str, Any]) -> list[str]:
    return [
        f"{package['name']} {package['version']}: {found['id']}"
        f" (mended in {', '.join(found['fix_versions']) or 'no version yet'})"
        for found in package["vulns"]
    ]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
