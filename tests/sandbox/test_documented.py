"""Every address that the official documentation names is there; read from the folder that KB_CORPUS names."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from kb.sandbox.api.app import all_routes
from kb.sandbox.api.route import Match, Routes

HOSTS = {  # of the real service, and what stands for each here
    "api.ctl.io": "",
    "api.loadbalancer.ctl.io": "/_loadbalancer",
    "api.rdbs.ctl.io": "/_database",
    "api.backup.ctl.io": "/_backup",
    "api.client-security.ctl.io": "/_security",
    "patching.useast.appfog.ctl.io": "/_patching",
}
# reports as files, and programs to install outside of the platform: nothing that a closure could miss
LEFT_OUT = ("/csv/", "/createInstallerScript", "/provisioning", "/anywhereServers", "/make_managed_os")
MISPRINTS = {  # what is missing at the end, as the link of a server says
    "POST /v2/servers/ALIAS/WA1ACCTWB01": "/alertPolicies",
    "POST /v2/servers/{accountAlias}/{serverId}": "/alertPolicies",
}
ADDRESS = re.compile(r"^\s*(GET|POST|PUT|PATCH|DELETE)\s+(https?://\S+)", re.MULTILINE)


def _documented(folder: Path) -> Iterator[tuple[str, str]]:
    """Method and path of each address, without what stands behind the question mark."""
    for file in sorted(folder.rglob("*.md")):
        for method, address in ADDRESS.findall(file.read_text(encoding="utf-8")):
            place = urlsplit(address)
            path = HOSTS[place.hostname or ""] + re.sub("/+", "/", place.path).replace(
                "/notification/", "/notifications/"
            )
            yield method, path + MISPRINTS.get(f"{method} {path}", "")


def test_every_documented_address_is_answered(corpus: Path) -> None:
    routes = Routes(all_routes())
    documented = set(_documented(corpus / "apidocs"))

    missing = {each for each in documented if not isinstance(routes.find(*each), Match)}

    assert len(documented) > 200
    assert {each for each in missing if not any(part in each[1] for part in LEFT_OUT)} == set()
