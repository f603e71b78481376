"""Groups: the tree and its odd counts, links, making, changing, deleting, archiving."""

import re

import pytest

from tests.sandbox.caller import Caller, rels, server_ids, verbs

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z")


def test_the_tree_is_nested(admin: Caller) -> None:
    root = admin.get(f"/v2/groups/ABCD/{admin.root()}")

    assert [each["name"] for each in root["groups"]] == ["Archive", "Default Group", "Templates", "Shop"]
    assert [each["name"] for each in root["groups"][3]["groups"]] == ["Databases"]


@pytest.mark.parametrize(
    ("name", "kind", "count", "members"),
    [
        ("VA1 Hardware", "default", 4, []),
        ("Archive", "archive", 0, ["VA1ABCDOLDWEB01"]),
        ("Default Group", "default", 1, ["VA1ABCDMAIL01"]),
        ("Templates", "templates", 0, []),
        ("Shop", "default", 3, ["VA1ABCDWEB01", "VA1ABCDWEB02"]),
        ("Databases", "default", 1, ["VA1ABCDDB01"]),
    ],
)
def test_counts_are_recursive_and_never_include_archived_servers(
    admin: Caller, name: str, kind: str, count: int, members: list[str]
) -> None:
    group = admin.groups()[name]

    assert (group["type"], group["serversCount"], server_ids(group)) == (kind, count, members)
    assert (group["status"], group["locationId"]) == ("active", "VA1")


def test_a_group_has_lower_case_hex_id_and_times_without_fraction(admin: Caller) -> None:
    group = admin.groups()["Shop"]

    assert re.fullmatch(r"[0-9a-f]{32}", group["id"])
    assert TIME.match(group["changeInfo"]["createdDate"])
    assert TIME.match(group["changeInfo"]["modifiedDate"])


def test_a_server_link_has_its_id_in_upper_and_its_href_in_lower_case(admin: Caller) -> None:
    link = next(each for each in admin.groups()["Default Group"]["links"] if each["rel"] == "server")

    assert link == {"rel": "server", "href": "/v2/servers/abcd/va1abcdmail01", "id": "VA1ABCDMAIL01"}


EVERY = {"self", "defaults", "billing"}
DEFAULT = EVERY | {
    "createGroup", "createServer", "statistics", "upcomingScheduledActivities", "horizontalAutoscalePolicyMapping",
    "scheduledActivities",
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "expected", "self_verbs"),
    [
        ("VA1 Hardware", DEFAULT, ["GET", "PATCH"]),
        ("Archive", EVERY | {"parentGroup"}, ["GET", "PATCH"]),
        ("Templates", EVERY | {"parentGroup"}, ["GET", "PATCH"]),
        ("Databases", DEFAULT | {"parentGroup", "archiveGroupAction"}, ["GET", "PATCH", "DELETE"]),
    ],
)
def test_links_by_type_of_group(admin: Caller, name: str, expected: set[str], self_verbs: list[str]) -> None:
    group = admin.groups()[name]

    assert set(rels(group)) - {"server"} == expected
    assert verbs(group, "self") == self_verbs


def test_detailed_groups_hold_servers_in_place_of_links(admin: Caller) -> None:
    group = admin.get(f"/v2/groups/ABCD/{admin.groups()['Shop']['id']}?serverDetail=detailed")

    assert [each["id"] for each in group["servers"]] == ["va1abcdweb01", "va1abcdweb02"]
    assert [each["id"] for each in group["groups"][0]["servers"]] == ["va1abcddb01"]
    assert "server" not in rels(group)


@pytest.mark.parametrize("form", [False, True])
@pytest.mark.parametrize("path", ["/v2/groups/ABCD", "/v2/groups/abcd/"])
def test_a_group_is_made_from_json_or_a_form(admin: Caller, form: bool, path: str) -> None:
    body = {"name": "New", "parentGroupId": admin.root(), "description": "More"}

    answer = admin.http.post(path, data=body) if form else admin.http.post(path, json=body)

    assert answer.status_code == 201
    made = answer.json()
    assert "serversCount" not in made
    assert (made["name"], made["description"], made["type"]) == ("New", "More", "default")
    assert admin.groups()["New"]["id"] == made["id"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "x"},
        {"name": "", "parentGroupId": "ROOT"},
        {"name": 3, "parentGroupId": "ROOT"},
        {"name": "x", "parentGroupId": "0" * 32},
        {"name": "x", "parentGroupId": "ARCHIVE"},
        [],
        "text",
    ],
)
def test_a_wrong_new_group_is_refused_with_the_fields_at_fault(admin: Caller, body: object) -> None:
    if isinstance(body, dict) and "parentGroupId" in body:
        named = {"ROOT": admin.root(), "ARCHIVE": admin.groups()["Archive"]["id"]}
        body["parentGroupId"] = named.get(body["parentGroupId"], body["parentGroupId"])

    answer = admin.send("POST", "/v2/groups/ABCD", body)

    assert answer.status_code == 400
    assert answer.json()["message"]
    assert all(isinstance(texts, list) for texts in answer.json()["modelState"].values())


def test_patches_set_name_description_parent_and_custom_fields(admin: Caller) -> None:
    groups = admin.groups()
    fields = [{"id": "a", "value": "b"}]
    patches = [
        {"op": "set", "member": "name", "value": "Data"},
        {"op": "set", "member": "description", "value": "All data"},
        {"op": "set", "member": "parentGroupId", "value": groups["VA1 Hardware"]["id"]},
        {"op": "set", "member": "customFields", "value": fields},
    ]

    answer = admin.send("PATCH", f"/v2/groups/ABCD/{groups['Databases']['id']}", patches)

    assert (answer.status_code, answer.content) == (204, b"")
    changed = admin.groups()["Data"]
    assert (changed["description"], changed["customFields"]) == ("All data", fields)
    assert "Data" in [each["name"] for each in admin.groups()["VA1 Hardware"]["groups"]]


def test_a_group_cannot_move_into_itself(admin: Caller) -> None:
    groups = admin.groups()
    patch = [{"op": "set", "member": "parentGroupId", "value": groups["Databases"]["id"]}]

    assert admin.send("PATCH", f"/v2/groups/ABCD/{groups['Shop']['id']}", patch).status_code == 400


def test_deleting_a_group_takes_its_servers_and_groups_with_it(admin: Caller) -> None:
    answer = admin.send("DELETE", f"/v2/groups/ABCD/{admin.groups()['Shop']['id']}")

    assert answer.status_code == 202
    assert answer.json()["rel"] == "status"
    assert answer.json()["href"] == f"/v2/operations/abcd/status/{answer.json()['id']}"
    assert admin.status(answer.json()["id"]) == "succeeded"
    assert not {"Shop", "Databases"} & set(admin.groups())
    assert admin.http.get("/v2/servers/ABCD/VA1ABCDDB01").status_code == 404
    assert admin.groups()["VA1 Hardware"]["serversCount"] == 1


@pytest.mark.parametrize("name", ["VA1 Hardware", "Archive", "Templates"])
def test_the_platforms_groups_cannot_be_deleted(admin: Caller, name: str) -> None:
    answer = admin.send("DELETE", f"/v2/groups/ABCD/{admin.groups()[name]['id']}")

    assert answer.status_code == 400
    assert answer.json()["message"]


def test_archiving_and_restoring_a_group_moves_its_servers(admin: Caller) -> None:
    shop, archive = admin.groups()["Shop"]["id"], admin.groups()["Archive"]["id"]

    archived = admin.send("POST", f"/v2/groups/ABCD/{shop}/archive").json()
    assert admin.status(archived["id"]) == "succeeded"
    assert set(server_ids(admin.groups()["Archive"])) > {"VA1ABCDWEB01", "VA1ABCDDB01"}
    restored = admin.send("POST", f"/v2/groups/ABCD/{archive}/restore", {"targetGroupId": shop}).json()

    assert restored["isQueued"] is True
    assert [link["rel"] for link in restored["links"]] == ["self", "status"]
    assert admin.status(restored["links"][1]["id"]) == "succeeded"
    assert server_ids(admin.groups()["Archive"]) == []


def test_an_unknown_group_is_404_without_a_body(admin: Caller) -> None:
    answer = admin.http.get(f"/v2/groups/ABCD/{'0' * 32}")

    assert (answer.status_code, answer.content) == (404, b"")


def test_every_get_link_of_every_group_can_be_followed(admin: Caller) -> None:
    for group in admin.groups().values():
        for link in group["links"]:
            if "GET" in link.get("verbs", ["GET"]):
                assert admin.http.get(link["href"]).status_code in (200, 204), link
