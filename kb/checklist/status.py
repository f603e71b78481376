"""The statuses that a reader sees: few, adjectives, sentence case."""

from dataclasses import dataclass
from typing import Literal

Code = Literal["todo", "doing", "done-said", "done-seen", "blocked", "problem", "recheck", "not-needed", "waiting"]
DONE: tuple[Code, ...] = ("done-said", "done-seen", "not-needed")


@dataclass(frozen=True, slots=True)
class Status:
    """`text` is the whole label: "Completed, checked 10 September 2019, 14:05 UTC"."""

    code: Code
    text: str

    @property
    def done(self) -> bool:
        """Whether nothing is left for the reader to do."""
        return self.code in DONE


@dataclass(frozen=True, slots=True)
class Block:
    """Why a step cannot start. `word` says that the reader may go on by an explicit choice."""

    code: Literal["stopped", "unanswered", "prerequisite", "unchecked", "stale", "failed", "unknown", "word"]
    text: str
    step: str = ""  # id of the step, question or prerequisite that it rests on
    word: bool = False
