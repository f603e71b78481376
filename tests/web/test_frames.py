"""What is too wide for its column scrolls in a frame that has a name and takes the focus."""

import pytest
from bs4 import BeautifulSoup, Tag

from kb.web.frames import LONG_LINE, TALL, WIDE, framed, has_wide_table


def frames(html: str) -> list[Tag]:
    return BeautifulSoup(framed(html, "Table"), "html.parser").select(".frame")


def table(columns: int = 2, rows: int = 1, inside: str = "x") -> str:
    row = "<tr>" + f"<td>{inside}</td>" * columns + "</tr>\n"
    return f'<table class="table">{row * rows}</table>\n'


@pytest.mark.parametrize(
    ("html", "name"),
    [
        (table(), "Table"),
        (f'<h2 id="a">Who &amp; <code>what</code></h2>{table()}', "Who & what"),
        (f"<h2>Far</h2><p>x</p><h3>Near</h3><p>y</p>{table()}", "Near"),
        ("<h2>Head</h2><table><caption>The <b>“caption”</b></caption><tr><td>x</td></tr></table>", "The “caption”"),
        (f"<h2>&quot;onfocus=</h2>{table()}", '"onfocus='),
    ],
)
def test_a_frame_is_a_region_with_the_name_of_its_table(html: str, name: str) -> None:
    (frame,) = frames(html)
    assert ("region", name, "0") == (frame["role"], frame["aria-label"], frame["tabindex"])
    assert frame.table


def test_a_table_in_a_table_has_no_frame_of_its_own() -> None:
    html = f"<p>a</p>{table(inside=table())}<p>b</p>{table()}<p>c</p>"
    assert 2 == len(frames(html))
    text = BeautifulSoup(framed(html, "Table"), "html.parser").get_text()
    assert BeautifulSoup(html, "html.parser").get_text() == text


def test_two_tables_below_one_heading_have_different_names() -> None:
    html = f"<h2>Rights</h2>{table()}{table()}<h2>Roles</h2>{table()}"
    assert ["Rights", "Rights (2)", "Roles"] == [frame["aria-label"] for frame in frames(html)]


def test_wide_and_long_tables_are_marked() -> None:
    (plain,), (broad,), (tall,) = frames(table()), frames(table(WIDE)), frames(table(rows=TALL + 1))
    assert ["frame"] == plain["class"]
    assert ["frame", "broad"] == broad["class"]
    assert ["frame", "tall"] == tall["class"]
    spanned = f'<table><tr><td colspan="{WIDE}">x</td></tr></table>'
    assert has_wide_table(spanned)
    assert has_wide_table(f"<p>x</p>{table(WIDE)}")
    assert not has_wide_table(f"{table()}{table()}<p>x</p>")


@pytest.mark.parametrize(("line", "focus"), [("x" * LONG_LINE, False), ("&lt;" * LONG_LINE + "x", True), ("x", False)])
def test_code_takes_the_focus_if_its_lines_are_long(line: str, focus: bool) -> None:
    html = framed(f'<pre><code class="language-sh">short\n{line}\n</code></pre>', "Table")
    assert focus == ('<pre tabindex="0">' in html)


def test_text_without_tables_and_code_is_left_alone() -> None:
    html = '<h2 id="a">A</h2>\n<p>“x” &lt;table&gt; <a href="#a">y</a></p>'
    assert html == framed(html, "Table")
