"""How many reads a second the sandbox answers on one core.

    python tests/benchmarks/sandbox.py [SECONDS] [SCENARIO]

The sandbox runs in a process of its own, bound to one core where the system lets us; the callers, bound to another
one, ask over connections that stay open, four at a time. `all` is the mix of these reads that a checklist makes.
"""

import itertools
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx

CALLERS = 4
READS = {
    "data centres": "/v2/datacenters/ABCD",
    "data centre with group links": "/v2/datacenters/ABCD/VA1?groupLinks=true",
    "group tree": "/v2/groups/ABCD/ROOT",
    "server": "/v2/servers/ABCD/SERVER",
    "networks": "/v2-experimental/networks/ABCD/VA1",
    "shared load balancers": "/v2/sharedLoadBalancers/ABCD/VA1",
    "VPNs": "/v2/siteToSiteVpn?account=ABCD",
    "account": "/v2/accounts/ABCD",
    "group billing": "/v2/groups/ABCD/ROOT/billing",
    "invoice": "/v2/invoice/ABCD/2026/10",
}


@contextmanager
def sandbox(scenario: str) -> Iterator[tuple[str, int]]:
    """Where one listens, and its process id."""
    command = [sys.executable, "-m", "kb", "sandbox", "--port", "0", "--scenario", scenario, "--until-stdin-closes"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield process.stdout.readline().strip(), process.pid
        process.terminate()


def bind(process: int, core: int) -> None:
    """Keep a process on one core, where the system knows how."""
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        for task in Path(f"/proc/{process}/task").iterdir():
            os.sched_setaffinity(int(task.name), {cores[core % len(cores)]})


def ready_paths(url: str, token: str) -> dict[str, bytes]:
    """The requests as bytes, by name."""
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {token}"}) as http:
        links = http.get("/v2/datacenters/ABCD/VA1?groupLinks=true").json()["links"]
        root = next(link["id"] for link in links if link["rel"] == "group")
        group = http.get(f"/v2/groups/ABCD/{root}").json()
    server = next(each["id"] for each in _links(group) if each["rel"] == "server")
    head = f" HTTP/1.1\r\nHost: {urlsplit(url).netloc}\r\nAccept: application/json\r\nAuthorization: Bearer {token}\r\n"
    paths = {name: path.replace("ROOT", root).replace("SERVER", server) for name, path in READS.items()}
    return {name: f"GET {path}{head}\r\n".encode() for name, path in paths.items()}


def _links(group: dict[str, list[dict[str, str]]]) -> Iterator[dict[str, str]]:
    yield from group["links"]
    for child in group["groups"]:
        yield from _links(child)  # type: ignore[arg-type]  # groups lie in groups


def count(url: str, requests: Sequence[bytes], until: float) -> int:
    """How many of these, one after another and again, are answered before `until` (monotonic seconds)."""
    place = urlsplit(url)
    done = 0
    address = (place.hostname, place.port or 0)
    with socket.create_connection(address) as connection, connection.makefile("rb") as answers:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for request in itertools.cycle(requests):
            if time.monotonic() >= until:
                return done
            connection.sendall(request)
            status, length = answers.readline().split()[1], 0
            while line := answers.readline().strip():
                if line.lower().startswith(b"content-length:"):
                    length = int(line[15:])
            answers.read(length)
            assert status == b"200", request
            done += 1
    return done


def rate(url: str, process: int, requests: Sequence[bytes], seconds: float) -> tuple[float, float]:
    """Answers for each second on the clock, and for each second of the sandbox's own processor time."""
    counts: list[int] = []
    used, begin = _used(process), time.monotonic()
    work = (url, requests, begin + seconds)
    callers = [threading.Thread(target=lambda: counts.append(count(*work))) for _ in range(CALLERS)]
    for caller in callers:
        caller.start()
    bind(process, 0)
    for caller in callers:
        caller.join()
    return sum(counts) / (time.monotonic() - begin), sum(counts) / max(_used(process) - used, 0.01)


def _used(process: int) -> float:
    """Seconds of processor time that a process has used; 0 where the system does not tell."""
    try:
        words = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def main(seconds: float, scenario: str) -> None:
    with sandbox(scenario) as (url, process):
        body = {"username": "alex.abcd", "password": "demo-admin-1"}
        token = httpx.post(f"{url}/v2/authentication/login", json=body).json()["bearerToken"]
        requests = ready_paths(url, token)
        bind(os.getpid(), 1)
        print(f"{'':30}{'a second':>10}{'a CPU second':>14}")
        for name, chosen in [*((name, [each]) for name, each in requests.items()), ("all", list(requests.values()))]:
            by_clock, by_processor = rate(url, process, chosen, seconds)
            print(f"{name:30}{by_clock:>10,.0f}{by_processor:>14,.0f}")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 3.0, sys.argv[2] if len(sys.argv) > 2 else "demo")
