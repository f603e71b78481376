import copy
import json
import pickle
from datetime import UTC, date, datetime

import pytest

from kb.dates import MonthInWords
from kb.packed_words import packed, unpacked
from kb.words import (
    Value,
    Words,
    capitalised,
    commas,
    counted,
    english,
    enumerated,
    first_clause,
    halves,
    sentence,
    sentences,
    told,
    words,
)

AT = datetime(2019, 9, 10, 14, 5, tzinfo=UTC)


class Shouting:
    """A language in which all messages are upper case, for which it needs no catalogue."""

    def text(self, msgid: str) -> str:
        return msgid if "{" in msgid else msgid.upper()

    def counted(self, one: str, many: str, number: int) -> str:
        return f"({one if number == 1 else many})"

    def value(self, value: Value) -> str:
        return f"<{english(value)}>"

    def listed(self, items: list[str], last: str) -> str:
        return f" {last.upper()} ".join(items)


def shouted(text: str) -> str:
    return told(text, Shouting())


def test_words_are_english_text_wherever_they_go() -> None:
    text = words("Completed, you told us {when}", when=AT)

    assert "Completed, you told us 10 September 2019, 14:05 UTC" == text
    assert '{"says": "Completed, you told us 10 September 2019, 14:05 UTC"}' == json.dumps({"says": text})
    assert f"{text}." == "Completed, you told us 10 September 2019, 14:05 UTC."


def test_where_they_are_shown_message_and_values_are_told_in_the_language() -> None:
    inner = words("server")

    assert "SERVER until <10 September 2019>" == shouted(words("{what} until {day}", what=inner, day=date(2019, 9, 10)))
    assert "SERVER" == shouted(inner)
    assert "plain text" == shouted("plain text")


def test_a_count_takes_the_form_of_its_number() -> None:
    one, two = (counted("{number} server", "{number} servers", number) for number in (1, 2))

    assert ("1 server", "2 servers") == (one, two)
    assert ("(<1> server)", "(<2> servers)") == (shouted(one), shouted(two))


def test_rows_keep_what_their_parts_were_made_of() -> None:
    parts = (words("one"), "2", words("three"))

    assert ("one 2 three", "ONE 2 THREE") == (sentences(*parts), shouted(sentences(*parts)))
    assert ("one, 2, three", "ONE, 2, THREE") == (commas(parts), shouted(commas(parts)))
    assert ("one, 2 and three", "ONE AND 2 AND THREE") == (enumerated(parts), shouted(enumerated(parts)))
    assert "one 2" == sentences("one", "", "2")
    assert not isinstance(commas(["a", "b"]), Words)


def test_the_first_clause_is_taken_from_the_text_in_the_language() -> None:
    assert ("Some are left", "SOME ARE LEFT") == (
        first_clause(words("Some are left. Delete them.")),
        shouted(first_clause(words("Some are left. Delete them."))),
    )
    assert ("The room is empty", "Go") == (first_clause("The room is empty."), first_clause("Go. Now."))


def test_a_number_with_a_dot_ends_no_sentence() -> None:
    assert ("Erledigt am 1. März.", "Danke.") == halves("Erledigt am 1. März. Danke.")
    assert ("Since 2019.", "Thanks.") == halves("Since 2019. Thanks.")


def test_a_sentence_gets_its_full_stop_and_its_capital_once() -> None:
    assert ("Go.", "Go.", "Go?") == (sentence("Go"), sentence("Go."), sentence("Go?"))
    assert "GO." == shouted(sentence(words("Go")))
    assert ("A manager can", "A MANAGER CAN") == (
        capitalised(words("a manager can")),
        shouted(capitalised(words("a manager can"))),
    )


def test_what_is_no_text_date_or_number_is_said_as_it_says_itself() -> None:
    error = ValueError(words("It broke."))

    assert "It broke. Try again." == words("{error} Try again.", error=error)
    assert "IT BROKE. Try again." == shouted(words("{error} Try again.", error=error))
    assert "IT BROKE." == shouted(str(error))


def test_a_translation_that_names_other_values_is_not_used() -> None:
    class Wrong(Shouting):
        def text(self, msgid: str) -> str:
            return "{nobody} knows"

    assert "It is <3>" == told(words("It is {number}", number=3), Wrong())


def test_copies_are_words_too() -> None:
    text = words("since {month}", month=MonthInWords(date(2020, 3, 1)))

    for copied in (copy.deepcopy(text), pickle.loads(pickle.dumps(text))):
        assert "since <March 2020>" == shouted(copied)


@pytest.mark.parametrize(
    "text",
    [
        words("server"),
        words("{what} until {day}", what=words("network"), day=date(2019, 9, 10)),
        words("since {when}, {month}, {number}", when=AT, month=MonthInWords(date(2020, 3, 1)), number=3),
        counted("{number} server", "{number} servers", 2),
        enumerated([words("one"), "two"]),
        first_clause(words("Some are left. Delete them.")),
    ],
)
def test_words_come_back_from_json_as_words(text: str) -> None:
    data = {"message": text, "items": [{"kind": text}], "number": 3}

    stored = json.loads(json.dumps(packed(data)))
    assert data == {name: value for name, value in stored.items() if name != "words"}
    back = unpacked(stored)
    assert data == back
    assert shouted(text) == shouted(back["message"]) == shouted(back["items"][0]["kind"])


def test_data_without_words_is_stored_as_it_is_and_what_cannot_be_understood_stays_text() -> None:
    assert {"message": "plain"} == packed({"message": "plain"}) == unpacked({"message": "plain"})
    assert "plain" == shouted(unpacked({"message": "plain", "words": {"/message": {"of": "a later kb"}}})["message"])
    assert {"message": "plain"} == unpacked({"message": "plain", "words": "nonsense"})
