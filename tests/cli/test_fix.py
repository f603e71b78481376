import hashlib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kb.article.problem import Fix, Problem
from kb.cli.check import check
from kb.cli.fix import mend, mended_bytes

HEAD = "---\ntitle: Good\ndate: 2026-01-01\nauthor: Us\n---\n"


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(check, [str(word) for word in words], catch_exceptions=False)


def at(line: int, column: int, old: str, new: str) -> Problem:
    return Problem("a.md", line, column, "any", "error", "message", "mend", Fix(old, new))


@pytest.mark.parametrize(
    ("before", "fixes", "after"),
    [
        (b"one two", [at(1, 5, "two", "three")], b"one three"),
        (
            b"\xef\xbb\xbfone\r\ntwo\rthree\nfour",
            [at(1, 1, "one", "1"), at(3, 1, "three", "3")],
            b"\xef\xbb\xbf1\r\ntwo\r3\nfour",
        ),
        ("\u00a0\u2028ä\x0b x\n".encode(), [at(1, 6, "x", "y")], "\u00a0\u2028ä\x0b y\n".encode()),
        (b"a a a", [at(1, 1, "a", "bb"), at(1, 3, "a", "bb"), at(1, 5, "a", "bb")], b"bb bb bb"),
        (b"one", [at(1, 1, "two", "x")], b"one"),
        (b"one", [at(9, 1, "one", "x")], b"one"),
        (b"one", [at(0, 1, "one", "x")], b"one"),
        (b"one", [at(1, 9, "one", "x")], b"one"),
        (b"abc", [at(1, 1, "ab", "x"), at(1, 2, "bc", "y")], b"xc"),
    ],
)
def test_a_fix_changes_what_it_names_and_no_other_byte(before: bytes, fixes: list[Problem], after: bytes) -> None:
    mended, done = mended_bytes(before, fixes)
    assert after == mended
    assert (before != after) == bool(done)


def test_a_file_that_changed_since_it_was_read_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(b"one")
    assert [] == mend(tmp_path, [at(1, 1, "one", "x")], {"a.md": hashlib.sha256(b"before").hexdigest()})
    assert b"one" == file.read_bytes()
    revision = hashlib.sha256(b"one").hexdigest()
    assert 1 == len(mend(tmp_path, [at(1, 1, "one", "x")], {"a.md": revision}))
    assert b"x" == file.read_bytes()
    assert [] == mend(tmp_path, [at(1, 1, "one", "x")], {"b.md": revision, "a.md": revision})


def test_permissions_and_links_stay_and_nothing_is_left_beside(tmp_path: Path) -> None:
    (tmp_path / "real.md").write_bytes(b"one")
    (tmp_path / "real.md").chmod(0o640)
    (tmp_path / "a.md").symlink_to("real.md")
    assert 1 == len(mend(tmp_path, [at(1, 1, "one", "x")], {"a.md": hashlib.sha256(b"one").hexdigest()}))
    assert (tmp_path / "a.md").is_symlink()
    assert (b"x", 0o640) == ((tmp_path / "real.md").read_bytes(), (tmp_path / "real.md").stat().st_mode & 0o777)
    assert ["a.md", "real.md"] == sorted(file.name for file in tmp_path.iterdir())


JSON = '{{{\n"title": "Good",\n"date": "%s",\n"author": "Us"%s\n}}}\n'

MENDED = {
    "blank in a link": (HEAD + "See `[a] (b)` and [x] (https://example.com/).\n", " (https", "(https"),
    "link that is not opened": (HEAD + "See ![A cat]./cat.png).\n", "]./cat", "](./cat"),
    "heading without a blank": (HEAD + "###Title\n\nText.\n", "###Title", "### Title"),
    "letter case of a file": (HEAD + "[x](../FEET/Other.md)\n", "../FEET/Other", "../Feet/other"),
    "letter case of a file with a blank": (HEAD + "[x](two%20Words.md)\n", "two%20Words", "two%20words"),
    "letter case of an image": (HEAD + "![A cat](cat.PNG)\n", "cat.PNG", "cat.png"),
    "letter case in a definition": (HEAD + "[x][y]\n\n[y]: ../Feet/Other.md\n", "Other.md", "other.md"),
    "letter case in HTML": (HEAD + '<a href="../Feet/Other.md">x</a>\n', "Other.md", "other.md"),
    "letter case of an anchor here": (HEAD + "## A part\n\n[#A-Part](#A-Part)\n", "(#A-Part", "(#a-part"),
    "letter case of an anchor there": (HEAD + "[x](../Feet/other.md#Toes)\n", "#Toes", "#toes"),
    "letter case of both": (HEAD + "[x](../Feet/Other.md#Toes)\n", "Other.md#Toes", "other.md#toes"),
    "twice in a line": (HEAD + "## Part\n\n[x](#PART) and\n[y](#PART)\n", "#PART", "#part"),
    "three slashes": (HEAD + "[x](http:///www.example.com/a)\n", "http:///", "http://"),
    "scheme twice": (HEAD + "[x](http://https://www.example.com/a)\n", "http://https://", "https://"),
    "key with a typing error": (JSON % ("01-02-2026", ',\n"stickyt": true'), "stickyt", "sticky"),
    "key with a typing error in YAML": ("---\nautor: Us\n" + HEAD[4:].replace("author: Us\n", ""), "autor", "author"),
    "flag in quotes": (JSON % ("01-02-2026", ',\n"sticky": "true"'), '"true"', "true"),
    "date with slashes": (JSON % ("10/27/2015", ""), "10/27/2015", "2015-10-27"),
    "date with a name": (JSON % ("May 9, 2016", ""), "May 9, 2016", "2016-05-09"),
}


@pytest.fixture
def library(tmp_path: Path) -> Path:
    root = tmp_path / "articles"
    for folder in ("Hands", "Feet"):
        (root / folder).mkdir(parents=True)
    (root / "Feet" / "other.md").write_text(HEAD.replace("Good", "Other") + "## Toes\n\nText.\n")
    (root / "Hands" / "two words.md").write_text(HEAD.replace("Good", "Two words") + "Text.\n")
    (root / "Hands" / "cat.png").touch()
    return root


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(("text", "old", "new"), MENDED.values(), ids=MENDED)
def test_what_is_certain_is_mended(library: Path, text: str, old: str, new: str, end: str) -> None:
    file = library / "Hands" / "good.md"
    before = b"\xef\xbb\xbf" + text.replace("\n", end).encode()
    file.write_bytes(before)
    assert "mended 0 faults" not in run(library, "--fix").stderr
    after = before.replace(old.encode(), new.encode())
    assert after == file.read_bytes()
    assert "mended 0 faults in 0 files" in run(library, "--fix", "--strict", "--ignore", "image-orphaned").stderr
    assert after == file.read_bytes()


NOT_CERTAIN = {
    "a misspelling": "resourses",
    "a broken link": "[x](missing.md)",
    "an address in code": "`[x](#PART)` and [other](#other)\n\n## Other\n\n## Part",
    "an unused definition": "[x]: https://example.com/",
    "a level left out": "# One\n\n### Three",
    "a file that is meant by two": "[x](../Feet/SAME.md)",
}


@pytest.mark.parametrize("body", NOT_CERTAIN.values(), ids=NOT_CERTAIN)
def test_what_is_not_certain_stays(library: Path, body: str) -> None:
    for name in ("same.md", "Same.md"):
        (library / "Feet" / name).write_text(HEAD.replace("Good", name) + "Text.\n")
    file = library / "Hands" / "good.md"
    file.write_text(HEAD + body + "\n")
    assert "mended 0 faults" in run(library, "--fix").stderr
    assert HEAD + body + "\n" == file.read_text()


@pytest.mark.parametrize("day", ["01/02/2015", "3-4-16", "written 10/27/2015 by us"])
def test_a_date_that_may_be_read_otherwise_stays(library: Path, day: str) -> None:
    (library / "Hands" / "good.md").write_text(JSON % (day, ""))
    run(library, "--fix")
    assert JSON % (day, "") == (library / "Hands" / "good.md").read_text()


def test_only_what_is_selected_is_mended(library: Path) -> None:
    text = HEAD + "###Title\n\n[x](../Feet/Other.md)\n"
    for name in ("one.md", "two.md"):
        (library / "Hands" / name).write_text(text)
    done = run(library, "--fix", "--select", "link-case", "--only", "Hands/one.md")
    assert "mended 1 faults in 1 files: link-case 1" in done.stderr
    assert text.replace("Other.md", "other.md") == (library / "Hands" / "one.md").read_text()
    assert text == (library / "Hands" / "two.md").read_text()
