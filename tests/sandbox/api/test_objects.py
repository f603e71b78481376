"""Object-storage buckets and applications: hosts with credentials of their own."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterator

import httpx
import pytest

from kb.sandbox.serve import Sandbox
from tests.sandbox.caller import Caller

DATE = "Tue, 10 Nov 2026 10:00:00 GMT"
KEY, SECRET = "DEMOKEY1", "demo-object-secret-1"


@pytest.fixture
def url() -> Iterator[str]:
    with Sandbox(scenario="busy", pace=0) as sandbox:
        yield sandbox.url


def _ask(
    url: str, method: str, region: str, path: str, key: str = KEY, secret: str = SECRET, signed: str = ""
) -> httpx.Response:
    text = f"{method}\n\n\n{DATE}\n{signed or path}"
    signature = base64.b64encode(hmac.new(secret.encode(), text.encode(), hashlib.sha1).digest()).decode()
    headers = {"Authorization": f"AWS {key}:{signature}", "Date": DATE}
    return httpx.request(method, f"{url}/_objects/{region}{path}", headers=headers)


def _names(answer: httpx.Response) -> list[str]:
    return re.findall("<Name>(.*?)</Name>", answer.text)


@pytest.mark.parametrize(("region", "expected"), [("useast", ["shop-pictures"]), ("canada", ["shop-letters"])])
@pytest.mark.parametrize("prefixed", [False, True])
def test_the_buckets_of_a_key_are_listed_by_region(url: str, region: str, expected: list[str], prefixed: bool) -> None:
    answer = _ask(url, "GET", region, "/", signed=f"/_objects/{region}/" if prefixed else "")

    assert (answer.status_code, _names(answer)) == (200, expected)
    assert answer.headers["Content-Type"] == "application/xml"


def test_buckets_of_other_keys_do_not_show(url: str) -> None:
    assert _names(_ask(url, "GET", "useast", "/", "DEMOKEY2", "demo-object-secret-2")) == []


@pytest.mark.parametrize(("key", "secret"), [(KEY, "wrong"), ("NOKEY", SECRET)])
def test_a_wrong_key_is_denied(url: str, key: str, secret: str) -> None:
    answer = _ask(url, "GET", "useast", "/", key, secret)

    assert answer.status_code == 403
    assert "AccessDenied" in answer.text


def test_a_token_of_the_portal_opens_no_bucket(url: str) -> None:
    with Caller(url) as caller:
        assert caller.http.get("/_objects/useast/").status_code == 403


def test_a_bucket_is_deleted_in_its_own_region_only(url: str) -> None:
    assert _ask(url, "DELETE", "canada", "/shop-pictures").status_code == 307
    assert _ask(url, "DELETE", "useast", "/shop-pictures").status_code == 204
    assert _ask(url, "DELETE", "useast", "/shop-pictures").status_code == 404
    assert _names(_ask(url, "GET", "useast", "/")) == []


def test_applications_are_listed_and_deleted_with_a_token_of_their_own(url: str) -> None:
    host = f"{url}/_apps/useast"
    assert httpx.get(f"{host}/v2/info").json()["authorization_endpoint"] == host
    form = {"grant_type": "password", "username": "alex.abcd", "password": "demo-admin-1"}
    token = httpx.post(f"{host}/oauth/token", data=form).json()["access_token"]
    headers = {"Authorization": f"bearer {token}"}

    found = httpx.get(f"{host}/v2/apps", headers=headers).json()
    assert [each["entity"]["name"] for each in found["resources"]] == ["shop-news"]
    assert httpx.get(f"{url}/_apps/uswest/v2/apps", headers=headers).json()["total_results"] == 0
    assert httpx.delete(f"{host}/v2/apps/shop-news", headers=headers).status_code == 204

    assert httpx.get(f"{host}/v2/apps", headers=headers).json()["total_results"] == 0


def test_bad_credentials_get_no_token_for_applications(url: str) -> None:
    form = {"grant_type": "password", "username": "alex.abcd", "password": "wrong"}

    assert httpx.post(f"{url}/_apps/useast/oauth/token", data=form).status_code == 401
