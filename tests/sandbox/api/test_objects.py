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


def test_a_bucket_tells_its_place_and_what_is_in_it_and_is_deleted_when_it_is_empty() -> None:
    with Sandbox(scenario="odds-and-ends", pace=0) as sandbox:
        where = _ask(sandbox.url, "GET", "useast", "/shop-pictures?location")
        listed = _ask(sandbox.url, "GET", "useast", "/shop-pictures")
        statuses = [
            _ask(sandbox.url, "DELETE", "useast", path).status_code
            for path in ("/shop-pictures", "/shop-pictures/data", "/shop-pictures/other", "/shop-pictures")
        ]

    assert "<LocationConstraint>useast</LocationConstraint>" in where.text
    assert re.findall("<Key>(.*?)</Key>.*?<Size>(.*?)</Size>", listed.text) == [("data", str(730 * 1024**3))]
    assert statuses == [409, 204, 204, 204]


def test_a_command_line_of_the_platform_finds_organisation_space_and_applications() -> None:
    """What `cf login -o ABCD`, `cf target -s Prod` and `cf apps` ask for, in their order."""
    with Sandbox(scenario="odds-and-ends", pace=0) as sandbox:
        host = f"{sandbox.url}/_apps/useast"
        form = {"grant_type": "password", "username": "alex.abcd", "password": "demo-admin-1"}
        signed_in = httpx.post(f"{host}/oauth/token", data=form, auth=("cf", "")).json()
        with httpx.Client(headers={"Authorization": f"bearer {signed_in['access_token']}"}) as http:
            prompts = http.get(f"{host}/login").json()["prompts"]
            (organization,) = http.get(f"{host}/v2/organizations?q=name:abcd").json()["resources"]
            spaces = f"{host}{organization['entity']['spaces_url']}"
            names = [each["entity"]["name"] for each in http.get(spaces).json()["resources"]]
            (prod,) = http.get(f"{spaces}?q=name:Prod").json()["resources"]
            summary = http.get(f"{host}/v2/spaces/{prod['metadata']['guid']}/summary").json()
            there = http.get(f"{host}{prod['entity']['apps_url']}").json()["resources"]
            unknown = http.get(f"{host}/v2/spaces/none/summary").status_code
        again = {"grant_type": "refresh_token", "refresh_token": signed_in["refresh_token"]}
        renewed = httpx.post(f"{host}/oauth/token", data=again, auth=("cf", ""))

    assert set(prompts) == {"username", "password"}
    assert names == ["Dev", "QA", "Prod"]
    assert [each["name"] for each in summary["apps"]] == ["shop-news"]
    assert there[0]["entity"]["space_guid"] == prod["metadata"]["guid"]
    assert (unknown, renewed.status_code) == (404, 200)


@pytest.mark.parametrize("signed", ["/shop-pictures", "/shop-pictures/", "/_objects/useast/shop-pictures/"])
def test_whether_a_bucket_is_there_is_asked_with_head_and_a_slash_or_none(url: str, signed: str) -> None:
    """As PyPI boto and s3cmd do; the one signs the whole path, the other the path behind its base."""
    assert _ask(url, "HEAD", "useast", "/shop-pictures/", signed=signed).status_code == 200
    assert _ask(url, "HEAD", "canada", "/shop-pictures/", signed=signed.replace("useast", "canada")).status_code == 307
