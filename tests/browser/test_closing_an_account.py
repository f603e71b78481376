"""The proving case, in a real browser against the real server and the real sandbox."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.closure import ADMIN, NO_ADMIN, OLD, Reader
from tests.browser.watch import Watch
from tests.served import Served, listening, serving

pytestmark = pytest.mark.parametrize("scripts", [True, False], ids=["javascript", "no-javascript"])


@pytest.fixture
def library(sample_library: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "articles"
    shutil.copytree(sample_library, copy, ignore=shutil.ignore_patterns(".kb"))
    return copy


@pytest.fixture
def served(library: Path, tmp_path: Path, free_port: int) -> Iterator[Served]:
    with serving(library, tmp_path / "data", free_port, "--sandbox") as served:
        yield served


@pytest.fixture
def reader(served: Served, open_page: Callable[..., Page], scripts: bool) -> Reader:
    return Reader(open_page(java_script_enabled=scripts), served.url, scripts)


def test_ticks_outlive_the_server_and_reach_another_browser(
    library: Path, tmp_path: Path, free_port: int, open_page: Callable[..., Page], scripts: bool
) -> None:
    with serving(library, tmp_path / "data", free_port) as served:
        reader = Reader(open_page(java_script_enabled=scripts), served.url, scripts).start()
        reader.tick(1)
        reader.tick(2)
        reader.tick(2, done=False)
        run = reader.page.url.partition("#")[0]
        assert 0 == served.interrupt()
        assert [] == listening(served.url)
    with serving(library, tmp_path / "data", free_port) as served:
        tab = reader.page.context.new_page()
        tab.goto(run)
        expect(tab.locator("#done-list-services")).to_be_checked()
        expect(tab.locator("#done-retrieve-data")).not_to_be_checked()
        reader.page.reload()
        reader.page.get_by_role("button", name="Make a resume link").click()
        link = reader.page.locator("#resume-link").inner_text()
        other = open_page(java_script_enabled=scripts)
        other.goto(link)
        if not scripts:  # what stands behind the # never reaches the server
            other.get_by_label("The link that you were given").fill(link)
        other.get_by_role("button", name=re.compile("Continue")).click()
        expect(other).to_have_url(run)
        expect(other.locator("#done-list-services")).to_be_checked()


def test_the_administrator_closes_the_account(reader: Reader) -> None:
    reader.start()
    reader.no_commitment()
    expect(reader.step(2)).to_contain_text("ServiceTasks@ctl.io", use_inner_text=False)
    reader.tick(2)
    reader.sign_in(*ADMIN)
    reader.check()
    expect(reader.status(1)).to_contain_text("Completed, checked")
    expect(reader.status(3)).to_contain_text("There is a problem")
    for kind in ("running", "stopped", "archived", "public IP address", "network", "VPN", "load balancer"):
        expect(reader.step(3)).to_contain_text(kind)
    expect(reader.step(3).locator(".ignored")).to_contain_text("VA1ABCDVPN01")
    expect(reader.step(3).locator(".ignored")).to_contain_text("comes with the account")
    expect(reader.status(4)).to_contain_text("Cannot start yet")
    expect(reader.step(4).get_by_role("button")).to_have_count(0)
    reader.delete_all(3, "Only you can know this")
    expect(reader.status(3)).not_to_contain_text("There is a problem")
    expect(reader.status(4)).to_contain_text("Cannot start yet")
    reader.nothing_left(3)
    expect(reader.status(3)).to_have_text(re.compile(r"Completed, checked .+ UTC; you told us: .+"))
    expect(reader.step(4)).to_contain_text("help@ctl.io")
    expect(reader.step(4).get_by_role("link", name=re.compile("ticket", re.I))).not_to_have_count(0)
    reader.step(4).get_by_label(re.compile("alias of your account")).fill("ABCD")
    reader.step(4).get_by_role("button", name=re.compile("sent")).click()
    expect(reader.status(4)).to_contain_text("Completed, you told us")
    expect(reader.page.locator(".finished")).to_contain_text("The account is not closed yet")
    expect(reader.page.locator("#after")).to_contain_text("invoice")
    expect(reader.page.locator(".timeline li")).not_to_have_count(0)


def test_without_the_administrator_role_the_page_says_who_can(reader: Reader) -> None:
    reader.start()
    reader.no_commitment()
    reader.sign_in(*NO_ADMIN)
    reader.check()
    expect(reader.page.locator("#account")).to_contain_text("Account Administrator")
    expect(reader.status(4)).to_contain_text(re.compile("Cannot start yet: .*Account Administrator"))
    reader.tick(2)


def test_the_edition_of_2015_with_its_five_steps(reader: Reader) -> None:
    reader.start(OLD)
    reader.no_commitment()
    expect(reader.status(5)).to_have_text("Waiting: for the provider")
    expect(reader.step(4).locator("img")).to_have_count(1)
    reader.sign_in(*ADMIN)
    reader.check()
    expect(reader.status(2)).to_contain_text("There is a problem")
    reader.delete_all(2, "Completed, checked")
    reader.delete_all(3, "Only you can know this")
    reader.nothing_left(3)
    expect(reader.status(3)).to_contain_text("Completed, checked")
    assert "control.ctl.io" not in reader.step(4).inner_html()
    reader.step(4).get_by_role("button", name=re.compile("I understand")).click()
    expect(reader.step(4).locator('a[href="https://control.ctl.io/organization/account"]')).to_have_count(1)
    reader.step(4).get_by_label(re.compile("alias of your account")).fill("ABCD")
    reader.step(4).get_by_role("button", name=re.compile("clicked")).click()
    expect(reader.page.locator(".finished")).to_contain_text("The account is not closed yet")
    expect(reader.page.locator("#progress, .finished")).not_to_have_count(0)


def test_with_the_account_api_out_of_reach_the_page_still_works(
    library: Path, tmp_path: Path, free_port: int, open_page: Callable[..., Page], watch: Watch, scripts: bool
) -> None:
    data = tmp_path / "data"
    with serving(library, data, free_port, "--sandbox") as served:
        reader = Reader(open_page(java_script_enabled=scripts), served.url, scripts).start()
        reader.no_commitment()
        reader.sign_in(*ADMIN)
        reader.check()
        expect(reader.status(3)).to_contain_text("There is a problem")
        page = reader.page.url
    text = (library / "kb.toml").read_text()
    (library / "kb.toml").write_text(re.sub(r'= "https://[^"]*ctl\.io[^"]*"', '= "http://127.0.0.1:9"', text))
    with serving(library, data, free_port):
        reader.page.goto(page)
        reader.page.get_by_role("button", name="Check my account now").click()
        expect(reader.step(3)).to_contain_text("Could not check")
        reader.tick(2)
        expect(reader.status(4)).to_contain_text("Cannot start yet")
        assert [] == watch.faults()
