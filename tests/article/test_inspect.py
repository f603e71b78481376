import json
from pathlib import Path

from kb.article.inspect import inspected
from tests.article.reading_texts import library

FILES = {
    "A/b.md": "## Steps\n\n1. Open [this](c.md).\n   - A note\n2. Close it.\n\n![](../x.png)",
    "A/c.md": "[gone](gone.md)",
    "B/d.md": "Text",
    "B/d.checklist.yaml": "procedures: [",
    "unused.png": "",
}


def test_the_report_has_the_promised_shape(tmp_path: Path) -> None:
    report = inspected(library(tmp_path, FILES), html=True)
    assert set(report) == {"articles", "problems"}
    article = report["articles"][0]
    assert (article["path"], article["address"], article["category"]) == ("A/b.md", "a/b", ["A"])
    edition = article["editions"][0]
    assert edition["date"] == "2016-01-31"
    assert set(edition) >= set(
        "path date title author keywords sticky content_is_html attachments text html".split()
        + "headings procedures links problems".split()
    )
    assert edition["headings"] == [{"level": 2, "text": "Steps", "id": "steps", "line": 2}]
    steps = edition["procedures"][0]["steps"]
    assert [(step["number"], step["text"], step["line"], step["notes"]) for step in steps] == [
        (1, "Open this.", 4, 1),
        (2, "Close it.", 6, 0),
    ]
    assert edition["links"][0] == {
        "href": "c.md", "text": "this", "kind": "article", "target": "A/c.md", "broken": False, "line": 4,
    }  # fmt: skip
    assert json.loads(json.dumps(report)) == report


def test_problems_of_no_edition_are_told_with_their_path(tmp_path: Path) -> None:
    report = inspected(library(tmp_path, FILES))
    assert [(problem["path"], problem["code"]) for problem in report["problems"]] == [("unused.png", "image-orphaned")]


def test_only_limits_the_report_and_not_the_loading(tmp_path: Path) -> None:
    report = inspected(library(tmp_path, FILES), ["A/b.md"])
    assert [article["path"] for article in report["articles"]] == ["A/b.md"]
    assert not report["articles"][0]["editions"][0]["links"][0]["broken"]
    assert report["problems"] == []
