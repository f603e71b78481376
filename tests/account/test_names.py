"""The names that side files may use."""

from kb.account.names import known_names


def test_all_names_are_told_by_their_use() -> None:
    names = known_names()
    assert names.checks == {"account.has_role", "account.services_listed", "account.no_billed_services"}
    assert names.actions == {"account.delete_services"}
    assert names.prepares == {"account.service_task_mail", "account.closure_request"}
    assert names.shows == {"account.final_invoice"}
    assert names.kinds >= {"server", "public-ip", "network", "vpn", "load-balancer"}
    assert names.asks >= {"buckets", "apps", "dns"}
