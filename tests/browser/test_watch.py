"""The watch that guards every browser test works."""

from playwright.sync_api import Page

from tests.browser.watch import Watch


def test_a_console_error_is_a_fault(page: Page, watch: Watch) -> None:
    with page.expect_console_message():
        page.evaluate("console.error('printed')")

    assert take(watch) == ["console error: printed ()"]


def test_an_error_that_no_script_caught_is_a_fault(page: Page, watch: Watch) -> None:
    with page.context.expect_event("weberror"):
        page.evaluate("setTimeout(() => { throw new Error('thrown') })")

    assert take(watch) == ["page error: thrown"]


def test_a_request_to_another_host_is_a_fault(page: Page, watch: Watch) -> None:
    watch.expected.append("console error")  # the browser tells of the failure too
    with page.expect_event("requestfailed"):
        page.evaluate("fetch('http://kb.invalid/').catch(() => {})")

    assert take(watch) == ["request to another host: http://kb.invalid/"]


def test_what_a_test_expects_is_no_fault(page: Page, watch: Watch) -> None:
    watch.expected.append("on purpose")
    with page.expect_console_message():
        page.evaluate("console.error('printed on purpose')")

    assert watch.seen
    assert watch.faults() == []


def test_scripts_do_not_run_without_javascript(page_without_javascript: Page) -> None:
    page_without_javascript.goto(
        "data:text/html,<p>plain</p><script>document.querySelector('p').textContent='run'</script>"
    )

    assert "plain" == page_without_javascript.text_content("p")


def take(watch: Watch) -> list[str]:
    """The faults, taken away so that the watch lets the test pass."""
    faults = watch.faults()
    watch.seen.clear()
    return faults
