"""The table of rules is true: each test that it names is there, and each section of the facts has its rules."""

import ast
import re
from pathlib import Path

HERE = Path(__file__).parent
ROW = re.compile(r"^\| ([\d.]+) \| ([WDCKPI]) \| (.+) \| `([\w/]+\.py)::(test_\w+)` \|$")
SECTIONS = {
    *(f"1.{number}" for number in range(1, 5)),
    *(f"2.{number}" for number in range(1, 18)),
    *(f"3.{number}" for number in range(1, 5)),
    "4",
    "7.3",
    "7.4",
}


def _rows() -> list[tuple[str, str, str, str, str]]:
    lines = (HERE / "rules.md").read_text(encoding="utf-8").splitlines()
    table = [line for line in lines if line.startswith("| ")][2:]
    found = [ROW.match(line) for line in table]
    assert all(found), [line for line, row in zip(table, found, strict=True) if not row]
    return [(row[1], row[2], row[3], row[4], row[5]) for row in found if row]


def test_each_rule_has_a_test_that_is_there() -> None:
    for _, _, rule, file, name in _rows():
        tree = ast.parse((HERE / file).read_text(encoding="utf-8"))
        assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, rule


def test_each_section_has_its_rules_and_the_wire_is_asked_over_http() -> None:
    rows = _rows()

    assert {section for section, *_ in rows} == SECTIONS
    assert len([tag for _, tag, *_ in rows if tag == "W"]) > 60
    assert [rule for _, tag, rule, file, _ in rows if tag == "W" and file.startswith("world/")] == []
