"""Front matter: metadata at the head of a file, as `{{{ JSON }}}`, `---` YAML or `+++` TOML.

`python-frontmatter` loads JSON and YAML; finding the block is done here, because its own splitting silently answers
"no metadata" for what it does not know, and because problems must name the author's line and column.
"""

import json
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import yaml
from frontmatter.default_handlers import JSONHandler, YAMLHandler

from kb.article.problem import Problem
from kb.article.source import Source

Kind = Literal["json", "yaml", "toml", ""]


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What stands at the head of a file, and where its body begins."""

    kind: Kind
    data: Mapping[str, Any]
    raw: str  # the text of the block between its fences
    raw_start: int  # index of `raw` in the file's text
    body_start: int  # index of the body in the file's text
    problems: tuple[Problem, ...] = ()


@dataclass(slots=True)
class _Block:
    """One found block while it is being loaded."""

    path: str
    text: str
    start: int
    raw: str
    problems: list[Problem] = field(default_factory=list)

    def fault(self, offset: int, code: str, message: str, mend: str) -> None:
        line, column = position(self.text, self.start + max(offset, 0))
        self.problems.append(Problem(self.path, line, column, code, "error", message, mend))


_JSON_OPEN = re.compile(r"\s*\{\{\{")
_JSON_LAST_LINE = re.compile(r"^[ \t]*\}{1,3}[ \t]*$", re.MULTILINE)
_YAML = re.compile(r"\s*^---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.MULTILINE | re.DOTALL)
_TOML = re.compile(r"\s*^\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.MULTILINE | re.DOTALL)


def split(source: Source) -> FrontMatter:
    """Take the front matter off the file. Never raises: faults are in `problems`, what could be read in `data`."""
    text = source.text
    if match := _JSON_OPEN.match(text):
        return _split_json(source, match.end())
    if match := _YAML.match(text):
        return _loaded(source, "yaml", match, _load_yaml)
    if match := _TOML.match(text):
        return _loaded(source, "toml", match, _load_toml)
    return FrontMatter("", {}, "", 0, 0)


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of this index in the text."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def _split_json(source: Source, start: int) -> FrontMatter:
    text = source.text
    end = text.find("}}}", start)
    if end < 0:
        return _unclosed_json(source, start)
    block = _Block(source.path, text, start, text[start:end])
    data = _load_json(block)
    return FrontMatter("json", data, block.raw, start, end + 3, tuple(block.problems))


def _unclosed_json(source: Source, start: int) -> FrontMatter:
    """Without a closing fence the block ends with its last line that looks like one, else with its paragraph."""
    text = source.text
    close = _JSON_LAST_LINE.search(text, start)
    blank = text.find("\n\n", start)
    ends = [close.start(), close.end()] if close else [blank, blank] if blank >= 0 else [len(text), len(text)]
    block = _Block(source.path, text, start, text[start : ends[0]])
    block.fault(-3, "front-matter", "the front matter is never closed", "end it with a line }}}")
    return FrontMatter("json", _salvage(block.raw), block.raw, start, ends[1], tuple(block.problems))


def _load_json(block: _Block) -> Mapping[str, Any]:
    repeated: list[str] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in items]
        repeated.extend(key for key in dict.fromkeys(keys) if keys.count(key) > 1)
        return dict(items)

    try:
        data = JSONHandler().load("{" + block.raw + "}", object_pairs_hook=pairs)
    except json.JSONDecodeError as error:
        offset = min(error.pos - 1, len(block.raw))
        if not block.raw[offset:].strip():  # a comma before the end is at fault, not the end
            offset = max(block.raw.rstrip().rfind(","), 0)
        block.fault(offset, "front-matter", f"the front matter is not valid JSON: {error.msg}", _mend_json(error.msg))
        return _salvage(block.raw)
    except (ValueError, RecursionError):
        block.fault(0, "front-matter", "the front matter is not valid JSON", "write plain keys and values")
        return _salvage(block.raw)
    for key in repeated:
        place = block.raw.rfind(f'"{key}"')
        block.fault(place, "key-repeated", f"{key} is given more than once; the last one counts", "keep one of them")
    return data if isinstance(data, dict) else {}


def _mend_json(message: str) -> str:
    if "delimiter" in message:
        return "put a comma between the entries and a colon after each key"
    if "property name" in message:
        return 'put each key in straight double quotes ("), and no comma after the last entry'
    if "control character" in message:
        return "write the value on one line"
    return 'use straight double quotes (") around texts'


_PAIR = re.compile(
    r'"?(?P<key>[A-Za-z][\w-]{0,60})"?[ \t]*:[ \t]*'
    r'(?:"(?P<text>(?:[^"\\\n]|\\.)*)"|(?P<word>true|false|null|-?\d{1,9})\b|(?P<list>\[[^\[\]{}]*\]))'
)
_SMART = str.maketrans({"\u201c": '"', "\u201d": '"', "\u201e": '"'})


def _salvage(raw: str) -> dict[str, Any]:
    """What can still be read of invalid JSON: each `"key": value` that stands on its own."""
    found: dict[str, Any] = {}
    for match in _PAIR.finditer(raw.translate(_SMART)):
        value = f'"{match["text"]}"' if match["text"] is not None else match["word"] or match["list"]
        try:
            found[match["key"]] = json.loads(value, strict=False)
        except ValueError:
            found[match["key"]] = match["text"] or ""
    return found


def _loaded(source: Source, kind: Kind, match: re.Match[str], load: Callable[[_Block], Any]) -> FrontMatter:
    """A YAML or TOML block; what is no mapping was no front matter but text between two rules."""
    block = _Block(source.path, source.text, match.start(1), match[1])
    data = load(block)
    if data is None and not block.problems and not block.raw.strip():
        data = {}
    if not isinstance(data, dict):
        return FrontMatter("", {}, "", 0, 0)
    named = {str(key): value for key, value in data.items()}
    return FrontMatter(kind, named, block.raw, block.start, match.end(), tuple(block.problems))


def _load_yaml(block: _Block) -> Any:
    try:
        return YAMLHandler().load(block.raw)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = error.problem or "it cannot be understood"
        message, mend = f"the front matter is not valid YAML: {reason}", "put texts with a colon in quotes"
        block.fault(mark.index if mark else 0, "front-matter", message, mend)
    except (yaml.YAMLError, ValueError, RecursionError, TypeError, AttributeError, OverflowError) as error:
        block.fault(0, "front-matter", f"the front matter is not valid YAML: {str(error)[:200]}", "put texts in quotes")
    return _salvage_lines(block.raw, ":")


def _load_toml(block: _Block) -> Any:
    try:
        return tomllib.loads(block.raw)
    except (tomllib.TOMLDecodeError, ValueError, RecursionError) as error:
        place = re.search(r"line (\d+), column (\d+)", str(error))
        offset = _offset(block.raw, int(place[1]), int(place[2])) if place else 0
        message, mend = f"the front matter is not valid TOML: {str(error)[:200]}", "put texts in quotes"
        block.fault(offset, "front-matter", message, mend)
    return _salvage_lines(block.raw, "=")


def _offset(text: str, line: int, column: int) -> int:
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    return min(starts[min(line, len(starts)) - 1] + column - 1, len(text))


def _salvage_lines(raw: str, sign: str) -> dict[str, Any]:
    """Each line `key: value` (or `key = value`) that stands on its own, as text."""
    pattern = re.compile(rf"^([A-Za-z][\w-]{{0,60}})[ \t]*{sign}[ \t]*(\S.*)$", re.MULTILINE)
    found: dict[str, Any] = {match[1]: match[2].strip().strip("\"'") for match in pattern.finditer(raw)}
    return {key: value == "true" if value in ("true", "false") else value for key, value in found.items()}
