import json
from pathlib import Path

import pytest

from kb.article.problem import Problem
from kb.cli.report import FORMATS, base_of

PROBLEMS = [
    Problem("Hands & Feet/50% a,b:c.md", 3, 7, "link-broken", "error", "100%\nbroken", "mend it"),
    Problem("b.md", 1, 1, "alt-missing", "warning", "no text", ""),
    Problem("b.md", 9, 1, "alt-missing", "warning", "no text", ""),
]


def test_text_is_one_line_for_each_and_harmless_to_a_terminal() -> None:
    lines = FORMATS["text"]([*PROBLEMS, Problem("\x1b[2J.md", 1, 1, "c", "error", "m", "")], "lib/").splitlines()
    assert "Hands & Feet/50% a,b:c.md:3:7: link-broken error 100%\\nbroken (mend it)" == lines[0]
    assert "b.md:1:1: alt-missing warning no text" == lines[1]
    assert "\\x1b[2J.md:1:1: c error m" == lines[3]


def test_json_has_exactly_the_promised_keys() -> None:
    data = json.loads(FORMATS["json"](PROBLEMS, "lib/"))
    assert ["problems"] == list(data)
    keys = ["path", "line", "column", "code", "severity", "message", "mend"]
    assert [keys] * 3 == [list(problem) for problem in data["problems"]]
    assert "Hands & Feet/50% a,b:c.md" == data["problems"][0]["path"]


def test_github_gets_workflow_commands_with_paths_from_the_current_folder() -> None:
    lines = FORMATS["github"](PROBLEMS, "lib/").splitlines()
    file = "lib/Hands & Feet/50%25 a%2Cb%3Ac.md"
    assert f"::error file={file},line=3,col=7,title=link-broken::100%25%0Abroken (mend it)" == lines[0]
    assert "::warning file=lib/b.md,line=1,col=1,title=alt-missing::no text" == lines[1]
    assert 3 == len(lines)


def test_sarif_names_tool_rules_places_and_the_same_fault_by_the_same_print() -> None:
    data = json.loads(FORMATS["sarif"](PROBLEMS, "lib/"))
    [run] = data["runs"]
    assert ("2.1.0", "kb") == (data["version"], run["tool"]["driver"]["name"])
    assert ["alt-missing", "link-broken"] == [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    first = run["results"][0]
    assert ("link-broken", 1, "error") == (first["ruleId"], first["ruleIndex"], first["level"])
    place = first["locations"][0]["physicalLocation"]
    assert "lib/Hands%20%26%20Feet/50%25%20a%2Cb%3Ac.md" == place["artifactLocation"]["uri"]
    assert {"startLine": 3, "startColumn": 7} == place["region"]
    prints = [result["partialFingerprints"]["kbFault/v1"] for result in run["results"]]
    assert 3 == len(set(prints))
    moved = [Problem("b.md", 77, 1, "alt-missing", "warning", "no text", "")]
    [again] = json.loads(FORMATS["sarif"](moved, "lib/"))["runs"][0]["results"]
    assert prints[1] == again["partialFingerprints"]["kbFault/v1"]


@pytest.mark.parametrize("shape", FORMATS)
def test_nothing_found_is_a_valid_report(shape: str) -> None:
    text = FORMATS[shape]([], "")
    assert text == "" or json.loads(text)


def test_the_base_leads_from_the_current_folder_to_the_library(tmp_path: Path) -> None:
    (tmp_path / "docs" / "articles").mkdir(parents=True)
    assert "docs/articles/" == base_of(tmp_path / "docs" / "articles", tmp_path)
    assert "" == base_of(tmp_path, tmp_path)
    assert "" == base_of(tmp_path, tmp_path / "docs")
