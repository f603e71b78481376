"""PyPI `clc-ansible-module` 1.1.26, unmodified: its modules are run as programs, with a file of arguments."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kb.sandbox.serve import Sandbox
from tests.sandbox.caller import Caller, server_ids

Run = Callable[..., dict[str, Any]]  # module, arguments -> what it says


@pytest.fixture
def run(clients: Path, sandbox: Sandbox, tmp_path: Path) -> Run:
    (modules,) = (clients.parent / "lib").glob("python3.*/site-packages/clc_ansible_module")
    environment = {
        "CLC_V2_API_URL": sandbox.url,
        "CLC_V2_API_USERNAME": "alex.abcd",
        "CLC_V2_API_PASSWD": "demo-admin-1",
        "HOME": str(tmp_path),
        "LC_ALL": "C.UTF-8",
    }

    def run(module: str, **arguments: object) -> dict[str, Any]:
        file = tmp_path / "args.json"
        file.write_text(json.dumps({"ANSIBLE_MODULE_ARGS": arguments}))
        done = subprocess.run(
            [str(clients / "python"), "-W", "ignore", str(modules / f"{module}.py"), str(file)],
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        said: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
        return said

    return run


def test_a_network_is_claimed_told_of_and_released(run: Run, admin: Caller) -> None:
    made = run("clc_network", name="fresh", description="words", location="GB3", state="present")

    assert made["changed"] is True
    key = admin.networks("GB3")["fresh"]
    assert run("clc_network_fact", id=key, location="GB3")["network"]["name"] == "fresh"
    assert run("clc_network", id=key, location="GB3", state="absent")["changed"] is True
    assert admin.networks("GB3") == {}


def test_a_group_is_told_of(run: Run, admin: Caller) -> None:
    told = run("clc_group_fact", group_id=admin.groups()["Shop"]["id"])

    assert told["group"]["name"] == "Shop"


def test_a_server_is_told_of_with_its_credentials(run: Run) -> None:
    told = run("clc_server_fact", server_id="VA1ABCDWEB01", credentials=False)

    assert told["server"]["name"] == "VA1ABCDWEB01"


def test_servers_are_stopped_and_deleted(run: Run, admin: Caller) -> None:
    assert run("clc_server", server_ids=["VA1ABCDWEB01"], state="stopped")["changed"] is True
    assert admin.get("/v2/servers/ABCD/VA1ABCDWEB01")["details"]["powerState"] == "stopped"
    assert run("clc_server", server_ids=["VA1ABCDWEB01"], state="absent")["changed"] is True
    assert server_ids(admin.groups()["Shop"]) == ["VA1ABCDWEB02"]


def test_a_public_address_is_removed_once(run: Run) -> None:
    gone = {"server_ids": ["VA1ABCDWEB01"], "state": "absent"}

    assert run("clc_publicip", **gone)["changed"] is True
    assert run("clc_publicip", **gone)["changed"] is False


def test_a_load_balancer_is_told_of_and_deleted(run: Run, admin: Caller) -> None:
    shop = {"name": "shop", "location": "VA1", "alias": "ABCD"}

    assert run("clc_loadbalancer_fact", **shop)["loadbalancer"]["name"] == "shop"
    assert run("clc_loadbalancer", **shop, state="absent")["changed"] is True
    assert admin.get("/v2/sharedLoadBalancers/ABCD/VA1") == []
