from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from kb.article.quick_parser import quicken

OPTIONS = {"maxNesting": 60, "store_labels": True}
SLOW = MarkdownIt("commonmark", OPTIONS).enable(["table", "strikethrough"])
QUICK = quicken(MarkdownIt("commonmark", OPTIONS).enable(["table", "strikethrough"]))

TEXTS = [
    "a\n===\nb\n---\n- - -\n***\n* a\n* b\n\n1. x\n   2. y\n> q\nlazy\n> - z\n",
    "|a|b|\n|-|-|\n|c|d|\ntext\n|a|\n|-|\n",
    "para\n|a|\n|-|\n|b|\n",
    "    code\n\n```js\nx\n```\n~~~\n",
    "[a]: b 'c'\n[a] ![x](y \"z\") <http://x.y> <b>i</b> &amp; \\* `c` ~~d~~ **e _f_**  \ng\\\nh",
    "- a\n\n  b\n - c\n10) d\n+ e\n",
    "a\n  ---\nb\n    ---\n# c #\n#d\n",
    "> a\n===\n> b\n---\n",
    "![[[a](b)](c)](d) [e [f](g)",
]


def same(text: str) -> bool:
    return [token.as_dict() for token in SLOW.parse(text)] == [token.as_dict() for token in QUICK.parse(text)]


@pytest.mark.parametrize("text", TEXTS)
def test_the_quick_loops_give_the_tokens_of_the_slow_ones(text: str) -> None:
    assert same(text)


@given(st.text(alphabet="ab1. \n\t*_-=`~[]()!<>#|\\&;:+>\"'", max_size=80))
@settings(max_examples=400, deadline=None)
def test_the_quick_loops_agree_on_any_text(text: str) -> None:
    assert same(text)


def test_the_quick_loops_agree_on_every_text_of_the_corpus(corpus: Path) -> None:
    files = sorted(corpus.rglob("*.md"))
    assert [file for file in files if not same(file.read_text(encoding="utf-8-sig"))] == []
