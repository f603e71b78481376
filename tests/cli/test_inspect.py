import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kb.article.inspect import inspected
from kb.article.library import Library
from kb.cli.inspect import inspect
from kb.settings import read_settings


def run(*words: str | Path) -> str:
    done = CliRunner().invoke(inspect, [str(word) for word in words], catch_exceptions=False)
    assert 0 == done.exit_code
    return done.stdout


def data(*words: str | Path) -> Any:
    return json.loads(run(*words, "--json"))


@pytest.mark.parametrize("html", [False, True])
def test_the_json_is_all_that_was_understood(sample_library: Path, *, html: bool) -> None:
    library = Library.load(sample_library, read_settings(sample_library))
    printed = data(sample_library, *(["--html"] if html else []))
    assert json.loads(json.dumps(inspected(library, html=html))) == printed
    assert html == ("html" in printed["articles"][0]["editions"][0])


def test_an_article_stands_on_a_line_of_its_own(sample_library: Path) -> None:
    lines = run(sample_library, "--json").splitlines()
    assert len(data(sample_library)["articles"]) == len(lines) - 2


def test_only_limits_the_report(sample_library: Path) -> None:
    name = "Accounts & Users/closing-your-account.md"
    [article] = data(sample_library, "--only", name)["articles"]
    assert [name] == [edition["path"] for edition in article["editions"]]


def test_without_json_each_edition_has_a_line(sample_library: Path) -> None:
    text = run(sample_library, "--only", "Accounts & Users/closing-your-account.md")
    assert text.startswith("Accounts & Users/closing-your-account.md: Closing Your Account (2019-09-10): ")
    assert 1 == len(text.splitlines())


LIBRARIES = {
    "plain front matter": "---\ntitle: Waving\n---\n1. Lift a hand.\n2. Move it.\n",
    "no front matter": "# Waving\n\n1. Lift a hand.\n2. Move it.\n",
}


@pytest.mark.parametrize("text", LIBRARIES.values(), ids=LIBRARIES)
def test_any_folder_is_a_library(tmp_path: Path, text: str) -> None:
    (tmp_path / "waving.md").write_text(text)
    [article] = data(tmp_path)["articles"]
    [edition] = article["editions"]
    assert ("waving", "Waving", None) == (article["address"], edition["title"], edition["date"])
    assert [2] == [len(procedure["steps"]) for procedure in edition["procedures"]]


@pytest.mark.parametrize("nothing", [[], ["empty"]])
def test_an_empty_library_is_valid_json(tmp_path: Path, nothing: list[str]) -> None:
    for name in nothing:
        (tmp_path / name).mkdir()
    assert {"articles": [], "problems": []} == data(tmp_path)


def test_what_no_encoding_can_hold_is_printed_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "half.md").write_text('{{{"title": "half \\ud800", "date": "1-2-2015", "author": "Us"}}}\nText.\n')
    [article] = data(tmp_path)["articles"]
    assert "half \ufffd" == article["editions"][0]["title"]
