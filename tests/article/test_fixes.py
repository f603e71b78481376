from pathlib import Path

import pytest

from kb.article.fixes import mend_files, mended
from kb.article.library import Library
from kb.settings import Settings

BROKEN = (
    '\ufeff{{{\r\n  "title": "T",\r\n  "date": "10/27/2015",\r\n  "author": "A"\r\n}}}\r\n'
    "##Heading\r\rSee [x] (https://example.com/) and [y](#Heading) and [z] (https://example.com/).\nÄ  \n"
)
WHOLE = (
    '\ufeff{{{\r\n  "title": "T",\r\n  "date": "2015-10-27",\r\n  "author": "A"\r\n}}}\r\n'
    "## Heading\r\rSee [x](https://example.com/) and [y](#heading) and [z](https://example.com/).\nÄ  \n"
)


def test_what_is_certain_is_mended_and_nothing_else_is_touched(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(BROKEN.encode())
    solved = mend_files(tmp_path, Library.load(tmp_path, Settings()).problems)
    assert file.read_bytes() == WHOLE.encode()
    assert sorted(problem.code for problem in solved) == [
        "anchor-case", "date-odd", "heading-blank", "link-blank", "link-blank",
    ]  # fmt: skip
    assert Library.load(tmp_path, Settings()).problems == ()
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.md"]


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"one line"])
def test_a_problem_that_does_not_fit_the_file_changes_nothing(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.md").write_bytes(BROKEN.encode())
    problems = Library.load(tmp_path, Settings()).problems
    assert mended(data, problems) == (data, [])
