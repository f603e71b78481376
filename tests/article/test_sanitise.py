import re

import pytest

from kb.article.node import render
from tests.article.reading_texts import HEAD, HTML_HEAD, draft

VECTORS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe src='https://evil.example/'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='jav&#x09;ascript:alert(1)'>x</a>",
    "<a href=' data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<body onload=alert(1)>",
    "<object data='x.swf'></object><embed src='x.swf'>",
    "<form action='https://evil.example'><input name=a autofocus onfocus=alert(1)><button>x</button></form>",
    "<style>@import 'https://evil.example';</style>",
    "<p style='background:url(https://evil.example)'>x</p>",
    "<link rel=stylesheet href=//evil.example><meta http-equiv=refresh content='0;url=//evil.example'><base href=//evil.example>",  # noqa: E501
    "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
    "<details open ontoggle=alert(1)>x</details>",
    "<video src=x onerror=alert(1)></video><audio src=x></audio>",
    "<template><script>alert(1)</script></template>",
    "<textarea><script>alert(1)</script></textarea>",
    "<title><script>alert(1)</script></title>",
    "<plaintext><script>alert(1)</script>",
    "<xmp><script>alert(1)</script></xmp>",
    "<!--><script>alert(1)</script>-->",
    "<x onclick=alert(1)>click</x>",
    "<img src=\"x` `<script>alert(1)</script>\"` `>",
    "<a title=\"a>b\" onclick=alert(1)>x</a>",
    "[x](javascript:alert(1))",
    "![x](javascript:alert(1))",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    "`<script>`<script>alert(1)</script>",
    "[a](<x\" onclick=\"alert(1)>)",
    "![a\" onerror=\"alert(1)](x)",
    "```x\" onclick=\"alert(1)\ncode\n```",
]  # fmt: skip
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:\s+[a-z-]+=\"[^\"<>]*\")*)>")
_ATTRIBUTE = re.compile(r"\s([a-z-]+)=\"[^\"]*\"")
_ACTIVE = re.compile(r"on\w+|style|srcdoc|formaction|action|background")
_REMOVED = {"script", "style", "iframe", "object", "embed", "form", "input", "button", "svg", "math", "link", "meta", "base",  # noqa: E501
            "template", "textarea", "title", "video", "audio", "noscript", "body", "plaintext", "xmp", "x"}  # fmt: skip


@pytest.mark.parametrize("vector", VECTORS)
@pytest.mark.parametrize("head", [HEAD, HTML_HEAD], ids=["markdown", "html"])
@pytest.mark.parametrize("repairs", [True, False])
def test_nothing_that_executes_survives(vector: str, head: str, *, repairs: bool) -> None:
    html = render(draft(f"{head}Before {vector}\n\n{vector}\n\nafter", repairs=repairs).tree.root.children)
    tags = list(_TAG.finditer(html))
    assert len(tags) == html.count("<"), "every < begins a tag of ours"
    assert not {tag[2] for tag in tags} & _REMOVED
    assert not any(_ACTIVE.fullmatch(name) for tag in tags for name in _ATTRIBUTE.findall(tag[3]))


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<table class='table table--large evil'><tr class=row-header><td colspan=2>x</td></tr></table>", 'class="table table--large"'),  # noqa: E501
        ("<a name='there'>x</a>", '<a name="there">'),
        ("<tr>", ""),
        ("Use <your host> here", "&lt;your host&gt;"),
        ("Use <IP address>!", "&lt;IP address&gt;"),
        ("<ol><ul><li>x</ol>", "<li>x"),
        ("<?php echo ?>", "&lt;?php"),
        ("<kbd>Ctrl</kbd> <sub>2</sub> <del>old</del>", "<kbd>Ctrl</kbd> <sub>2</sub> <del>old</del>"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("head", [HEAD, HTML_HEAD], ids=["markdown", "html"])
def test_what_is_harmless_is_kept_and_what_is_no_tag_is_shown(html: str, shown: str, head: str) -> None:
    assert shown in render(draft(head + html).tree.root.children)


def test_a_video_becomes_a_link_that_loads_nothing() -> None:
    html = render(
        draft(HTML_HEAD + "<iframe src='//player.vimeo.com/video/12?x=1' width=5></iframe>").tree.root.children
    )
    assert 'href="https://vimeo.com/12"' in html
    assert 'data-player="https://player.vimeo.com/video/12"' in html
    assert "src=" not in html


@pytest.mark.parametrize(
    ("text", "line"),
    [("<p>\none\n</p>\n<h2>Here</h2>", 5), ("Text\n\n<div>\n\n<b>x</b>\n<h2>Here</h2>\n</div>", 7)],
)
@pytest.mark.parametrize("head", [HEAD, HTML_HEAD], ids=["markdown", "html"])
def test_html_keeps_the_authors_lines(text: str, line: int, head: str) -> None:
    assert [heading.line for heading in draft(head + text).tree.headings] == [line]


def test_markdown_in_an_html_article_is_understood() -> None:
    html = render(draft(HTML_HEAD + "<p>See [this](a.md) and **that** but &lt;b&gt;</p>").tree.root.children)
    assert '<a href="a.md">this</a> and <strong>that</strong> but &lt;b&gt;' in html
