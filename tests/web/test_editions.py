"""Editions on the site: by day, linked to each other, graded by what changed, drafted and withdrawn."""

import json
from pathlib import Path

import pytest
from flask import Flask

from kb.database import Database
from kb.web.app import create_app
from tests.web.samples import ORIGIN, Browser, Clock, House, site_of

PAGE = "/food/pie/"
BODY = "## Steps\n1. Heat the oven.\n2. Bake the pie.\n3. Eat it warm.\n"
IDS = ("heat", "bake", "eat")
STARTS = ("Heat", "Bake", "Eat")
STARTED = "form.start"


def write(folder: Path, name: str, day: str, front: str = "", side: str = "", title: str = "Pie") -> None:
    """An edition of the same three steps, with a side file that gives them names and may tell changes."""
    file = folder / f"{name}.md"
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"---\ntitle: {title}\ndate: {day}\nauthor: Ann\n{front}---\n{BODY}")
    lines = ["procedures:", "  - heading: Steps", "    steps:"]
    lines += [f"      - {{step: {n}, starts: {STARTS[n - 1]}, id: {IDS[n - 1]}}}" for n in (1, 2, 3)]
    file.with_name(file.name.replace(".md", ".checklist.yaml")).write_text("\n".join(lines) + "\n" + side)


def changed(since: str, weight: str) -> str:
    """What a side file says of changes."""
    steps = ", ".join(f"{name}: {{how: same, was: [{name}]}}" for name in IDS)
    return (
        f"    changes:\n      since: {since}\n      weight: {weight}\n"
        f"      summary: [Since {since} it is {weight}.]\n      steps: {{{steps}}}\n"
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A pie of 2012 (dangerous since 2015), 2015 (other content since 2018), 2018 (other words) and 2020."""
    folder = tmp_path / "library" / "Food"
    folder.mkdir(parents=True)
    write(folder, "pie", "2020-05-06", side=changed("2018-03-04", "wording"))
    write(folder, "pie@2018-03-04", "2018-03-04", side=changed("2015-01-02", "content"))
    write(folder, "pie@2015-01-02", "2015-01-02", side=changed("2012-12-12", "danger"))
    write(folder, "pie@2012-12-12", "2012-12-12")
    return folder


@pytest.fixture
def open_site(folder: Path, database: Database) -> "Opener":
    return Opener(folder.parent, database)


class Opener:
    """Opens the site when all files are written."""

    def __init__(self, library: Path, database: Database) -> None:
        self.library, self.database = library, database

    def app(self) -> Flask:
        return create_app(site_of(self.library, self.database, House(), Clock()))

    def browser(self) -> Browser:
        return Browser(self.app().test_client())


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        ("2012-12-12", "2012-12-12"),
        ("2015-01-01", "2012-12-12"),
        ("2017-05-01", "2015-01-02"),
        ("2020-05-05", "2018-03-04"),
        ("2020-05-06", "2020-05-06"),
        ("2999-01-01", "2020-05-06"),
    ],
)
def test_a_day_is_answered_with_the_edition_valid_on_it(open_site: Opener, day: str, shown: str) -> None:
    browser = open_site.browser().open(f"{PAGE}?on={day}")
    assert 200 == browser.status
    assert shown == browser.one(".meta time")["datetime"]
    assert f"http://localhost{PAGE}" == browser.one("link[rel=canonical]")["href"]


def test_a_day_before_the_first_edition_is_told_since_when_there_is_one(open_site: Opener) -> None:
    browser = open_site.browser().open(f"{PAGE}?on=2011-01-01")
    assert 404 == browser.status
    assert "since 12 December 2012" in browser.text()


@pytest.mark.parametrize("wrong", ["", "2017", "2017-13-01", "01-05-2017", "2017-05-01T00:00", "soon"])
def test_what_is_no_day_is_refused_with_an_example(open_site: Opener, wrong: str) -> None:
    browser = open_site.browser().open(f"{PAGE}?on={wrong}")
    assert 400 == browser.status
    assert "?on=2017-05-01" in browser.text()


@pytest.mark.parametrize(
    ("path", "versions"),
    [
        (PAGE, {"latest-version": PAGE, "predecessor-version": f"{PAGE}2018-03-04/"}),
        (
            f"{PAGE}2015-01-02/",
            {
                "latest-version": PAGE,
                "predecessor-version": f"{PAGE}2012-12-12/",
                "successor-version": f"{PAGE}2018-03-04/",
            },
        ),
        (f"{PAGE}2018-03-04/", {"latest-version": PAGE, "successor-version": PAGE}),
        (f"{PAGE}?on=2013-01-01", {"latest-version": PAGE, "successor-version": f"{PAGE}2015-01-02/"}),
    ],
)
def test_an_edition_links_its_neighbours_in_its_head_and_its_headers(
    open_site: Opener, path: str, versions: dict[str, str]
) -> None:
    app = open_site.app()
    browser = Browser(app.test_client()).open(path)
    tags = {str(tag["rel"][0]): str(tag["href"]) for tag in browser.page.select("link[rel$=-version]")}
    headers = app.test_client().get(path).headers.getlist("Link")
    assert versions.items() <= tags.items()
    assert {f'<{address}>; rel="{relation}"' for relation, address in tags.items()} == set(headers)


def test_an_edition_of_which_only_words_changed_has_a_quiet_note(open_site: Opener) -> None:
    browser = open_site.browser().open(f"{PAGE}2018-03-04/")
    assert browser.has(f'.edition-note a[href="{PAGE}"]')
    assert not browser.has(".call")
    assert browser.has(STARTED)


def test_an_edition_of_other_content_says_what_changed_and_leads_to_the_comparison(open_site: Opener) -> None:
    browser = open_site.browser().open(f"{PAGE}2015-01-02/")
    banner = browser.text(".call.warning")
    assert "Since 2015-01-02 it is content. Since 2018-03-04 it is wording." in banner
    assert 200 == browser.open(str(browser.one('.call a[href*="/compare/"]')["href"])).status


def test_a_step_leads_to_its_match_over_several_editions(open_site: Opener) -> None:
    browser = open_site.browser().open(f"{PAGE}2012-12-12/")
    assert "In the current edition: step 2" == browser.text("#step-bake .step-now")
    assert f"{PAGE}#step-bake" == browser.one("#step-bake .step-now a")["href"]


def test_a_dangerous_edition_is_readable_but_starts_nothing_even_if_later_changes_were_harmless(
    open_site: Opener,
) -> None:
    browser = open_site.browser().open(f"{PAGE}2012-12-12/")
    assert "Do not follow this edition" in browser.text(".call.problem")
    assert "Bake the pie" in browser.text(".steps")
    assert not browser.has(STARTED)


def test_starting_a_dangerous_edition_is_refused_and_leads_to_the_current_one(open_site: Opener) -> None:
    client = open_site.app().test_client()
    form = {"article": "food/pie", "edition": "2012-12-12", "procedure": "0"}
    answer = client.post("/runs/", data=form, headers=ORIGIN)
    assert 409 == answer.status_code
    assert f'href="{PAGE}"' in answer.text
    assert 303 == client.post("/runs/", data={**form, "edition": "2015-01-02"}, headers=ORIGIN).status_code


def test_a_draft_is_nowhere_to_be_seen(open_site: Opener, folder: Path) -> None:
    """Neither the one that will replace the current edition, nor the article that has nothing else."""
    write(folder, "pie@2021-01-01", "2021-01-01", "state: draft\n", title="Secret pie")
    write(folder, "cake", "2021-01-01", "state: draft\n", title="Secret cake")
    client = open_site.app().test_client()
    for path in ("/", "/food/", PAGE, "/sitemap.xml", "/feed.xml", "/llms.txt", "/api/articles", "/search?q=secret"):
        assert "ecret cake" not in client.get(path).text
        assert "ecret pie" not in client.get(path).text
        assert "/food/cake" not in client.get(path).text
    for path in (
        "/food/cake/",
        "/food/cake.md",
        f"{PAGE}2021-01-01/",
        f"{PAGE}2021-01-01.md",
        "/api/articles/food/cake",
    ):
        assert 404 == client.get(path).status_code


def test_an_undated_draft_leaves_the_newest_published_edition_current(open_site: Opener, folder: Path) -> None:
    write(folder, "pie", "2022-01-01", "state: draft\n")
    browser = open_site.browser().open(PAGE)
    assert "2018-03-04" == browser.one(".meta time")["datetime"]
    assert browser.has(STARTED)


WITHDRAWN = "state: withdrawn\nwithdrawn_reason: The oven was sold.\nreplacement: bread.md\n"


@pytest.fixture
def withdrawn(open_site: Opener, folder: Path) -> Flask:
    """The current pie is withdrawn for the bread."""
    write(folder, "pie", "2020-05-06", WITHDRAWN, changed("2018-03-04", "wording"))
    write(folder, "bread", "2020-01-01", title="Bread")
    return open_site.app()


def test_a_withdrawn_article_says_why_and_what_to_read_instead(withdrawn: Flask) -> None:
    browser = Browser(withdrawn.test_client()).open(PAGE)
    assert 410 == browser.status
    assert "The oven was sold. Read instead: Bread" in browser.text(".call.problem")
    assert browser.has('.call.problem a[href="/food/bread/"]')
    assert "Bake the pie" in browser.text(".steps")
    assert browser.has("meta[name=robots][content=noindex]")
    assert not browser.has(STARTED)


def test_programs_are_told_that_a_withdrawn_article_is_gone(withdrawn: Flask) -> None:
    answer = withdrawn.test_client().get(PAGE, headers={"Accept": "application/json"})
    assert (410, "application/problem+json") == (answer.status_code, answer.content_type)
    assert "The oven was sold. Read instead: /food/bread/" == json.loads(answer.text)["detail"]
    assert 410 == withdrawn.test_client().get(f"{PAGE[:-1]}.md").status_code


def test_a_withdrawn_article_is_in_no_list(withdrawn: Flask) -> None:
    for path in ("/", "/food/", "/sitemap.xml", "/feed.xml", "/llms.txt"):
        assert "/food/pie" not in withdrawn.test_client().get(path).text
        assert "/food" in withdrawn.test_client().get(path).text


def test_no_checklist_of_a_withdrawn_article_can_be_started(withdrawn: Flask) -> None:
    for day in ("", "2018-03-04"):
        form = {"article": "food/pie", "edition": day, "procedure": "0"}
        assert 409 == withdrawn.test_client().post("/runs/", data=form, headers=ORIGIN).status_code


def test_a_withdrawn_edition_can_still_be_compared(withdrawn: Flask) -> None:
    browser = Browser(withdrawn.test_client()).open(f"{PAGE}compare/2018-03-04...current/")
    assert 200 == browser.status


def test_an_older_withdrawn_edition_is_gone_and_is_nobodys_neighbour(open_site: Opener, folder: Path) -> None:
    write(folder, "pie@2018-03-04", "2018-03-04", "state: withdrawn\nwithdrawn_reason: Wrong.\n")
    browser = open_site.browser().open(f"{PAGE}2018-03-04/")
    assert 410 == browser.status
    assert "This edition was withdrawn" in browser.text(".call.problem")
    assert 200 == browser.open(PAGE).status
    assert f"{PAGE}2015-01-02/" == browser.one("link[rel=predecessor-version]")["href"]
    assert browser.has(STARTED)
    assert "2015-01-02" == browser.open(f"{PAGE}?on=2019-01-01").one(".meta time")["datetime"]
