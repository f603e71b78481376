"""A caller of the sandbox over HTTP, as one of its users."""

from typing import Any, Self

import httpx

ADMIN = ("alex.abcd", "demo-admin-1")
SERVER_ADMIN = ("sam.abcd", "demo-server-1")
VIEWER = ("vic.abcd", "demo-viewer-1")


class Caller:
    """Sends requests with a user's token and reads what comes back."""

    def __init__(self, url: str, user: tuple[str, str] = ADMIN) -> None:
        self.http = httpx.Client(base_url=url, timeout=10, verify=False)  # no TLS here, and roots take long to load
        self.user = user
        try:
            self.sign_in()
        except BaseException:
            self.close()
            raise

    def sign_in(self) -> None:
        """Get a new token; one lives 14 days of the sandbox's clock."""
        name, password = self.user
        answer = self.http.post("/v2/authentication/login", json={"username": name, "password": password})
        self.http.headers["Authorization"] = f"Bearer {answer.json()['bearerToken']}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *ignored: object) -> None:
        self.close()

    def close(self) -> None:
        self.http.close()

    def get(self, path: str) -> Any:
        """The data of a 200."""
        answer = self.http.get(path)
        assert answer.status_code == 200, f"GET {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def send(self, method: str, path: str, body: Any = None) -> httpx.Response:
        return self.http.request(method, path) if body is None else self.http.request(method, path, json=body)

    def root(self, dc: str = "VA1") -> str:
        """The id of a data centre's root group."""
        links = self.get(f"/v2/datacenters/ABCD/{dc}?groupLinks=true")["links"]
        return next(str(link["id"]) for link in links if link["rel"] == "group")

    def groups(self, dc: str = "VA1") -> dict[str, dict[str, Any]]:
        """Every group of a data centre by name."""
        found: dict[str, dict[str, Any]] = {}
        waiting = [self.get(f"/v2/groups/ABCD/{self.root(dc)}")]
        while waiting:
            group = waiting.pop()
            found[group["name"]] = group
            waiting += group["groups"]
        return found

    def networks(self, dc: str = "VA1") -> dict[str, str]:
        """Ids of networks by name."""
        return {each["name"]: each["id"] for each in self.get(f"/v2-experimental/networks/ABCD/{dc}")}

    def status(self, operation: str) -> str:
        return str(self.get(f"/v2/operations/ABCD/status/{operation}")["status"])


def rels(entity: dict[str, Any]) -> list[str]:
    return [link["rel"] for link in entity["links"]]


def verbs(entity: dict[str, Any], rel: str) -> list[str]:
    return [verb for link in entity["links"] if link["rel"] == rel for verb in link.get("verbs", ["GET"])]


def server_ids(group: dict[str, Any]) -> list[str]:
    return [link["id"] for link in group["links"] if link["rel"] == "server"]
