"""The whole package against the sandbox, which shares no code with it, over its socket."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import pytest

from kb.account.account import Account, open_account, sign_in
from kb.account.actions import ACTIONS
from kb.account.checks import CHECKS
from kb.checklist.check import Asked, Outcome, Progressed, Target, Verdict
from kb.errors import BadCredentials, Unreachable
from kb.sandbox.serve import Sandbox

DELETE = ACTIONS["account.delete_services"]
TOLD = {"buckets": "nothing", "apps": "nothing", "dns": "nothing"}


class Clock:
    """Time that passes when it is told to."""

    def __init__(self) -> None:
        self.now = datetime(2019, 9, 10, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


class Desk:
    """A customer's account in one sandbox."""

    def __init__(self, scenario: str, user: str = "alex.abcd", password: str = "demo-admin-1") -> None:
        self.clock = Clock()
        self.sandbox = Sandbox(scenario=scenario, clock=self.clock).start()
        self.account = self.sign_in(user, password)

    @property
    def bases(self) -> dict[str, str]:
        return {"api": self.sandbox.url, "load_balancer": f"{self.sandbox.url}/_loadbalancer"}

    def sign_in(self, user: str, password: str) -> Account:
        return open_account(sign_in(self.bases, user, password, self.clock()), self.bases)

    def asked(self, answers: Mapping[str, str] | None = None) -> Asked:
        params = {"kinds": ["server", "template", "public-ip", "network", "load-balancer", "vpn"], "asks": list(TOLD)}
        return Asked(self.clock(), params, {**TOLD, **(answers or {})})

    def verdict(self, answers: Mapping[str, str] | None = None) -> Verdict:
        return CHECKS["account.no_billed_services"].verdict(self.account, self.asked(answers))

    def delete_all(self, answers: Mapping[str, str] | None = None) -> dict[str, Progressed]:
        """Plan, and carry out phase by phase to the end."""
        planned = DELETE.plan(self.account, self.asked(answers))
        return {
            target.id: self.settle(target, progressed)
            for phase in (0, 1)
            for target, progressed in [
                (target, DELETE.carry_out(self.account, target)) for target in planned if target.phase == phase
            ]
        }

    def settle(self, target: Target, progressed: Progressed) -> Progressed:
        for _ in range(20):
            if progressed.state != "running":
                return progressed
            self.clock.now += timedelta(seconds=5)
            progressed = DELETE.follow(self.account, target, progressed.operation)
        return progressed

    def close(self) -> None:
        self.account.close()
        self.sandbox.close()


@pytest.fixture
def desk(request: pytest.FixtureRequest) -> Iterator[Desk]:
    desk = Desk(*request.param)
    yield desk
    desk.close()


def in_scenario(*names: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("desk", [names], indirect=True, ids=[names[0]])


@in_scenario("demo")
def test_an_account_is_emptied_until_nothing_is_billed(desk: Desk) -> None:
    before = desk.verdict()
    assert before.outcome is Outcome.FAILED
    kinds = {item.kind for item in before.left}
    assert kinds >= {
        "server",
        "public IP address",
        "network",
        "shared load balancer",
        "load balancer",
        "site-to-site VPN",
    }
    assert {"stopped", "archived", "running"} <= {item.note for item in before.left if item.kind == "server"}
    settled = desk.delete_all()
    assert {progressed.state for progressed in settled.values()} == {"done"}
    after = desk.verdict()
    assert (after.outcome, after.message) == (Outcome.PASSED, "Nothing is billed any more.")
    assert {(item.name, item.note) for item in after.evidence} >= {("VA1ABCDVPN01", "ignored: comes with the account")}


@in_scenario("demo")
def test_what_deleted_servers_held_was_never_asked_for_twice(desk: Desk) -> None:
    assert not any(target.kind == "public IP address" for target in DELETE.plan(desk.account, desk.asked()))


@in_scenario("empty")
def test_an_account_with_nothing_but_its_own_vpn_passes(desk: Desk) -> None:
    said = desk.verdict()
    assert said.outcome is Outcome.PASSED
    assert {item.kind for item in said.evidence if item.state == "ignored"} == {"server", "network"}


@in_scenario("two-networks")
def test_an_undecidable_network_is_asked_about_and_the_answer_is_followed(desk: Desk) -> None:
    said = desk.verdict()
    assert (said.outcome, said.reason) == (Outcome.UNKNOWN, "ReaderMustTell")
    own = next(item for item in said.evidence if item.name != "second")
    other = next(item for item in said.evidence if item.name == "second")
    assert desk.delete_all() == {}
    assert desk.delete_all({own.id: "nothing"})[other.id].state == "done"
    assert desk.verdict().outcome is Outcome.PASSED


@in_scenario("own-vpn")
def test_a_customers_own_vpn_servers_are_billed(desk: Desk) -> None:
    left = {item.name for item in desk.verdict().left if item.kind == "server"}
    assert len(left) == 3
    assert "VA1ABCDVPN01" not in left


@in_scenario("demo", "sam.abcd", "demo-server-1")
def test_a_user_without_the_role_is_told_who_can(desk: Desk) -> None:
    settled = desk.delete_all()
    refused = {id.partition(":")[0]: item for id, item in settled.items() if item.state == "refused"}
    assert refused["vpn"].message == (
        "An Account Administrator, a Network Manager or a Security Manager can delete this. Your user may not."
    )
    assert (
        refused["network"].message
        == "An Account Administrator or a Network Manager can delete this. Your user may not."
    )
    assert {item.state for id, item in settled.items() if id.startswith("server:")} == {"done"}


@in_scenario("demo")
def test_jobs_that_fail_are_told_and_leave_the_thing(desk: Desk) -> None:
    desk.sandbox.set_faults("jobs")
    settled = desk.delete_all()
    servers = {item.state for id, item in settled.items() if id.startswith("server:")}
    assert servers == {"refused"}
    assert any(item.kind == "server" for item in desk.verdict().left)


@in_scenario("demo")
def test_a_part_that_fails_is_a_gap_and_not_the_end(desk: Desk) -> None:
    desk.sandbox.set_faults("fail:100%@/v2-experimental")
    said = desk.verdict()
    assert said.outcome is Outcome.FAILED
    assert "Not searched: networks." in said.message


@in_scenario("demo")
def test_an_api_that_is_switched_off_is_unknown(desk: Desk) -> None:
    desk.sandbox.stop()
    said = desk.verdict()
    assert (said.outcome, said.reason, said.reached) == (Outcome.UNKNOWN, "Unreachable", False)
    with pytest.raises(Unreachable):
        sign_in({"api": "http://127.0.0.1:9"}, "alex.abcd", "demo-admin-1", desk.clock())


@in_scenario("demo")
def test_an_unknown_outcome_is_found_out_by_looking_again(desk: Desk) -> None:
    target = next(item for item in DELETE.plan(desk.account, desk.asked()) if item.kind == "server")
    assert DELETE.follow(desk.account, target, "").state == "refused"
    sent = DELETE.carry_out(desk.account, target)
    assert sent.state == "running"
    looked = DELETE.follow(desk.account, target, "")
    assert looked.state == "running"
    assert desk.settle(target, looked).state == "done"
    assert DELETE.carry_out(desk.account, target) == Progressed("done", "It was already gone.")


@in_scenario("empty")
def test_a_wrong_password_is_refused_in_the_apis_words(desk: Desk) -> None:
    with pytest.raises(BadCredentials, match="didn't recognize"):
        desk.sign_in("alex.abcd", "wrong")
