from pathlib import Path

import pytest

from kb.article.edition import Edition, Link
from kb.settings import Settings
from tests.article.reading_texts import library

FILES = {
    "Accounts & Users/Closing.md": "## Final Invoice\n\n<a name='Old'></a>Text",
    "Accounts & Users/Closing@2015-11-04.md": '{{{ "title": "A title", "date": "11-04-2015", "author": "A" }}}\n## Old Part',  # noqa: E501
    "Control Portal/Sub/deep.md": "Text",
    "Control Portal/other.md": "Text",
    "images/my shot.png": "",
    "attachments/a b.zip": "12345",
    "Servers/name.md": "",
}
SETTINGS = Settings(legacy=("www.ctl.io/knowledge-base",), stale_hosts=("dead.example",))


def edition(root: Path, text: str) -> Edition:
    head = '{{{ "title": "A name", "date": "01-31-2016", "author": "A" }}}\n'
    loaded = library(root, {**FILES, "Servers/name.md": f"{head}# Here\n\n{text}"}, SETTINGS)
    article = loaded.article_at("servers/name")
    assert article is not None
    return article.current


def link(root: Path, text: str) -> tuple[Link, Edition]:
    read = edition(root, text)
    return read.links[0], read


@pytest.mark.parametrize(
    ("written", "kind", "target", "href"),
    [
        ("../Accounts & Users/Closing.md", "article", "Accounts & Users/Closing.md", "/accounts-and-users/closing/"),
        ("../Accounts%20&%20Users/Closing.md", "article", "Accounts & Users/Closing.md", "/accounts-and-users/closing/"),  # noqa: E501
        ("../Accounts & Users/Closing.md#final-invoice", "article", "Accounts & Users/Closing.md#final-invoice",
         "/accounts-and-users/closing/#final-invoice"),
        ("../Accounts & Users/Closing.md#Old", "article", "Accounts & Users/Closing.md#Old", "/accounts-and-users/closing/#Old"),  # noqa: E501
        ("../Accounts & Users/Closing@2015-11-04.md", "article", "Accounts & Users/Closing@2015-11-04.md",
         "/accounts-and-users/closing/2015-11-04/"),
        ("../Accounts & Users/Closing", "article", "Accounts & Users/Closing.md", "/accounts-and-users/closing/"),
        ("../Accounts & Users/", "category", "Accounts & Users", "/accounts-and-users/"),
        ("#here", "anchor", "Servers/name.md#here", "#here"),
        ("../attachments/a b.zip", "attachment", "attachments/a b.zip", "/files/attachments/a%20b.zip"),
        ("//www.ctl.io/knowledge-base/accounts-&-users/closing", "article", "Accounts & Users/Closing.md",
         "/accounts-and-users/closing/"),
        ("http://www.ctl.io/knowledge-base/accounts-&-users/closing.md", "article", "Accounts & Users/Closing.md",
         "/accounts-and-users/closing/"),
        ("https://WWW.ctl.io/knowledge-base/control-portal/deep/#x", "article", "Control Portal/Sub/deep.md#x",
         "/control-portal/sub/deep/#x"),
        ("https://www.ctl.io/knowledge-base/accounts-&-users/", "category", "Accounts & Users", "/accounts-and-users/"),
        ("https://www.ctl.io/knowledge-bases/", "external", None, "https://www.ctl.io/knowledge-bases/"),
        ("HTTPS://example.com/a", "external", None, "HTTPS://example.com/a"),
        ("mailto:me@example.com", "mailto", None, "mailto:me@example.com"),
        ("tel:+49-30", "tel", None, "tel:+49-30"),
    ],
)  # fmt: skip
def test_a_link_leads_where_its_author_meant(tmp_path: Path, written: str, kind: str, target: str, href: str) -> None:
    found, read = link(tmp_path, f"[text]({written})")
    assert (found.href, found.kind, found.target) == (written, kind, target)
    assert f'href="{href}"' in read.html


@pytest.mark.parametrize(
    ("text", "code", "column"),
    [
        ("See [text](../nowhere.md)", "link-broken", 12),
        ("[text](../../../etc/passwd)", "link-broken", 8),
        ("[text](..%2f..%2f..%2fetc%2fpasswd)", "link-broken", 8),
        ("[text](../accounts & users/closing.md)", "link-case", 8),
        ("[text](#Here)", "anchor-case", 8),
        ("[text](#nowhere)", "anchor-broken", 8),
        ("[text](../Accounts & Users/Closing.md#nowhere)", "anchor-broken", 8),
        ("[text](http:///nowhere)", "link-malformed", 8),
        ("[text](http://example.com])", "link-malformed", 8),
        ("[text](http://http://example.com)", "link-malformed", 8),
        ("[text](mailto:)", "link-malformed", 8),
        ("[text]()", "link-empty", 1),
        ("[text](javascript:alert(1))", "link-unsafe", 8),
        ("[text](https://www.ctl.io/knowledge-base/servers/gone)", "link-broken", 8),
        ("[text](http://sub.dead.example/x)", "stale-host", 8),
        ("![a shot](../images/none.png)", "image-broken", 11),
        ("![a shot](../images/My Shot.png)", "link-case", 11),
        ("![a shot](data:image/png;base64,AA)", "link-unsafe", 11),
    ],
)
def test_a_wrong_link_is_a_problem_at_its_place(tmp_path: Path, text: str, code: str, column: int) -> None:
    problems = edition(tmp_path, text).problems
    assert [(problem.code, problem.line, problem.column) for problem in problems] == [(code, 4, column)]


@pytest.mark.parametrize(
    "text",
    ["[x](tel:123)", "[x](HTTP://EXAMPLE.COM)", "[x](mailto:?subject=y)", "![a shot](../images/my%20shot.png)",
     "[x](https://example.com/a(b)c)", "[x](../Control%20Portal/other.md)", "[x](#)", "[x](ftp://example.com/y)"],
)  # fmt: skip
def test_a_good_link_is_no_problem(tmp_path: Path, text: str) -> None:
    assert edition(tmp_path, text).problems == ()


def test_an_unsafe_address_reaches_no_page(tmp_path: Path) -> None:
    read = edition(tmp_path, "[text](JaVa\tscript:alert(1)) <a href='java&#10;script:x'>y</a>")
    assert "script:" not in read.html


def test_an_outside_link_gives_the_other_page_no_hold_on_ours(tmp_path: Path) -> None:
    assert 'rel="noopener"' in edition(tmp_path, "[text](https://example.com)").html


def test_attachments_have_their_type_and_size(tmp_path: Path) -> None:
    head = ('{{{ "title": "T", "date": "1-2-2015", "author": "A", "attachments": '
            '[{"file_name": "a b.zip", "url": "../attachments/a b.zip", "type": "application/zip"},'
            '\n{"file_name": "c.zip", "url": "../attachments/c.zip"}] }}}\n')  # fmt: skip
    loaded = library(tmp_path, {**FILES, "Servers/name.md": head})
    article = loaded.article_at("servers/name")
    assert article is not None
    good, broken = article.current.attachments
    assert (good.url, good.target, good.size, good.type) == (
        "/files/attachments/a%20b.zip", "attachments/a b.zip", 5, "application/zip",
    )  # fmt: skip
    assert broken.target is None
    assert [(problem.code, problem.line) for problem in article.current.problems] == [("attachment-broken", 2)]
