"""The modules `community.general.clc_*` of PyPI `ansible`, unmodified: only their environment is set."""

import json
import os
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
    environment = {
        "PATH": f"{clients}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "LC_ALL": "C.UTF-8",
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_LOCALHOST_WARNING": "False",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "False",
        "CLC_V2_API_URL": sandbox.url,
        "CLC_V2_API_USERNAME": "alex.abcd",
        "CLC_V2_API_PASSWD": "demo-admin-1",
    }

    def run(module: str, **arguments: object) -> dict[str, Any]:
        words = ["localhost", "-c", "local", "-o", "-e", f"ansible_python_interpreter={clients / 'python'}"]
        asked = ["-m", f"community.general.{module}", "-a", json.dumps(arguments)]
        done = subprocess.run(
            [str(clients / "ansible"), *words, *asked],
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        head, _, told = done.stdout.partition(" => ")
        assert done.returncode == 0, f"{head}\n{told}\n{done.stderr}"
        said: dict[str, Any] = json.loads(told)
        return said

    return run


def test_a_group_is_made_once_and_deleted_once(run: Run, admin: Caller) -> None:
    made = {"name": "Extra", "parent": "Shop", "location": "VA1", "state": "present"}

    assert run("clc_group", **made)["changed"] is True
    assert admin.groups()["Extra"]["links"]
    assert run("clc_group", **made)["changed"] is False
    assert run("clc_group", name="Extra", location="VA1", state="absent")["changed"] is True
    assert "Extra" not in admin.groups()
    assert run("clc_group", name="Extra", location="VA1", state="absent")["changed"] is False


def test_the_default_group_is_deleted_with_its_servers(run: Run, admin: Caller) -> None:
    assert run("clc_group", name="Default Group", location="VA1", state="absent")["changed"] is True

    assert "Default Group" not in admin.groups()
    assert admin.http.get("/v2/servers/ABCD/VA1ABCDMAIL01").status_code == 404


def test_a_public_address_is_removed_once_and_given_again(run: Run, admin: Caller) -> None:
    gone = {"server_ids": ["VA1ABCDWEB01"], "state": "absent"}

    assert run("clc_publicip", **gone)["changed"] is True
    assert "public" not in admin.get("/v2/servers/ABCD/VA1ABCDWEB01")["details"]["ipAddresses"][0]
    assert run("clc_publicip", **gone)["changed"] is False
    again = {"server_ids": ["VA1ABCDWEB01"], "ports": ["80", "443"], "protocol": "TCP", "state": "present"}
    assert run("clc_publicip", **again)["changed"] is True
    assert "public" in admin.get("/v2/servers/ABCD/VA1ABCDWEB01")["details"]["ipAddresses"][0]


def test_servers_are_stopped_started_and_deleted(run: Run, admin: Caller) -> None:
    servers = {"server_ids": ["VA1ABCDWEB01", "VA1ABCDWEB02"]}

    assert run("clc_server", **servers, state="stopped")["changed"] is True
    assert admin.get("/v2/servers/ABCD/VA1ABCDWEB02")["details"]["powerState"] == "stopped"
    assert run("clc_server", **servers, state="started")["changed"] is True
    assert run("clc_server", **servers, state="absent")["changed"] is True
    assert server_ids(admin.groups()["Shop"]) == []


def test_a_server_is_made(run: Run, admin: Caller) -> None:
    wanted = {"name": "api", "template": "ubuntu", "group": "Shop", "cpu": 1, "memory": 1, "count": 1}

    assert run("clc_server", **wanted, location="VA1", state="present")["changed"] is True
    assert "VA1ABCDAPI01" in server_ids(admin.groups()["Shop"])


def test_a_load_balancer_is_deleted_once(run: Run, admin: Caller) -> None:
    """The module cannot make pools: whatever port it is given, it holds it for a text and refuses it."""
    shop = {"name": "shop", "location": "VA1", "alias": "ABCD", "state": "absent"}

    assert run("clc_loadbalancer", **shop)["changed"] is True
    assert admin.get("/v2/sharedLoadBalancers/ABCD/VA1") == []
    assert run("clc_loadbalancer", **shop)["changed"] is False


def test_snapshots_are_made_and_deleted(run: Run, admin: Caller) -> None:
    server = {"server_ids": ["VA1ABCDWEB01"]}

    assert run("clc_server_snapshot", **server, expiration_days=5, state="present")["changed"] is True
    assert len(admin.get("/v2/servers/ABCD/VA1ABCDWEB01")["details"]["snapshots"]) == 1
    assert run("clc_server_snapshot", **server, state="absent")["changed"] is True


def test_policies_are_made_and_deleted_and_hold_for_a_server(run: Run, admin: Caller) -> None:
    alert = {"alert_recipients": ["a@shop.example"], "metric": "cpu", "duration": "00:05:00", "threshold": 80}
    assert run("clc_alert_policy", alias="ABCD", name="Busy", **alert, state="present")["changed"] is True
    assert run("clc_aa_policy", name="Apart", location="VA1", state="present")["changed"] is True

    changed = run(
        "clc_modify_server",
        server_ids=["VA1ABCDWEB01"],
        cpu=4,
        alert_policy_name="Busy",
        anti_affinity_policy_name="Apart",
        state="present",
    )

    assert changed["changed"] is True
    details = admin.get("/v2/servers/ABCD/VA1ABCDWEB01")["details"]
    assert (details["cpu"], details["alertPolicies"][0]["name"]) == (4, "Busy")
    assert details["antiAffinityPolicy"]["name"] == "Apart"
    assert run("clc_alert_policy", alias="ABCD", name="Busy", state="absent")["changed"] is True
    assert run("clc_aa_policy", name="Apart", location="VA1", state="absent")["changed"] is True


def test_a_firewall_policy_is_made_and_deleted(run: Run, admin: Caller) -> None:
    place = {"source_account_alias": "ABCD", "location": "VA1"}
    traffic = {"source": ["10.128.216.0/24"], "destination": ["10.128.216.0/24"], "ports": ["any"]}

    made = run("clc_firewall_policy", **place, **traffic, destination_account_alias="ABCD", state="present")

    assert made["changed"] is True
    gone = run("clc_firewall_policy", **place, firewall_policy_id=made["firewall_policy_id"], state="absent")
    assert gone["changed"] is True
    assert admin.get("/v2-experimental/firewallPolicies/ABCD/VA1") == []


def test_a_package_is_run_on_a_server(run: Run) -> None:
    package = "77abb844-579d-478d-3955-c69ab4a7ba1a"

    assert run("clc_blueprint_package", server_ids=["VA1ABCDWEB01"], package_id=package)["changed"] is True
