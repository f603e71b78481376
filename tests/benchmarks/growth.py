"""How the time of reading one text grows with its size: four times the text should take about four times as long.

python tests/benchmarks/growth.py
"""

import gc
import time

from kb.article.node import render, visible_text
from kb.article.reading import draft_of
from kb.article.source import source_of

HEAD = '{{{ "title": "T", "date": "01-31-2016", "author": "A" }}}\n'
HTML_HEAD = '{{{ "title": "T", "date": "01-31-2016", "author": "A", "contentIsHTML": true }}}\n'

GROWING = {
    "one long line": "a ",
    "links": "[a](b) ",
    "lines of links": "[a](b)\n",
    "items": "1. x\n",
    "quotes": "> ",
    "brackets": "[",
    "open links": "[a](",
    "stars": "**a",
    "underscores": "_a",
    "code spans": "`a",
    "tables": "|a\n|-\n",
    "fences": "```\n",
    "open fences": "~~~ x\n",
    "bare addresses": "http://a.b ",
    "e-mail": "a.b@",
    "definitions": "[a]: b\n",
    "tags": "<b>x ",
    "open tags": "<a ",
    "comments": "<!-- ",
    "blank lines in tables": "<table>\n\n",
    "loose emphasis": "** a**b ",
    "backslashes": "\\",
    "pictures": "![",
    "underlines": "a\n-\n",
    "unknown tags": "<your host> ",
}
DEEP = {"divs": "<div>", "lists": "<ul><li>", "tables": "<table><tr><td>", "bold": "<b>", "links": "<p><a href=x>"}


def seconds(text: str) -> float:
    """CPU seconds of reading this text and showing it."""
    gc.collect()
    start = time.process_time()
    draft = draft_of(source_of("a/b.md", text.encode())[0], repairs=True)
    render(draft.tree.root.children)
    visible_text(draft.tree.root.children)
    return time.process_time() - start


def main() -> None:
    """Print the growth of each kind; more than 8 is marked."""
    kinds = [(name, HEAD, piece) for name, piece in GROWING.items()]
    kinds += [(f"deep {name}", HTML_HEAD, piece) for name, piece in DEEP.items()]
    for name, head, piece in kinds:
        small, large = seconds(head + piece * 2_000), seconds(head + piece * 8_000)
        growth = large / max(small, 0.005)
        print(f"{name:24} {small:6.3f} s {large:6.3f} s  x{growth:.1f} {'GROWS TOO FAST' if growth > 8 else ''}")


if __name__ == "__main__":
    main()
