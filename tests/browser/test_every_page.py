"""Every page in every state that matters: accessible in light, dark and on a phone, and never wider than the screen."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.closure import Reader
from tests.browser.long_article import write_long_article, write_long_category
from tests.browser.states import LONG, PROVOKED, STAFF, STATES
from tests.browser.watch import Watch
from tests.served import Served, a_free_port, serving

STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 320, "height": 640}
Modes = tuple[tuple[str, dict[str, int], str], ...]
MODES: Modes = (("light", DESKTOP, "light"), ("dark", DESKTOP, "dark"), ("phone", PHONE, "light"))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, sample_library: Path) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("every-page")
    library = folder / "articles"
    shutil.copytree(sample_library, library, ignore=shutil.ignore_patterns(".kb"))
    assert LONG == write_long_article(library)
    write_long_category(library)
    _let_in(library, folder / "data")
    with serving(library, folder / "data", a_free_port(), "--sandbox") as served:
        yield served


def _let_in(library: Path, data: Path) -> None:
    """Somebody of the staff who may see everything."""
    with (library / "kb.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'\n[staff.users]\n{STAFF[0]} = ["operator", "author", "support"]\n')
    command = [sys.executable, "-m", "kb", "users", "add", STAFF[0], "--library", str(library), "--data", str(data)]
    subprocess.run(command, input=f"{STAFF[1]}\n", text=True, check=True, capture_output=True)


@pytest.fixture
def reader(served: Served, open_page: Callable[..., Page]) -> Reader:
    return Reader(open_page(bypass_csp=True, reduced_motion="reduce"), served.url, scripts=True)


@pytest.mark.parametrize("state", STATES)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(state: str, reader: Reader, watch: Watch) -> None:
    watch.expected.extend([PROVOKED[state]] if state in PROVOKED else [])
    STATES[state][1](reader)
    reader.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    faults = []
    for mode, size, scheme in MODES:
        reader.page.set_viewport_size(size)  # type: ignore[arg-type]
        reader.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        faults += [f"{mode}: {fault}" for fault in [*_violations(reader.page), *_too_wide(reader.page)]]
    assert [] == faults


def test_every_template_of_a_page_is_tried() -> None:
    folder = Path(__file__).resolve().parents[2] / "site" / "templates"
    frames = {"base.html", "run_frame.html", "staff.html"}
    framed = re.compile("|".join(f'{{% extends "{frame}" %}}' for frame in frames))
    pages = {file.name for file in folder.glob("*.html") if framed.search(file.read_text())} - frames
    assert pages == {template for template, _arrive in STATES.values()}


def _violations(page: Page) -> list[str]:
    found: Any = Axe().run(page, options={"runOnly": STANDARD, "resultTypes": ["violations"]}).response
    return [f"{one['id']}: {node['html'][:200]}" for one in found["violations"] for node in one["nodes"]]


def _too_wide(page: Page) -> list[str]:
    beyond = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [f"the page is {beyond} px wider than the screen"] if beyond > 0 else []
