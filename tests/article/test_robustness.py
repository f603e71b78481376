"""Whatever an author writes, reading it neither raises nor hangs, and no step or heading points beyond the text."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from kb.article.address import FileName
from kb.article.edition_builder import EditionBuilder, mark_steps
from kb.article.faults.edition_faults import edition_faults
from kb.article.index import Index
from kb.article.reading import draft_of
from kb.article.source import source_of
from kb.article.spelling import Dictionary
from kb.article.step_ids import name_steps
from kb.settings import Settings
from tests.article.reading_texts import HEAD, HTML_HEAD

INDEX = Index(
    Path("/nowhere"), Settings(legacy=("old.example/kb",)), frozenset(["a/b.md"]), frozenset(["a"]),
    names={"a/b.md": FileName("b", "", None)}, address_of={"a/b.md": "a/b"}, editions={"a/b": ["a/b.md"]},
)  # fmt: skip
MARKUP = "ab1. \n\t*_-=`~[]()!<>#|\\&;:+>\"'/{}@\u00a0\r"
WORDS = (
    "1.  2.  -  *  ``` ~~~ >  | a | b | |---| <div> </div> <table> <tr> <td> </table> <li> <ol> <p> <b> </b>"
    " <a href='x'> <your host> [a](b c.md) [a][b] [b]: c ![i](x.png) ** ### --- === http://a.b/c me@a.b \\$ &#151; <!-- -->"  # noqa: E501
    " <![CDATA[ <iframe src='//player.vimeo.com/video/1'> {{{ }}} Click Steps"
)
PIECES = st.lists(
    st.sampled_from([*WORDS.split(" "), "  ", "    ", "\n", "\n\n", " **", "** ", "\0", "1. ", "- "]), max_size=60
).map("".join)
FRONT = st.text(alphabet='{}[]":,\n -+=ab1.\\/“”', max_size=60)


def read(text: str) -> None:
    source, _ = source_of("a/b.md", text.encode("utf-8", "surrogatepass"))
    for repairs in (True, False):
        draft = draft_of(source, repairs=repairs)
        edition_faults(draft, Dictionary({"resourses": "resources"}))
        name_steps([draft.steps])
        mark_steps(draft)
        edition = EditionBuilder(INDEX, {"a/b.md": draft.anchors}).build(draft)
        last = source.text.count("\n") + 1
        assert all(1 <= step.line <= last for procedure in edition.procedures for step in procedure.steps)
        assert all(1 <= heading.line <= last for heading in edition.headings)
        assert all(1 <= problem.line <= last for problem in edition.problems)
        ids = [step.id for procedure in edition.procedures for step in procedure.steps]
        assert len(set(ids)) == len(ids)


@given(st.text(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read(text: str) -> None:
    read(text)


@given(st.text(alphabet=MARKUP, max_size=120) | PIECES)
@settings(max_examples=400, deadline=None)
def test_any_markdown_is_read(text: str) -> None:
    read(HEAD + text)


@given(st.text(alphabet=MARKUP, max_size=120) | PIECES)
@settings(max_examples=200, deadline=None)
def test_any_html_is_read(text: str) -> None:
    read(HTML_HEAD + text)


@given(FRONT, st.sampled_from([("{{{", "}}}"), ("---\n", "\n---\n"), ("+++\n", "\n+++\n")]))
@settings(max_examples=300, deadline=None)
def test_any_front_matter_is_read(inner: str, fences: tuple[str, str]) -> None:
    read(f"{fences[0]}{inner}{fences[1]}Text")


def test_ten_thousand_levels_are_read() -> None:
    for text in (">" * 10_000, "- " * 10_000, "".join(" " * place + "- x\n" for place in range(1_000))):
        read(HEAD + text)
    read(HTML_HEAD + "<div>" * 10_000 + "x")
