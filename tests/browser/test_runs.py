"""What readers do with checklists of any kind, in a real browser; the same with and without JavaScript."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.served import Served, a_free_port, serving

BOTH = pytest.mark.parametrize("scripts", [True, False], ids=["javascript", "no-javascript"])
PHONE = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "reduced_motion": "reduce"}
MOVING = """---
title: Moving out
date: 2026-02-01
---
## Steps
1. Pack your things.
2. Tell the post office.
3. Hand in the key.
4. The deposit comes back.
"""
ORDER = """procedures:
  - heading: Steps
    steps:
      - {step: 1, starts: Pack your things, id: pack}
      - {step: 2, starts: Tell the post office, id: post}
      - {step: 3, starts: Hand in the key, id: key, after: [pack]}
      - {step: 4, starts: The deposit, id: deposit, waits: for the landlord}
"""
LONG = "---\ntitle: Sixty steps\ndate: 2026-02-01\n---\n## Steps\n" + "".join(
    f"{number}. Do thing number {number}, which takes some words to explain.\n" for number in range(1, 61)
)


@dataclass
class Reader:
    """`scripts` says whether this reader's browser runs JavaScript."""

    page: Page
    url: str
    scripts: bool

    def start(self, address: str = "/house/moving-out/") -> str:
        self.page.goto(self.url + address)
        self.page.locator("form.start button").first.click()
        self.page.wait_for_url(re.compile("/runs/.+/"))
        return self.page.url

    def step(self, number: int) -> Locator:
        return self.page.locator("ol.run-steps > li").nth(number - 1)

    def status(self, number: int) -> Locator:
        return self.step(number).locator(".status").first

    def tick(self, number: int) -> None:
        self.step(number).get_by_role("checkbox").first.check()
        if not self.scripts:
            self.step(number).get_by_role("button", name=f"Save step {number}").click()
        expect(self.status(number)).to_contain_text("Completed")

    def open(self, number: int) -> None:
        self.step(number).locator(".more > summary").click()

    def note(self, number: int, text: str) -> None:
        self.open(number)
        self.page.get_by_label(f"Your note on step {number}").fill(text)
        self.step(number).get_by_role("button", name="Save the note").click()
        expect(self.step(number).locator(".own-note-text")).to_have_text(text)
        expect(self.page.get_by_label(f"Your note on step {number}")).to_be_hidden()

    def leave_out(self, number: int, why: str) -> None:
        self.open(number)
        self.page.get_by_label(f"Why is step {number} not needed?").fill(why)
        self.step(number).get_by_role("button", name="Mark as not needed").click()
        expect(self.status(number)).to_contain_text("Not needed")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("site")
    house = folder / "library" / "House"
    house.mkdir(parents=True)
    (house / "moving-out.md").write_text(MOVING)
    (house / "moving-out.checklist.yaml").write_text(ORDER)
    (house / "sixty-steps.md").write_text(LONG)
    with serving(folder / "library", folder / "data", a_free_port()) as served:
        yield served


@pytest.fixture
def reader(served: Served, open_page: Callable[..., Page], scripts: bool) -> Reader:
    return Reader(open_page(java_script_enabled=scripts), served.url, scripts)


@pytest.fixture
def phone(served: Served, open_page: Callable[..., Page], scripts: bool) -> Reader:
    return Reader(open_page(java_script_enabled=scripts, **PHONE), served.url, scripts)


@BOTH
def test_a_note_is_written_changed_and_printed(reader: Reader) -> None:
    reader.start()
    reader.note(1, "Two boxes\nand a bag")
    note = reader.step(1).locator(".own-note-text")
    expect(note).to_have_text("Two boxes\nand a bag")
    assert note.evaluate("e => e.offsetHeight > 1.5 * parseFloat(getComputedStyle(e).lineHeight)"), "two lines"
    reader.note(1, "One box")
    expect(note).to_have_text("One box")
    reader.page.emulate_media(media="print")
    expect(note).to_be_visible()
    expect(reader.page.get_by_role("button", name="Save the note").first).to_be_hidden()


@BOTH
def test_a_step_is_left_out_with_a_reason_and_taken_back(reader: Reader) -> None:
    reader.start()
    expect(reader.status(3)).to_have_text("Cannot start yet: step 1 first")
    reader.leave_out(1, "Nothing is mine")
    expect(reader.page.locator("#progress")).to_contain_text("1 of 3 done")
    expect(reader.status(3)).to_have_text("Not started")
    reader.step(1).get_by_role("button", name="It is needed after all").click()
    expect(reader.status(1)).to_have_text("Not started")


@BOTH
def test_a_run_is_named_abandoned_taken_up_and_started_again(reader: Reader) -> None:
    page = reader.page
    first = reader.start()
    reader.tick(1)
    page.locator("#rename summary").click()
    page.get_by_label("Name, so that you find it again").fill("Oak Street")
    page.get_by_role("button", name="Save the name").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Oak Street")
    page.locator("#abandon summary").click()
    page.get_by_label("Why do you abandon it?").fill("We stay here.")
    page.get_by_role("button", name="Abandon this checklist").click()
    expect(page.get_by_role("heading", name="You abandoned this checklist")).to_be_visible()
    expect(reader.step(1).get_by_role("checkbox")).to_be_disabled()
    page.get_by_role("link", name="Your checklists").first.click()
    expect(page.locator("#group-abandoned")).to_be_visible()
    page.get_by_role("link", name="Oak Street").click()
    page.get_by_role("button", name="Take it up again").click()
    reader.tick(2)
    page.locator("#again summary").click()
    page.get_by_role("button", name="Start a new checklist").click()
    expect(page.locator("#progress")).to_contain_text("0 of 3 done")
    expect(page.get_by_role("heading", level=1)).to_have_text("Oak Street")
    page.goto(first)
    expect(page.get_by_role("heading", name="You started this checklist again")).to_be_visible()
    expect(page.locator("#progress")).to_contain_text("2 of 3 done")


@BOTH
def test_what_is_not_finished_is_said_at_the_end(reader: Reader) -> None:
    reader.start()
    reader.tick(1)
    reader.leave_out(2, "We get no letters")
    reader.tick(3)
    rest = reader.page.locator(".finished .rest")
    expect(rest).to_contain_text("Not needed, you told us: step 2")
    expect(rest).to_contain_text("Done, you told us; nobody checked: step 1, step 3")
    expect(rest).to_contain_text("Waiting for others: step 4")


@BOTH
def test_on_a_phone_progress_and_the_next_step_stay_in_sight_and_cover_nothing(phone: Reader) -> None:
    page = phone.page
    phone.start("/house/sixty-steps/")
    phone.tick(1)
    phone.tick(2)
    line = page.locator("#progress")
    expect(line).to_contain_text("2 of 60 done")
    phone.step(40).scroll_into_view_if_needed()
    expect(line).to_be_in_viewport(ratio=0.99)
    page.locator("#progress a").click()
    expect(page).to_have_url(re.compile("#step-"))
    expect(phone.step(3).get_by_role("checkbox")).to_be_in_viewport(ratio=0.99)
    assert not overlapped(line, phone.step(3).locator(".tick"))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing is wider than the phone"


@BOTH
def test_the_keyboard_reaches_every_step_and_its_focus_is_never_covered(phone: Reader) -> None:
    phone.start("/house/sixty-steps/")
    line = phone.page.locator("#progress")
    phone.step(30).get_by_role("checkbox").focus()
    for _ in range(12):
        phone.page.keyboard.press("Shift+Tab")
        focused = phone.page.locator(":focus")
        expect(focused).to_be_in_viewport()
        assert not overlapped(line, focused), focused.evaluate("e => e.outerHTML")


@BOTH
def test_everything_that_is_pressed_is_large_enough_for_a_thumb(phone: Reader) -> None:
    phone.start()
    phone.tick(1)
    phone.open(2)
    sizes = phone.page.locator("main").evaluate(SIZES)
    assert sizes
    assert [] == [item for item in sizes if min(item["width"], item["height"]) < 24]
    boxes = phone.page.locator(".tick input[type=checkbox]").evaluate_all(
        "all => all.map(e => e.getBoundingClientRect()).map(r => Math.min(r.width, r.height))"
    )
    assert min(boxes) >= 44


def test_each_change_is_announced_and_the_focus_stays(served: Served, page: Page) -> None:
    reader = Reader(page, served.url, True)
    reader.start()
    spoken = page.locator("#announce")
    reader.step(1).get_by_role("checkbox").focus()
    page.keyboard.press("Space")
    expect(spoken).to_have_text(re.compile(r"Completed, you told us .+1 of 3 done Next: step 2"))
    expect(reader.step(1).get_by_role("checkbox")).to_be_focused()
    reader.note(2, "Ask for the form")
    expect(spoken).to_have_text("Saved")
    expect(reader.step(2).locator(".more > summary")).to_be_focused()
    expect(reader.page.get_by_label("Your note on step 2")).to_be_hidden()
    reader.leave_out(2, "No letters")
    expect(spoken).to_have_text(re.compile(r"Not needed: No letters.+2 of 3 done Next: step 3"))


def test_without_scripts_the_title_of_the_page_tells_how_far_it_is(
    served: Served, page_without_javascript: Page
) -> None:
    reader = Reader(page_without_javascript, served.url, False)
    reader.start()
    reader.tick(1)
    expect(reader.page).to_have_title(re.compile("^1 of 3 done: Moving out"))
    expect(reader.page).to_have_url(re.compile("#step-pack$"))


def test_what_is_typed_beside_a_tick_is_not_lost(served: Served, page: Page) -> None:
    reader = Reader(page, served.url, True)
    reader.start()
    reader.note(1, "One box")
    reader.open(1)
    note = page.get_by_label("Your note on step 1")
    note.fill("One box, and then")
    reader.tick(2)
    expect(note).to_have_value("One box, and then")
    expect(note).to_be_visible()


SIZES = """main => [...main.querySelectorAll("a, button, input, summary, textarea")]
    .filter(e => e.checkVisibility() && e.type !== "hidden" && !e.closest(".tick-text, label, .step-body"))
    .map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
    .map(([what, box]) => ({what, width: box.width, height: box.height}))"""


def overlapped(line: Locator, other: Locator) -> bool:
    """Whether the line that stays in sight covers a part of this."""
    return bool(
        line.evaluate(
            "(line, other) => !line.contains(other)"
            " && other.getBoundingClientRect().top < line.getBoundingClientRect().bottom - 1"
            " && other.getBoundingClientRect().bottom > line.getBoundingClientRect().top + 1",
            other.element_handle(),
        )
    )


CHECKED = """procedures:
  - heading: Steps
    steps:
      - {step: 1, starts: Pack your things, id: pack, check: account.no_billed_services, gate: should-pass}
      - {step: 2, starts: Tell the post office, id: post, after: [pack]}
"""


@pytest.fixture
def checking(tmp_path: Path, sample_library: Path) -> Iterator[Served]:
    """A site of its own for each test: an account has its checklists together."""
    house = tmp_path / "library" / "House"
    house.mkdir(parents=True)
    shutil.copy(sample_library / "kb.toml", tmp_path / "library")
    (house / "moving-out.md").write_text(MOVING)
    (house / "moving-out.checklist.yaml").write_text(CHECKED)
    with serving(tmp_path / "library", tmp_path / "data", a_free_port(), "--sandbox") as served:
        yield served


@BOTH
def test_a_verdict_opens_to_its_evidence_and_a_soft_gate_only_warns(
    checking: Served, open_page: Callable[..., Page], scripts: bool
) -> None:
    reader = Reader(open_page(java_script_enabled=scripts), checking.url, scripts)
    page = reader.page
    run = reader.start()
    page.goto(f"{checking.url}/sign-in?next={run.removeprefix(checking.url)}")
    page.get_by_label("User name").fill("alex.abcd")
    page.get_by_label("Password").fill("demo-admin-1")
    page.locator("main").get_by_role("button", name="Sign in").click()
    if not scripts:
        page.get_by_role("button", name="Check my account now").click()
    expect(reader.status(1)).to_contain_text("There is a problem", timeout=60_000)
    proof = page.locator("#proof-pack")
    proof.get_by_text("How we know this").click()
    expect(proof).to_contain_text("Not passed")
    expect(proof).to_contain_text(re.compile(r"\d\d:\d\d UTC, .+ ago"))
    proof.get_by_text("What was asked").click()
    expect(proof.get_by_text("GET /v2/accounts/ABCD").first).to_be_visible()
    expect(reader.status(2)).to_contain_text("Cannot start yet: step 1 is not done")
    reader.step(2).get_by_role("button", name="Go on anyway").click()
    expect(reader.step(2)).to_contain_text("You chose to go on anyway on")
    reader.tick(2)
