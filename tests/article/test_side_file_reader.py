"""A side file is read whole or refused with the line, the fault and the mend; nothing makes the reader raise."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from kb.article.problem import Problem
from kb.article.side_file import SideFile, StepChange, Told, Use
from kb.article.side_file_reader import LARGEST, SCHEMA_FILE, names_in, read_side_file

WHOLE = """\
procedures:
  - heading: Detailed Steps
    prerequisites:
      - {id: owner, label: You own it, check: shop.has_role, with: {role: Owner}}
    questions:
      - {id: contract, ask: "Do you have a contract?", hint: Look it up., stop: Write to us.}
    steps:
      - step: 1
        starts: Count the boxes
        id: count-boxes
        check: shop.boxes_counted
      - step: 2
        starts: Empty the boxes
        id: empty-boxes
        check: shop.no_boxes
        action: {name: shop.empty, with: {slowly: yes}}
        with: {colour: red, since: 2019-01-02}
        gate: must-pass
      - {step: 3, starts: Send the key, id: send-key, prepares: shop.letter, irreversible: true, fresh: 2h}
      - {step: 4, starts: Wait, id: wait, waits: for the shop}
    afterwards:
      - id: last-bill
        shows: shop.last_bill
        with: {rules: 2019}
    finished: {title: Done, text: You are done.}
    changes:
      since: 2015-11-04
      weight: content
      summary: [The key is sent by mail.]
      steps:
        count-boxes: {how: new}
        empty-boxes: {was: [empty-small, empty-big], how: merged}
        send-key: {was: [bring-key], how: method-changed}
      gone:
        thank: {how: dropped, now: Thanks}
"""

SMALL = "procedures:\n  - heading: H\n    steps:\n      - {step: 1, starts: Go, id: go}\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "a.checklist.yaml"


def read(file: Path, text: str) -> tuple[SideFile | None, list[Problem]]:
    file.write_text(text, encoding="utf-8")
    return read_side_file(file, "C/a.checklist.yaml")


def good(file: Path, text: str) -> SideFile:
    side_file, problems = read(file, text)
    assert [] == problems
    assert side_file is not None
    return side_file


def refused(file: Path, text: str) -> list[Problem]:
    side_file, problems = read(file, text)
    assert side_file is None
    assert problems
    assert all(problem.severity == "error" and problem.path == "C/a.checklist.yaml" for problem in problems)
    return problems


def test_every_part_of_a_whole_side_file_is_read(file: Path) -> None:
    (procedure,) = good(file, WHOLE).procedures
    assert "Detailed Steps" == procedure.heading
    assert 2 == procedure.line
    assert [("owner", "You own it")] == [(each.id, each.label) for each in procedure.prerequisites]
    assert [("contract", "Look it up.", "Write to us.")] == [(q.id, q.hint, q.stop) for q in procedure.questions]
    assert ["count-boxes", "empty-boxes", "send-key", "wait"] == [step.id for step in procedure.steps]
    assert [8, 12, 19, 20] == [step.line for step in procedure.steps]
    assert [("last-bill", Use("shop.last_bill", {"rules": 2019}))] == [(a.id, a.shows) for a in procedure.afterwards]
    assert procedure.finished is not None
    assert "Done" == procedure.finished.title


def test_a_step_carries_its_gate_and_its_own_freshness(file: Path) -> None:
    _, empty, send, wait = good(file, WHOLE).procedures[0].steps
    assert ("must-pass", False, timedelta(minutes=15)) == (empty.gate, empty.irreversible, empty.fresh)
    assert ("", True, timedelta(hours=2)) == (send.gate, send.irreversible, send.fresh)
    assert "for the shop" == wait.waits


def test_the_parameters_of_a_step_go_to_its_short_uses_and_not_to_a_long_one(file: Path) -> None:
    empty = good(file, WHOLE).procedures[0].steps[1]
    assert Use("shop.no_boxes", {"colour": "red", "since": "2019-01-02"}) == empty.check
    assert Use("shop.empty", {"slowly": "yes"}) == empty.action


def test_changes_keep_their_dates_and_ways(file: Path) -> None:
    changes = good(file, WHOLE).procedures[0].changes
    assert changes is not None
    assert (date(2015, 11, 4), "content") == (changes.since, changes.weight)
    assert StepChange("merged", ("empty-small", "empty-big")) == changes.steps["empty-boxes"]
    assert {"thank": StepChange("dropped", now="Thanks")} == changes.gone
    assert ("The key is sent by mail.",) == changes.summary


def test_names_are_listed_with_their_kind_and_line(file: Path) -> None:
    assert [
        ("check", "shop.has_role", 4),
        ("check", "shop.boxes_counted", 11),
        ("check", "shop.no_boxes", 15),
        ("action", "shop.empty", 16),
        ("prepares", "shop.letter", 19),
        ("shows", "shop.last_bill", 23),
    ] == names_in(good(file, WHOLE))


@pytest.mark.parametrize(
    ("written", "meant"),
    [("15m", timedelta(minutes=15)), ("2h", timedelta(hours=2)), ("1d", timedelta(days=1)), ("9999d", timedelta(9999))],
)
def test_durations_are_minutes_hours_or_days(file: Path, written: str, meant: timedelta) -> None:
    side_file = good(file, SMALL.replace("id: go", f"id: go, irreversible: true, fresh: {written}"))
    assert meant == side_file.procedures[0].steps[0].fresh


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("yes", "yes"),
        ("on", "on"),
        ("2019-09-10", "2019-09-10"),
        ("12:30:45", "12:30:45"),
        ("1_000", "1_000"),
        ("007", 7),
        ("true", True),
        ("1.5", 1.5),
        ("1e5", "1e5"),
        (".inf", ".inf"),
        ("~", None),
        ("9" * 30, "9" * 30),
        ('"5"', "5"),
        ("[a, 1]", ["a", 1]),
    ],
)
def test_scalars_are_those_of_yaml_1_2(file: Path, written: str, meant: Any) -> None:
    side_file = good(file, SMALL.replace("id: go", f"id: go, check: shop.go, with: {{value: {written}}}"))
    check = side_file.procedures[0].steps[0].check
    assert check is not None
    assert {"value": meant} == check.params


def test_a_byte_order_mark_and_windows_line_ends_change_nothing(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + SMALL.replace("\n", "\r\n").encode())
    side_file, problems = read_side_file(file, "a.yaml")
    assert [] == problems
    assert side_file is not None
    assert 4 == side_file.procedures[0].steps[0].line


def test_a_missing_side_file_is_no_fault(file: Path) -> None:
    assert (None, []) == read_side_file(file, "a.yaml")


STEP = "{step: 1, starts: Go, id: go}"


@pytest.mark.parametrize(
    ("step", "column", "code", "words"),
    [
        ("{step: 1, starts: Go, id: go, chek: a.b}", 39, "side-file-unknown-key", "Did you mean `check`?"),
        ("{step: 1, starts: Go, id: go, zzz: 1}", 39, "side-file-unknown-key", "Known in Step: step, starts"),
        ("{step: 1, starts: Go}", 9, "side-file-missing-key", "Step: `id` is missing"),
        ("{step: 1, starts: Go, id: go, id: no}", 39, "side-file-duplicate-key", "`id` is here twice"),
        ("{step: one, starts: Go, id: go}", 16, "side-file-invalid", "`step` is `one`, but must be a whole number"),
        ("{step: 0, starts: Go, id: go}", 16, "side-file-invalid", "between 1 and 9999"),
        ("{step: true, starts: Go, id: go}", 16, "side-file-invalid", "the truth value true"),
        ("{step: 1, starts: Go, id: Go}", 35, "side-file-invalid", "Lower-case letters, digits and hyphens"),
        ('{step: 1, starts: Go, id: "go\\n"}', 35, "side-file-invalid", "Lower-case letters, digits and hyphens"),
        ("{step: 1, starts: Go, id: 1go}", 35, "side-file-invalid", "starting with a letter"),
        (f"{{step: 1, starts: Go, id: {'a' * 65}}}", 35, "side-file-invalid", "at most 64 characters"),
        ("{step: 1, starts: , id: go}", 26, "side-file-invalid", "`starts` is empty"),
        ("{step: 1, starts: Go, id: go, gate: must-pass}", 39, "side-file-invalid", "needs a `check`"),
        ("{step: 1, starts: Go, id: go, check: a.b, gate: on}", 57, "side-file-invalid", "must-pass, should-pass"),
        ("{step: 1, starts: Go, id: go, order: sorted}", 46, "side-file-invalid", "one of: fixed, free"),
        ("{step: 1, starts: Go, id: go, after: go}", 46, "side-file-invalid", "must be a list"),
        ("{step: 1, starts: Go, id: go, after: [og]}", 47, "side-file-unknown-step", "Known here: go"),
        ("{step: 1, starts: Go, id: go, after: [go]}", 47, "side-file-invalid", "cannot come after step 1"),
        ("{step: 1, starts: Go, id: go, told: {said: x}}", 46, "side-file-unknown-key", "Known in Told: done, left"),
        ("{step: 1, starts: Go, id: go, waits: for us, order: fixed}", 61, "side-file-invalid", "not the reader's own"),
        ("{step: 1, starts: Go, id: go, irreversible: yes}", 53, "side-file-invalid", "must be true or false"),
        ("{step: 1, starts: Go, id: go, fresh: 15}", 46, "side-file-invalid", "15m, 2h, 1d"),
        ("{step: 1, starts: Go, id: go, fresh: 0m}", 46, "side-file-invalid", "15m, 2h, 1d"),
        ("{step: 1, starts: Go, id: go, check: nodot}", 46, "side-file-invalid", "A name such as"),
        ("{step: 1, starts: Go, id: go, check: [a.b]}", 46, "side-file-invalid", "text or a mapping"),
        ("{step: 1, starts: Go, id: go, check: {with: {}}}", 46, "side-file-missing-key", "`name` is missing"),
        ("{step: 1, starts: Go, id: go, with: 5}", 45, "side-file-invalid", "a mapping (key: value)"),
        ("{step: 1, starts: Go, id: go, waits: for us, action: a.b}", 62, "side-file-invalid", "not the reader's own"),
        ('{step: 1, starts: "G\\0", id: go}', 27, "side-file-invalid", "control character"),
        ('{step: 1, starts: "G\\uD800", id: go}', 27, "side-file-invalid", "control character"),
        ("{step: 1, starts: &x Go, id: go}", 27, "side-file-alias", "not allowed"),
        ("{step: 1, starts: *x , id: go}", 27, "side-file-alias", "not allowed"),
        ("{step: !!int 1, starts: Go, id: go}", 16, "side-file-tag", "not allowed"),
        ("{step: 1, starts: Go, id: go, ? [a] : b}", 41, "side-file-invalid", "plain text"),
        ("just words", 9, "side-file-invalid", "must be a mapping"),
    ],
)
def test_a_fault_in_a_step_is_named_with_line_column_and_mend(
    file: Path, step: str, column: int, code: str, words: str
) -> None:
    problem = refused(file, SMALL.replace(STEP, step))[0]
    assert (4, column, code) == (problem.line, problem.column, problem.code)
    assert words in str(problem)
    assert problem.mend


def test_a_step_cannot_come_after_a_later_one_or_one_that_waits_for_others(file: Path) -> None:
    later = f"{STEP}\n      - {{step: 2, starts: On, id: on}}".replace("id: go}", "id: go, after: [on]}")
    assert "step 1 cannot come after step 2" in refused(file, SMALL.replace(STEP, later))[0].message
    waiting = "{step: 1, starts: Go, id: go, waits: for us}\n      - {step: 2, starts: On, id: on, after: [go]}"
    assert "the reader could never go on" in refused(file, SMALL.replace(STEP, waiting))[0].message


def test_order_and_the_words_of_a_choice_are_read(file: Path) -> None:
    steps = "{step: 1, starts: Go, id: go, check: a.b, gate: should-pass, told: {left: No}}"
    text = SMALL.replace(STEP, f"{steps}\n      - {{step: 2, starts: On, id: on, order: free, after: [go]}}")
    side = good(file, text.replace("    steps:", "    order: fixed\n    steps:"))
    go, on = side.procedures[0].steps
    assert ("fixed", "should-pass", Told("", "No")) == (side.procedures[0].order, go.gate, go.told)
    assert ("free", ("go",)) == (on.order, on.after)


def test_all_faults_of_the_schema_are_told_at_once_and_in_order(file: Path) -> None:
    text = SMALL.replace(STEP, "{step: one, starts: Go, id: Go, fresh: soon}")
    assert ["step", "id", "fresh"] == [problem.message.split("`")[1] for problem in refused(file, text)]


CHANGED = SMALL + "    changes: {since: 2015-11-04, weight: content, steps: {go: {was: [a], how: same}}, gone: {}}\n"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("2015-11-04", "2015-11-31", "not a day of the calendar"),
        ("2015-11-04", "11-04-2015", "which does not fit"),
        ("weight: content", "weight: heavy", "one of: wording, content, danger"),
        ("{go: {", "{gone-by: {", "no step of this procedure has the id `gone-by`"),
        ("{go: {", "{Go: {", "`Go` is not an id"),
        ("how: same", "how: new", "nothing before"),
        ("how: same", "how: merged", "merged from two or more"),
        ("was: [a], ", "", "exactly one step"),
        ("was: [a], ", "was: [a, b], ", "exactly one step"),
        ("was: [a], how: same", "was: [a, a], how: merged", "names nothing twice"),
        ("how: same", "how: dropped", "one of: same, reworded"),
        ("gone: {}", "gone: {a: {how: dropped}}", "lives on in a step above"),
        ("gone: {}", "gone: {b: {how: same}}", "one of: dropped"),
    ],
)
def test_changes_that_cannot_be_are_refused(file: Path, old: str, new: str, words: str) -> None:
    good(file, CHANGED)
    problems = refused(file, CHANGED.replace(old, new))
    assert words in str(problems[0])
    assert 5 == problems[0].line


def test_an_old_step_may_become_several_only_by_a_split(file: Path) -> None:
    two = CHANGED.replace(STEP, STEP + "\n      - {step: 2, starts: On, id: on}")
    split = two.replace("{go: {was: [a], how: same}}", "{go: {was: [a], how: split}, on: {was: [a], how: split}}")
    good(file, split)
    assert "claimed twice" in str(refused(file, split.replace("how: split}}", "how: moved}}"))[0])


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("      - {step: 1, starts: On, id: on}\n", "the step number `1` is here twice"),
        ("      - {step: 2, starts: On, id: go}\n", "the step id `go` is here twice"),
        ("  - heading: O\n    steps: [{step: 1, starts: On, id: go}]\n", "the step id `go` is here twice"),
        ("  - heading: H\n    steps: [{step: 1, starts: On, id: on}]\n", "the heading `H` is here twice"),
        (
            "    questions: [{id: q, ask: A, stop: S.}, {id: q, ask: A, stop: S.}]\n",
            "the id `q` is here twice",
        ),
    ],
)
def test_ids_numbers_and_headings_are_unique(file: Path, more: str, words: str) -> None:
    (problem,) = refused(file, SMALL + more)
    assert "side-file-duplicate-id" == problem.code
    assert words in problem.message
    assert problem.line > 4


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 1),
        ("# nothing\n", 1),
        ("procedures:\n  - heading: 'open\n", 2),
        ("procedures: [\n", 2),
        ("a: b: c\n", 1),
        ("procedures:\n\t- heading: H\n", 2),
        ("a: 1\n---\nb: 2\n", 2),
        ('a: "\\UFFFFFFFF"\n', 1),
        ("a: 1\nb: \x01\n", 2),
        ("procedures: []\n", 1),
        ("- just\n- a list\n", 1),
        ("procedures: {}\n", 1),
        ("%YAML 9.9\n---\na: 1\n", 1),
    ],
)
def test_text_that_is_no_side_file_is_refused_where_it_breaks(file: Path, text: str, line: int) -> None:
    assert line == refused(file, text)[0].line


def _hostile() -> Iterator[tuple[str, bytes, str]]:
    yield "binary", bytes(range(256)), "side-file-unreadable"
    yield "utf-16", SMALL.encode("utf-16"), "side-file-unreadable"
    yield "huge", b"#" * (LARGEST + 1), "side-file-unreadable"
    yield "deep flow", b"[" * 50_000, "side-file-too-deep"
    yield "deep blocks", b"- " * 50_000, "side-file-too-deep"
    yield "deep keys", b"{a: " * 20_000, "side-file-too-deep"
    bomb = "a: &a [x, x]\n" + "".join(f"{b}: &{b} [*{a}, *{a}]\n" for a, b in zip("abcdefg", "bcdefgh", strict=True))
    yield "aliases", bomb.encode(), "side-file-alias"
    yield "itself", b"&a [*a]", "side-file-alias"
    yield "python tag", b"!!python/object/apply:os.system ['true']", "side-file-tag"
    yield "merge key", b"procedures: []\n<<: {a: 1}\n", "side-file-unknown-key"


@pytest.mark.parametrize(("data", "code"), [pytest.param(data, code, id=name) for name, data, code in _hostile()])
def test_hostile_files_are_refused(file: Path, data: bytes, code: str) -> None:
    file.write_bytes(data)
    side_file, problems = read_side_file(file, "a.yaml")
    assert side_file is None
    assert code in {problem.code for problem in problems}


def test_a_folder_in_the_place_of_the_file_is_unreadable(tmp_path: Path) -> None:
    side_file, (problem,) = read_side_file(tmp_path, "a.yaml")
    assert side_file is None
    assert "side-file-unreadable" == problem.code


ANYTHING = st.binary(max_size=60) | st.text(alphabet="{}[]:,-&*!|>'\"%@#\\ \n\tax01~?\u0085\ufeff", max_size=60).map(
    str.encode
)


@settings(
    max_examples=300,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.tuples(st.sampled_from([b"", WHOLE.encode()]), st.integers(0, len(WHOLE)), ANYTHING))
def test_no_bytes_make_the_reader_raise(file: Path, spoiled: tuple[bytes, int, bytes]) -> None:
    base, at, junk = spoiled
    file.write_bytes(base[:at] + junk + base[at:])
    side_file, problems = read_side_file(file, "a.yaml")
    assert (side_file is None) == bool(problems)
    assert all(problem.line >= 1 and problem.column >= 1 for problem in problems)


def _subschemas(schema: Any) -> Iterator[dict[str, Any]]:
    """Every schema in the schema, those behind a $ref once."""
    yield schema
    for part in [*schema.get("properties", {}).values(), *schema.get("$defs", {}).values()]:
        yield from _subschemas(part)
    for part in (schema.get("items"), schema.get("additionalProperties")):
        if isinstance(part, dict):
            yield from _subschemas(part)


def test_the_published_schema_is_valid_and_explains_every_part() -> None:
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    assert "https://json-schema.org/draft/2020-12/schema" == schema["$schema"]
    silent = [part for part in _subschemas(schema) if "$ref" not in part and not {"title", "description"} <= set(part)]
    assert [] == silent
