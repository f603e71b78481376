from datetime import date
from pathlib import Path

import pytest

from kb.article.library import Library
from kb.article.problem import errors
from kb.article.step import Procedure
from kb.errors import LibraryMissing
from kb.settings import Settings, read_settings
from tests.article.reading_texts import library

CLOSING = "accounts-and-users/closing-your-account"


@pytest.fixture(scope="module")
def sample(sample_library: Path) -> Library:
    return Library.load(sample_library, read_settings(sample_library))


def procedure_of(sample: Library, edition: int) -> Procedure:
    article = sample.article_at(CLOSING)
    assert article is not None
    (procedure,) = article.editions[edition].procedures
    return procedure


def test_the_current_edition_stands_first_and_the_older_has_a_dated_address(sample: Library) -> None:
    article = sample.article_at(CLOSING)
    assert article is not None
    assert [(edition.date, edition.address) for edition in article.editions] == [
        (date(2019, 9, 10), CLOSING),
        (date(2015, 11, 4), f"{CLOSING}/2015-11-04"),
    ]


def test_the_edition_of_2019_has_four_steps_with_their_notes(sample: Library) -> None:
    procedure = procedure_of(sample, 0)
    assert [(step.id, step.number, step.line, len(step.notes)) for step in procedure.steps] == [
        ("list-services", 1, 21, 0),
        ("retrieve-data", 2, 22, 0),
        ("delete-services", 3, 23, 2),
        ("request-closure", 4, 26, 1),
    ]
    assert procedure.side is not None


def test_the_edition_of_2015_has_five_steps_and_the_picture_belongs_to_the_fourth(sample: Library) -> None:
    steps = procedure_of(sample, 1).steps
    assert [step.id for step in steps] == [
        "retrieve-data", "delete-servers", "delete-other-services", "request-closure", "receive-final-invoice",
    ]  # fmt: skip
    assert [len(step.images) for step in steps] == [0, 0, 0, 1, 0]
    assert "<img" in steps[3].body
    assert "<img" not in steps[3].html


@pytest.mark.parametrize(
    ("edition", "anchor", "within"),
    [
        (0, "step-delete-servers", '<li id="step-delete-services">'),
        (0, "step-delete-other-services", '<li id="step-delete-services">'),
        (0, "step-receive-final-invoice", '<h3 id="final-invoice">'),
        (1, "step-delete-services", '<li id="step-delete-servers">'),
    ],
)
def test_switching_editions_lands_on_the_matching_step(sample: Library, edition: int, anchor: str, within: str) -> None:
    article = sample.article_at(CLOSING)
    assert article is not None
    html = article.editions[edition].html
    assert html.count(f'id="{anchor}"') == 1
    before = html[: html.index(f'id="{anchor}"')]
    assert max(before.rfind("<li id="), before.rfind("<h3 id=")) == before.rfind(within)


def test_the_sample_has_the_known_warnings_and_no_error(sample: Library) -> None:
    found = [
        (problem.code, problem.line, problem.mend) for problem in sample.problems if problem.path.endswith("account.md")
    ]
    assert found == [
        ("misspelling", 32, "did you mean resources?"),
        ("reference-unused", 39, "take it out, or use it"),
        ("reference-unused", 42, "take it out, or use it"),
    ]
    assert errors(sample.problems) == []


def test_links_to_the_old_base_stay_inside_the_library(sample: Library) -> None:
    article = sample.article_at(CLOSING)
    assert article is not None
    assert 'href="/accounts-and-users/user-permissions/"' in article.current.html
    assert 'href="https://control.ctl.io/Organization/payment/ledger"' in article.current.html


@pytest.mark.parametrize(
    ("address", "now"),
    [
        ("Accounts & Users/Closing-Your-Account", CLOSING),
        ("knowledge-base/accounts-&-users/closing-your-account", CLOSING),
        ("knowledge-base/accounts-%26-users/closing-your-account/", CLOSING),
        (f"{CLOSING}.md", CLOSING),
        (f"{CLOSING}/", CLOSING),
        ("knowledge-base/servers", "servers"),
        ("nowhere", None),
        (CLOSING, None),
    ],
)
def test_old_addresses_lead_to_the_new(sample: Library, address: str, now: str | None) -> None:
    assert sample.moved(address) == now


def test_renamed_articles_follow_aliases_and_redirects(tmp_path: Path) -> None:
    head = '{{{ "title": "T", "date": "1-2-2015", "author": "A", "redirect_from": ["/Old/One/"] }}}'
    settings = Settings(aliases={"a/gone": "/older/", "older": "b/new", "loop": "loop"})
    loaded = library(tmp_path, {"b/new.md": head}, settings)
    assert [loaded.moved(old) for old in ("old/one", "a/gone", "loop")] == ["b/new", "b/new", None]


def test_categories_follow_the_order_file_and_sticky_articles_stand_first(tmp_path: Path) -> None:
    sticky = '{{{ "title": "Z", "date": "1-2-2015", "author": "A", "sticky": true }}}'
    plain = '{{{ "title": "A", "date": "1-2-2015", "author": "A" }}}'
    files = {"B/z.md": sticky, "B/a.md": plain, "A/C/d.md": plain, "E/x.md": plain,
             "index.md": '{{{ "category_order": ["B", "Gone", "A"] }}}', "images/x.txt": ""}  # fmt: skip
    loaded = library(tmp_path, files)
    assert [category.name for category in loaded.categories] == ["B", "A", "E"]
    assert [article.title for article in loaded.categories[0].articles] == ["Z", "A"]
    assert loaded.category_at("a/c") == loaded.categories[1].categories[0]
    assert {problem.code for problem in loaded.problems if problem.path == "index.md"} == {
        "order-unknown",
        "order-missing",
    }


def test_a_folder_of_plain_markdown_is_a_library(tmp_path: Path) -> None:
    (tmp_path / "first-page.md").write_text("# Hello there\n\nText", encoding="utf-8")
    (tmp_path / "second.md").write_text("---\ntitle: Second\ndate: 2020-01-02\n---\nText", encoding="utf-8")
    (tmp_path / "no-heading.md").write_text("Text", encoding="utf-8")
    loaded = Library.load(tmp_path, Settings())
    assert {article.address: article.title for article in loaded.articles} == {
        "first-page": "Hello there",
        "second": "Second",
        "no-heading": "No heading",
    }


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"A/x.md": "", "A/X.md": ""}, "address-taken"),
        ({"runs/x.md": ""}, "address-reserved"),
        ({"A/2015-01-01.md": ""}, "address-reserved"),
        (
            {"A/x.md": "", "A/x@2017-01-01.md": '{{{ "title": "T", "date": "1-1-2017", "author": "A" }}}'},
            "edition-newer",
        ),
        ({"A/x.md": "", "A/x@2015-01-01.md": ""}, "edition-date"),
        ({"A/x.md": "", "A/x@2016-01-31.md": ""}, "edition-same-date"),
        ({"A/x.md": "", "A/x@soon.md": ""}, "edition-name"),
        ({"A/x.md": "", "A/x@.md": '{{{ "title": "T", "author": "A" }}}'}, "edition-undated"),
    ],
)
def test_editions_and_addresses_that_clash_are_errors_and_stay_readable(
    tmp_path: Path, files: dict[str, str], code: str
) -> None:
    loaded = library(tmp_path, files)
    assert code in {problem.code for problem in errors(loaded.problems)}
    shown = {edition.path for article in loaded.articles for edition in article.editions}
    assert shown == set(files)
    addresses = [edition.address for article in loaded.articles for edition in article.editions]
    assert len(set(addresses)) == len(addresses)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00bad", b"", b"\x00" * 100, b"{{{", b"a\rb\rc"])
def test_whatever_a_file_holds_it_is_shown(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.md").write_bytes(content)
    assert [article.address for article in Library.load(tmp_path, Settings()).articles] == ["x"]


def test_a_file_that_cannot_be_read_is_a_problem_and_the_rest_is_shown(tmp_path: Path) -> None:
    (tmp_path / "good.md").write_text("# Good", encoding="utf-8")
    (tmp_path / "bad.md").symlink_to(tmp_path / "gone.txt")
    loaded = Library.load(tmp_path, Settings())
    assert [article.address for article in loaded.articles] == ["good"]
    assert [(problem.path, problem.code) for problem in loaded.problems] == [("bad.md", "unreadable")]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(LibraryMissing, match="nowhere is not a folder"):
        Library.load(tmp_path / "nowhere", Settings())


def test_files_of_the_library_are_found_and_nothing_else(tmp_path: Path) -> None:
    outside = tmp_path / "outside.png"
    outside.write_text("secret", encoding="utf-8")
    root = tmp_path / "library"
    loaded = library(
        root, {"A/x.md": "", "images/a b.png": "", ".hidden/y.png": "", "A/x.checklist.yaml": "procedures: []"}
    )
    (root / "images/out.png").symlink_to(outside)
    (root / "images/in.png").symlink_to(root / "A/x.md")
    (root / "kb.toml").write_text("", encoding="utf-8")
    (root / "up").symlink_to(tmp_path)
    loaded = Library.load(root, Settings())
    assert loaded.file("images/a b.png") == (root / "images/a b.png").resolve()
    hidden = (
        "A/x.md A/x.checklist.yaml kb.toml .hidden/y.png images/out.png images/in.png ../outside.png images/../A/x.md"
    )
    others = "/etc/passwd images/%2e%2e/kb.toml up/outside.png images"
    for path in (*hidden.split(), *others.split(), "", "\0"):
        assert loaded.file(path) is None, path


def test_every_article_of_the_corpus_is_read(corpus: Path) -> None:
    for folder in ("publickb", "apidocs"):
        loaded = Library.load(corpus / folder, Settings())
        files = [path for path in (corpus / folder).rglob("*.md")
                 if path.relative_to(corpus / folder).as_posix() not in ("README.md", "index.md")]  # fmt: skip
        assert len(loaded.articles) == len(files)
        assert [article.current.path for article in loaded.articles if article.current.date is None] == []
