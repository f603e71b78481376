"""What published clients send, byte by byte: each request as its client writes it, over a bare socket.

The habits are those of the Python, Go, Node, Java, .NET and Ruby clients of the API and of curl: letter case, headers
that do not fit the body, bodies where none belongs, doubled and trailing slashes, old versions of HTTP.
"""

import gzip

import pytest

from tests.sandbox.caller import Caller
from tests.sandbox.line import Line

FORM = "application/x-www-form-urlencoded"
WEB = "/v2/servers/ABCD/VA1ABCDWEB01"


# signing in


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        pytest.param(b'{"Username":"alex.abcd","Password":"demo-admin-1"}', {"CLC_ALIAS": ""}, id="Go command line"),
        pytest.param(b'{"username":"alex.abcd","password":"demo-admin-1"}\n', {}, id="Go library, with a line end"),
        pytest.param(b'\xef\xbb\xbf{"UserName":"alex.abcd","Password":"demo-admin-1"}', {}, id=".NET, with a mark"),
        pytest.param(b"username=alex.abcd&password=demo-admin-1", {"Content_Type": FORM}, id="Python, form"),
        pytest.param(b'{"username":"alex.abcd","password":"demo-admin-1"}', {"Content_Type": FORM}, id="curl -d"),
        pytest.param(b'{"username":"alex.abcd","password":"demo-admin-1"}', {"Content_Type": ""}, id="no type at all"),
        pytest.param(
            b'{"username":"alex.abcd","password":"demo-admin-1","extra":null}', {"Accept": "application/xml"}, id="XML"
        ),
    ],
)
@pytest.mark.parametrize("path", ["/v2/authentication/login", "/v2/Authentication/Login/", "//v2/authentication/login"])
def test_signing_in(line: Line, path: str, body: bytes, headers: dict[str, str]) -> None:
    status, signed_in = line.ask("POST", path, body, Authorization="", **headers)

    assert (status, signed_in["accountAlias"], signed_in["locationAlias"]) == (200, "ABCD", "VA1")


@pytest.mark.parametrize("word", ["Bearer", "bearer", "BEARER"])
def test_the_word_before_the_token_has_any_case(line: Line, word: str) -> None:
    assert line.ask("GET", WEB, Authorization=f"{word} {line.token}")[0] == 200


def test_a_token_without_the_word_is_none(line: Line) -> None:
    assert line.ask("GET", WEB, Authorization=line.token)[0] == 401


# paths and queries


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/v2/servers/abcd/va1abcdweb01", id="Node: lower case"),
        pytest.param("//v2/servers/ABCD/VA1ABCDWEB01", id="base that ends in a slash"),
        pytest.param("/v2/servers/ABCD/VA1ABCDWEB01/", id="slash at the end"),
        pytest.param("/v2/servers/ABCD/VA1ABCDWEB01?", id="empty query"),
        pytest.param("/v2/servers/ABCD/VA1ABCDWEB01?uuid=false", id="Ruby: not by uuid"),
        pytest.param("/v2/servers/ABCD/VA1ABCDWEB01?_=1479811200", id="a number against caches"),
        pytest.param("/v2/servers/ABCD/%56A1ABCDWEB01", id="percent"),
        pytest.param("http://api.ctl.io/v2/servers/ABCD/VA1ABCDWEB01", id="through a proxy"),
        pytest.param("/V2/Servers/AbCd/Va1AbcdWeb01", id="any case"),
    ],
)
def test_one_server_by_many_paths(line: Line, path: str) -> None:
    assert line.ask("GET", path)[1]["name"] == "VA1ABCDWEB01"


@pytest.mark.parametrize(
    "path",
    [
        "/v2/datacenters/ABCD/va1?GroupLinks=true",
        "/v2/datacenters/abcd/VA1?groupLinks=True",
        "/v2/datacenters/abcd/va1?grouplinks=TRUE&x=",
    ],
)
def test_the_root_group_whatever_the_case_of_the_query(line: Line, path: str) -> None:
    assert "group" in [link["rel"] for link in line.ask("GET", path)[1]["links"]]


def test_the_month_of_an_invoice_with_zero_slash_and_either_query(line: Line) -> None:
    found = [
        line.ask("GET", path)
        for path in (
            "/v2/invoice/ABCD/2026/7",
            "/v2/invoice/ABCD/2026/07/",
            "/v2/invoice/abcd/2026/7/?pricingAccount=ABCD",
            "/v2/invoice/abcd/2026/7?pricingAccountAlias=abcd",
        )
    ]

    assert [status for status, _ in found] == [200] * 4
    assert {invoice["id"] for _, invoice in found} == {found[0][1]["id"]}


def test_links_are_followed_as_they_are_and_put_after_a_base_with_a_slash(line: Line) -> None:
    waiting = [link["href"] for link in line.ask("GET", f"{WEB}/")[1]["links"] if "GET" in link.get("verbs", ["GET"])]

    for href in waiting:
        assert line.ask("GET", href)[0] == 200, href
        assert line.ask("GET", f"/{href}")[0] == 200, href


# bodies


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Content_Type": FORM}, id="Python: form on every call"),
        pytest.param({"Content_Type": "Application/json"}, id="Python: capital A"),
        pytest.param({"Content_Type": "application/json; charset=utf-8", "Expect": ""}, id=".NET"),
        pytest.param({"Content_Type": "", "Accept": "*/*"}, id="no type"),
        pytest.param({"Content_Type": "text/plain", "Api_Client": "x", "CLC_ALIAS": "ABCD"}, id="wrong type"),
    ],
)
def test_a_list_of_servers_whatever_the_header_says(line: Line, headers: dict[str, str]) -> None:
    status, told = line.ask("POST", "/v2/operations/abcd/servers/powerOff", b'["VA1ABCDWEB01"]', **headers)

    assert (status, told[0]["isQueued"]) == (200, True)


@pytest.mark.parametrize("body", [b"", b"{}", b'""', b'""\n', b"null", b"[]"])
def test_a_body_where_none_belongs_does_no_harm(line: Line, admin: Caller, body: bytes) -> None:
    admin.send("POST", "/v2-experimental/networks/ABCD/GB3/claim")
    (network,) = admin.networks("GB3").values()

    status, _ = line.ask("POST", f"/v2-experimental/networks/ABCD/GB3/{network}/release", body)

    assert status == 204


def test_a_delete_with_a_body_is_a_delete(line: Line) -> None:
    """The Go command line sends its arguments along."""
    status, told = line.ask("DELETE", WEB, b'{"ServerId":"VA1ABCDWEB01"}', Content_Type="application/json")

    assert (status, told["isQueued"], told["links"][0]["rel"]) == (202, True, "status")


def test_a_get_with_a_type_and_a_length_of_nothing_is_a_get(line: Line) -> None:
    assert line.ask("GET", WEB, Content_Type=FORM, Content_Length="0")[0] == 200


def test_a_post_without_body_and_length_is_taken(line: Line) -> None:
    line.send(f"POST {WEB}/snapshots/1/restore HTTP/1.1\r\nAuthorization: Bearer {line.token}\r\n\r\n".encode())

    assert line.answer()[0] == 404  # there is no such snapshot, which is all that is wrong


def test_members_of_what_is_set_have_any_case(line: Line) -> None:
    patch = b'[{"Op":"Set","Member":"Description","Value":"words"}]'
    ports = b'{"Ports":[{"Protocol":"tcp","Port":8080,"PortTo":8090}],"SourceRestrictions":[{"CIDR":"10.0.0.0/8"}]}'

    password = b'[{"Op":"set","Member":"Password","Value":{"Current":"a","Password":"b"}}]'

    assert line.ask("PATCH", WEB, patch)[0] == 204
    assert line.ask("PATCH", WEB, password)[0] == 202
    assert line.ask("POST", "/v2/servers/ABCD/VA1ABCDDB01/publicIPAddresses", ports)[0] == 202


def test_a_policy_whose_inner_members_have_any_case(line: Line) -> None:
    body = (
        b'{"Name":"Busy","Actions":[{"Action":"email","Settings":{"Recipients":["a@shop.example"]}}],'
        b'"Triggers":[{"Metric":"cpu","Duration":"00:05:00","Threshold":80.0}]}'
    )

    assert line.ask("POST", "/v2/alertPolicies/ABCD", body)[0] == 201


def test_a_chunked_body_as_java_and_dotnet_send_it(line: Line) -> None:
    head = f"POST /v2/operations/ABCD/servers/reboot HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {line.token}\r\n"
    head += "Content-Type: application/json\r\nTransfer-Encoding: Chunked\r\n\r\n"
    line.send(head.encode() + b'8\r\n["VA1ABC\r\n8\r\nDWEB01"]\r\n0\r\n\r\n')

    assert line.answer()[1][0]["isQueued"] is True


def test_who_expects_to_be_told_to_go_on_is_told(line: Line) -> None:
    body = b'["VA1ABCDWEB01"]'
    head = f"POST /v2/operations/ABCD/servers/reset HTTP/1.1\r\nAuthorization: Bearer {line.token}\r\n"
    line.send(f"{head}Expect: 100-Continue\r\nContent-Length: {len(body)}\r\n\r\n".encode())

    assert line.head() == (100, {})
    line.send(body)
    assert line.answer()[0] == 200


@pytest.mark.parametrize(("coding", "status"), [("gzip", 200), ("x-gzip", 200), ("identity", 400), ("br", 415)])
def test_a_compressed_body(line: Line, coding: str, status: int) -> None:
    body = gzip.compress(b'["VA1ABCDWEB01"]')

    assert line.ask("POST", "/v2/operations/ABCD/servers/reboot", body, Content_Encoding=coding)[0] == status


def test_a_compressed_body_that_unpacks_to_too_much_is_refused(line: Line) -> None:
    body = gzip.compress(b" " * 50_000_000)

    assert line.ask("POST", "/v2/operations/ABCD/servers/reboot", body, Content_Encoding="gzip")[0] == 413
