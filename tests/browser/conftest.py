"""A real Chromium for the tests: `page`, `page_without_javascript`, and `open_page` for a further reader."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.watch import Watch

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE = 20_000  # milliseconds until a missing element is a failure; CI machines are small


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests of a file, with a profile of its own.

    It ends with the file: while Playwright runs, its event loop runs in this thread and nobody else's can.
    """
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=_executable(), args=list(OPTIONS))
        yield chromium
        chromium.close()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Fails the test afterwards for console errors, page errors and requests to other hosts.

    A test that provokes one says so: `watch.expected.append("404")`.
    """
    watch = Watch()
    yield watch
    assert [] == watch.faults()


@pytest.fixture
def open_page(browser: Browser, watch: Watch) -> Iterator[Callable[..., Page]]:
    """`open_page()` is a browser with no cookies; `open_page(java_script_enabled=False)` takes Playwright's options."""
    contexts: list[BrowserContext] = []

    def open_new(**options: object) -> Page:
        context = browser.new_context(**options)  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        watch.follow(context)
        return context.new_page()

    yield open_new
    for context in contexts:
        context.close()


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A page of a new reader."""
    return open_page()


@pytest.fixture
def page_without_javascript(open_page: Callable[..., Page]) -> Page:
    """A page of a new reader whose browser runs no scripts."""
    return open_page(java_script_enabled=False)


def _executable() -> str:
    names = [os.environ["KB_CHROMIUM"]] if os.environ.get("KB_CHROMIUM") else NAMES
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail("The browser tests need Chromium: apt install chromium (or set KB_CHROMIUM to a Chrome)")
    return found
