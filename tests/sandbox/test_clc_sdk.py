"""A published client, PyPI `clc-sdk` 2.51, unmodified: only its endpoint is set.

Its state is global to the process and it warns about old habits, so each story runs in a process of its own.
"""

import subprocess
import sys
import textwrap

import pytest

from kb.sandbox.serve import Sandbox

HEAD = """
import sys
import clc
clc.defaults.ENDPOINT_URL_V2 = sys.argv[1]
clc.v2.SetCredentials("alex.abcd", "demo-admin-1")
def wait(requests):
    return requests.WaitUntilComplete(poll_freq=0.02, timeout=20)
"""

STORIES = {
    "bad login": """
        clc.v2.SetCredentials("alex.abcd", "wrong")
        try:
            clc.v2.Datacenter.Datacenters()
        except Exception as error:
            print(error)
        # Invalid V2 API login.  We didn't recognize the username or password you entered. Please try again.
        """,
    "login of a session by a form": """
        import requests
        answer = requests.post(sys.argv[1] + "/v2/authentication/login",
                               data={"username": "alex.abcd", "password": "demo-admin-1"})
        print(answer.json()["accountAlias"], answer.json()["locationAlias"])
        # ABCD VA1
        """,
    "data centres, root group, groups": """
        print(len(clc.v2.Datacenter.Datacenters()))
        dc = clc.v2.Datacenter()
        print(dc.name, dc.root_group_name, [group.name for group in dc.Groups().groups])
        print(dc.supports_shared_load_balancer, dc.Groups().Get("Shop").Subgroups().groups[0].name)
        # 13
        # VA1 - US East (Sterling) VA1 Hardware ['Archive', 'Default Group', 'Templates', 'Shop']
        # True Databases
        """,
    "a group by itself, with its times": """
        shop = clc.v2.Datacenter().Groups().Get("Shop")
        again = clc.v2.Group(shop.id)
        print(again.type, again.status, again.servers_count, again.created_date > 0)
        print([str(server) for server in again.Servers().Servers()])
        # default active 3 True
        # ['VA1ABCDWEB01', 'VA1ABCDWEB02']
        """,
    "server fields": """
        server = clc.v2.Server("VA1ABCDDB01")
        print(server.data["id"], server.name, server.status, server.power_state, server.location_id)
        print(server.cpu, server.memory, server.storage, server.is_template, server.in_maintenance_mode)
        print(server.Group().name, server.Account().alias, server.Credentials()["userName"])
        print(round(server.PriceHourly(), 3), len(server.Disks().disks), server.adding_cpu_requires_reboot)
        # va1abcddb01 VA1ABCDDB01 active started VA1
        # 4 16 250 False False
        # Databases ABCD administrator
        # 0.455 3 False
        """,
    "public IP detail and delete": """
        address = clc.v2.Server("VA1ABCDWEB01").PublicIPs().public_ips[0]
        print([str(port) for port in address.ports], len(address.source_restrictions))
        print(wait(address.AddPort("TCP", 22)))
        print(wait(clc.v2.Server("VA1ABCDWEB01").PublicIPs().public_ips[0].Delete()))
        print(len(clc.v2.Server("VA1ABCDWEB01").PublicIPs().public_ips))
        print(wait(clc.v2.Server("VA1ABCDWEB01").PublicIPs().Add([{"protocol": "TCP", "port": 5}])))
        print([str(port) for port in clc.v2.Server("VA1ABCDWEB01").PublicIPs().public_ips[0].ports])
        # ['80/TCP', '443/TCP'] 0
        # 0
        # 0
        # 0
        # 0
        # ['5/TCP']
        """,
    "networks both ways": """
        print(sorted(network.name for network in clc.v2.Networks(location="VA1").networks)[0])
        print(sorted(network.name for network in clc.v2.Datacenter("VA1").Networks().networks)[0])
        # shop
        # shop
        """,
    "a network is claimed, renamed and released": """
        print(wait(clc.v2.Network.Create(location="GB3")))
        network = clc.v2.Networks(location="GB3").networks[0]
        network.Update("mine", description="words", location="GB3")
        network.Refresh(location="GB3")
        print(network.name, network.data["description"], network.netmask)
        network.Delete(location="GB3")
        try:
            network.Refresh(location="GB3")
        except clc.APIFailedResponse as error:
            print(error.response_status_code)
        # 0
        # mine words 255.255.255.0
        # 404
        """,
    "a network in use stays": """
        network = clc.v2.Networks(location="VA1").Get("shop")
        try:
            network.Delete(location="VA1")
        except clc.APIFailedResponse as error:
            print(error.response_status_code, error.response_json["message"][:36])
        # 400 The network cannot be released becau
        """,
    "server delete, wait, 404 afterwards": """
        print(wait(clc.v2.Server("VA1ABCDWEB01").Delete()))
        try:
            clc.v2.Server("VA1ABCDWEB01")
        except clc.CLCException as error:
            print(error)
        print([str(server) for server in clc.v2.Datacenter().Groups().Get("Shop").Servers().Servers()])
        # 0
        # Server does not exist
        # ['VA1ABCDWEB02']
        """,
    "an archived server is walked and deleted": """
        archive = clc.v2.Datacenter().Groups().Get("Archive")
        server = archive.Servers().Servers()[0]
        print(server.status, server.cpu, archive.servers_count)
        print(wait(server.Delete()))
        # archived 0 0
        # 0
        """,
    "power": """
        print(wait(clc.v2.Server("VA1ABCDWEB01").PowerOff()))
        print(clc.v2.Server("VA1ABCDWEB01").power_state)
        print(wait(clc.v2.Server("VA1ABCDWEB01").PowerOff()))
        print(wait(clc.v2.Servers(["VA1ABCDWEB01", "VA1ABCDMAIL01"]).PowerOn()))
        print(wait(clc.v2.Server("VA1ABCDWEB01").Archive()), clc.v2.Server("VA1ABCDWEB01").status)
        # 0
        # stopped
        # 0
        # 0
        # 0 archived
        """,
    "snapshots": """
        server = clc.v2.Server("VA1ABCDWEB01")
        print(wait(server.CreateSnapshot()))
        server.Refresh()
        print(len(server.GetSnapshots()))
        print(wait(server.DeleteSnapshot()))
        server.Refresh()
        print(len(server.GetSnapshots()))
        # 0
        # 1
        # 0
        # 0
        """,
    "a group is made and deleted": """
        made = clc.v2.Datacenter().RootGroup().Create("Extra")
        print(made.name, made.type)
        print(wait(clc.v2.Group(made.id).Delete()))
        try:
            clc.v2.Datacenter().Groups().Get("Extra")
        except clc.CLCException as error:
            print(error)
        # Extra default
        # 0
        # Group not found
        """,
    "a server is made": """
        dc = clc.v2.Datacenter()
        group = dc.Groups().Get("Shop")
        request = clc.v2.Server.Create(
            name="api", cpu=1, memory=1, group_id=group.id, template=dc.Templates().Search("ubuntu")[0].id,
            network_id=dc.Networks().networks[0].id, alias="ABCD")
        print(wait(request), request.success_requests[0].Server().name)
        # 0 VA1ABCDAPI01
        """,
    "account": """
        account = clc.v2.Account()
        print(account.business_name, account.primary_data_center, account.status, account.PrimaryDatacenter().id)
        # Meadow & Finch Trading VA1 Active VA1
        """,
    "403 and 404": """
        clc.v2.SetCredentials("vic.abcd", "demo-viewer-1")
        for call in (lambda: clc.v2.Server("VA1ABCDWEB01").Delete(), lambda: clc.v2.Group("0" * 32)):
            try:
                call()
            except clc.APIFailedResponse as error:
                print(error.response_status_code)
        # 403
        # 404
        """,
}


@pytest.mark.parametrize("story", STORIES)
def test_the_client_believes_the_sandbox(story: str) -> None:
    script = textwrap.dedent(STORIES[story])
    expected = [line[2:] for line in script.splitlines() if line.startswith("# ")]

    with Sandbox(pace=0.05) as sandbox:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", HEAD + script, sandbox.url],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert done.stdout.splitlines() == expected, done.stderr
