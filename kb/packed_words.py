"""Words on their way through JSON: the data stays as it was, what each text was made of travels beside it."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from kb.dates import MonthInWords
from kb.words import Clause, Row, Sentence, Source, Value, Words

BESIDE = "words"  # the key that `packed` adds: JSON pointer -> what the text there was made of


def packed(data: Mapping[str, Any]) -> dict[str, Any]:
    """The same data; if it holds Words, with one more key that tells `unpacked` what they were made of."""
    found = {pointer: _source(text.source) for pointer, text in _words_in(data, "")}
    return {**data, BESIDE: found} if found else dict(data)


def unpacked(data: Mapping[str, Any]) -> dict[str, Any]:
    """What was packed, its Words restored. A text that was changed meanwhile, or is of a later kb, stays plain."""
    if BESIDE not in data:
        return dict(data)
    beside = data[BESIDE]
    bare = {name: value for name, value in data.items() if name != BESIDE}
    if not isinstance(beside, Mapping):
        return bare
    return {name: _restored(value, f"/{name}", beside) for name, value in bare.items()}


def _words_in(data: object, pointer: str) -> Iterator[tuple[str, Words]]:
    if isinstance(data, Words):
        yield pointer, data
    elif isinstance(data, Mapping):
        for name, value in data.items():
            yield from _words_in(value, f"{pointer}/{name}")
    elif isinstance(data, list | tuple):
        for place, value in enumerate(data):
            yield from _words_in(value, f"{pointer}/{place}")


def _restored(data: Any, pointer: str, beside: Mapping[str, Any]) -> Any:
    if isinstance(data, str) and pointer in beside:
        source = _read(beside[pointer])
        return Words(data, source) if source else data
    if isinstance(data, Mapping):
        return {name: _restored(value, f"{pointer}/{name}", beside) for name, value in data.items()}
    if isinstance(data, list):
        return [_restored(value, f"{pointer}/{place}", beside) for place, value in enumerate(data)]
    return data


def _source(source: Source) -> dict[str, Any]:
    match source:
        case Sentence(msgid, values, many):
            made: dict[str, Any] = {"msgid": msgid}
            if values:
                made["values"] = {name: _value(value) for name, value in values.items()}
            return {**made, "many": many} if many else made
        case Row(parts, between, last):
            return {"parts": [_value(part) for part in parts], "between": between, "last": last}
        case Clause(whole):
            return {"clause": _value(whole)}


def _value(value: Value) -> Any:
    if isinstance(value, Words):
        return {"text": "".join(value), **_source(value.source)}
    if isinstance(value, datetime):
        return {"time": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return {"month": value.first.isoformat()} if isinstance(value, MonthInWords) else value


def _read(data: Any) -> Source | None:
    match data:
        case {"msgid": str(msgid)}:
            values = {name: _read_value(value) for name, value in data.get("values", {}).items()}
            return Sentence(msgid, values, data.get("many", ""))
        case {"parts": list(parts), "between": str(between), "last": str(last)}:
            return Row(tuple(str(_read_value(part)) for part in parts), between, last)
        case {"clause": whole}:
            return Clause(str(_read_value(whole)))
    return None


def _read_value(data: Any) -> Value:
    match data:
        case {"time": str(time)}:
            return datetime.fromisoformat(time)
        case {"date": str(day)}:
            return date.fromisoformat(day)
        case {"month": str(day)}:
            return MonthInWords(date.fromisoformat(day))
        case {"text": str(text)}:
            source = _read(data)
            return Words(text, source) if source else text
        case int() | str():
            return data
    return str(data)
