"""What `kb serve` writes while readers use their links: nothing that opens a checklist."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests import house_editions
from tests.served import Served


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def served(tmp_path: Path, free_port: int, log: Path) -> Iterator[Served]:
    """A server whose every word goes into the log."""
    library = house_editions.write_old(tmp_path / "library")
    command = [sys.executable, "-m", "kb", "serve", str(library), "--port", str(free_port)]
    with (
        log.open("w") as file,
        subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, text=True, start_new_session=True) as process,
    ):
        served = Served(process, f"http://127.0.0.1:{free_port}", "")
        transport = httpx.HTTPTransport(retries=8)  # each waits twice as long as the one before
        try:
            with httpx.Client(transport=transport, timeout=60) as client:
                client.get(f"{served.url}/health")
            yield served
        finally:
            served.kill()


def test_no_log_has_a_code_a_run_or_a_cookie(served: Served, log: Path) -> None:
    with httpx.Client(base_url=served.url, headers={"Origin": served.url}, timeout=60, follow_redirects=True) as reader:
        start = {"article": house_editions.ARTICLE, "edition": "", "procedure": "0"}
        run = reader.post("/runs/", data=start).url.path
        secrets = [run.split("/")[2], *reader.cookies.values()]
        for kind in ("resume", "share"):
            page = reader.post(f"{run}{kind}-codes", data={"csrf": csrf(reader, run)}).text
            code = found(rf"/{kind}#([\w-]+)", page)
            secrets.append(code)
            with httpx.Client(base_url=served.url, headers={"Origin": served.url}, timeout=60) as other:
                other.get(f"/{kind}")
                other.post(f"/{kind}", data={"csrf": csrf(other, f"/{kind}"), "code": code})
                other.post(f"/{kind}", data={"csrf": csrf(other, f"/{kind}"), "code": f"{code}x"})
                assert 200 == other.get(run).status_code
                secrets += other.cookies.values()
    written = log.read_text()
    assert "articles at" in written
    assert [] == [secret for secret in secrets if secret in written]


def csrf(client: httpx.Client, path: str) -> str:
    return found(r'name="csrf" value="(\w+)"', client.get(path).text)


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match, text[:2000]
    return match[1]
