"""Site-to-site VPNs."""

import json
import re

import pytest

from tests.sandbox.caller import Caller, verbs

ALL = "/v2/siteToSiteVpn?account=ABCD"


def test_a_vpn_names_both_sides(admin: Caller) -> None:
    (vpn,) = admin.get(ALL)

    assert re.fullmatch(r"[0-9A-F]{32}", vpn["id"])
    assert (vpn["accountAlias"], vpn["local"]["locationAlias"]) == ("ABCD", "VA1")
    assert vpn["remote"]["siteName"] == "Harbour office"
    assert set(vpn) == {"id", "changeInfo", "accountAlias", "local", "remote", "ike", "ipsec", "links"}
    assert verbs(vpn, "self") == ["GET", "PUT", "DELETE"]
    assert admin.get(vpn["links"][0]["href"]) == vpn


@pytest.mark.parametrize("path", ["/v2/siteToSiteVpn", "/v2/sitetositevpn"])
def test_deleting_answers_a_bare_json_string(admin: Caller, path: str) -> None:
    (vpn,) = admin.get(ALL)

    answer = admin.send("DELETE", f"{path}/{vpn['id'].lower()}?Account=abcd")

    assert answer.status_code == 200
    job = json.loads(answer.text)
    assert isinstance(job, str)
    assert job.isdigit()
    assert admin.status(f"va1-{job}") == "succeeded"
    assert admin.get(ALL) == []
    assert admin.http.get(vpn["links"][0]["href"]).status_code == 404


def test_making_and_changing_a_vpn(admin: Caller) -> None:
    body = {
        "local": {"locationAlias": "uc1", "subnets": ["10.9.0.0/24"]},
        "remote": {"siteName": "Hill office", "address": "203.0.113.50", "subnets": ["192.168.9.0/24"]},
    }

    made = admin.send("POST", ALL, body)

    assert made.status_code == 200
    assert made.json()["pendingTaskId"]
    assert made.json()["local"]["subnets"] == ["10.9.0.0/24"]
    body["remote"]["siteName"] = "Hilltop office"
    changed = admin.send("PUT", made.json()["links"][0]["href"], body)
    assert (changed.status_code, changed.json()["remote"]["siteName"]) == (200, "Hilltop office")
    assert len(admin.get(ALL)) == 2


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v2/siteToSiteVpn", 400),
        ("GET", "/v2/siteToSiteVpn?account=NONE", 404),
        ("GET", f"/v2/siteToSiteVpn/{'0' * 32}?account=ABCD", 404),
        ("POST", ALL, 400),
    ],
)
def test_wrong_requests_are_refused(admin: Caller, method: str, path: str, status: int) -> None:
    assert admin.send(method, path).status_code == status
