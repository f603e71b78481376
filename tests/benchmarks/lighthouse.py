"""Lighthouse's scores of article, category, home and checklist pages, as a phone on a slow line and as a desktop.

    python tests/benchmarks/lighthouse.py LIGHTHOUSE [TIMES]

LIGHTHOUSE is the program of the npm package `lighthouse`; CHROME_PATH names a browser if it is not found. A noisy
machine costs points in performance: of TIMES measurements of each page (1 unless told) the median is printed.
Pages that ask not to be indexed are not judged by SEO.
"""

import json
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx

from tests.served import serving

ARTICLE = "/accounts-and-users/closing-your-account/"
JUDGED = ("performance", "accessibility", "best-practices", "seo")
CHROMIUM = "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage"
PORT = 8794
ATTEMPTS = 3


def main(program: str, times: int) -> None:
    """Print a line for each page and screen: the four scores, then what cost points."""
    library = Path(__file__).resolve().parents[2] / "articles"
    with tempfile.TemporaryDirectory() as folder, serving(library, Path(folder), PORT, "--sandbox") as served:
        for name, address, cookie in _pages(served.url):
            for screen in ("phone", "desktop"):
                reports = [_report(program, address, cookie, screen) for _ in range(times)]
                print(f"{name:<10} {screen:<8} {_scores(reports)}", flush=True)
                for fault in sorted(set(_faults(reports[0]))):
                    print(f"           {fault}")


def _pages(url: str) -> Iterator[tuple[str, str, str]]:
    yield "home", f"{url}/", ""
    yield "category", f"{url}/accounts-and-users/", ""
    yield "article", url + ARTICLE, ""
    with httpx.Client(base_url=url, follow_redirects=True, headers={"Origin": url}) as reader:
        page = reader.get(ARTICLE).text
        form = page[page.index('class="start"') :]
        asked = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[: form.index("</form>")]))
        run = reader.post("/runs/", data=asked)
        cookie = "; ".join(f"{one.name}={one.value}" for one in reader.cookies.jar)
    yield "checklist", str(run.url), cookie


def _report(program: str, address: str, cookie: str, screen: str) -> dict[str, object]:
    command = [program, address, "--quiet", "--output=json", f"--chrome-flags={CHROMIUM}"]
    command += ["--preset=desktop"] if screen == "desktop" else []
    command += [f"--extra-headers={json.dumps({'Cookie': cookie})}"] if cookie else []
    for _ in range(ATTEMPTS):  # now and then it loses the trace of a page and asks to be run again
        answer = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
        if answer.returncode == 0:
            report: dict[str, object] = json.loads(answer.stdout)
            return report
    sys.exit(f"{address}: {answer.stderr or answer.stdout[-2000:]}")


def _scores(reports: list[dict[str, object]]) -> str:
    found = {name: [one["categories"][name]["score"] for one in reports] for name in JUDGED}  # type: ignore[index]
    return "  ".join(f"{name} {100 * statistics.median(values):.0f}" for name, values in found.items())


def _faults(report: dict[str, object]) -> Iterator[str]:
    """Audits that count and are not perfect."""
    for name in JUDGED:
        for audit in report["categories"][name]["auditRefs"]:  # type: ignore[index]
            score = report["audits"][audit["id"]]["score"]  # type: ignore[index]
            if audit["weight"] and score is not None and score < 1:
                yield f"{name}: {audit['id']} {score:.2f}"


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1)
