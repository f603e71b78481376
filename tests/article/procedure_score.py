"""Scores of the finder of procedures against labels made by reading: whole procedures, steps, and lists that are none.

    python tests/article/procedure_score.py CORPUS [LABELS …] [--each]

Labels hold no text. A step is `n:hash`: twelve hexadecimal digits of the SHA-256 of its first n (at most six)
normalised words. Each label file is a part: `tuned` was looked at while the rules were made, `unseen` and `fresh`
were not.
"""

import hashlib
import json
import re
import sys
from collections import Counter
from dataclasses import dataclass, fields
from pathlib import Path

from kb.article.node import inline_text
from kb.article.reading import draft_of
from kb.article.source import read_source

LABELS = Path(__file__).parent / "data/procedures"
_NO_WORD = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"^(?:step )?\d+ |^step (?:one|two|three|four|five|six|seven|eight|nine|ten) ")


@dataclass(slots=True)
class Score:
    """Counts of one part; scores are between 0 and 1."""

    labelled: int = 0
    found: int = 0
    right: int = 0
    steps_labelled: int = 0
    steps_found: int = 0
    steps_right: int = 0
    others: int = 0  # lists that are no procedures
    others_taken: int = 0

    @property
    def precision(self) -> float:
        """How many of those found are labelled so."""
        return _part(self.right, self.found)

    @property
    def recall(self) -> float:
        """How many of those labelled are found whole."""
        return _part(self.right, self.labelled)

    @property
    def f1(self) -> float:
        """Whole procedures: the same steps in the same order."""
        return _part(2 * self.right, self.found + self.labelled)

    @property
    def steps(self) -> float:
        """F1 of steps, in whatever procedure."""
        return _part(2 * self.steps_right, self.steps_found + self.steps_labelled)

    def add(self, other: "Score") -> None:
        """Add what was counted in another article."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))

    def __str__(self) -> str:
        whole = f"precision {self.precision:.3f}, recall {self.recall:.3f}, F1 {self.f1:.3f}"
        return f"{whole} of {self.labelled}; steps {self.steps:.3f}; {self.others_taken} of {self.others} lists taken"


def score(corpus: Path, part: str, *, each: bool = False) -> Score:
    """Score one part of the labels on a folder of articles. `each` prints where they differ."""
    total = Score()
    for label in json.loads((LABELS / f"{part}.json").read_text(encoding="utf-8")):
        one = score_article(found_in(corpus, label["article"]), label)
        total.add(one)
        if each and (one.right < max(one.labelled, one.found) or one.others_taken):
            print(f"{label['article']}: {one}")
    return total


def found_in(corpus: Path, path: str) -> list[list[str]]:
    """The text of each step of each procedure that the finder sees in this article."""
    source, _ = read_source(corpus, path)
    assert source, path
    return [[inline_text(step.opening) for step in found.steps] for found in draft_of(source, repairs=True).steps.found]


def score_article(found: list[list[str]], label: dict[str, list[dict[str, list[str]]]]) -> Score:
    """Compare one article. What was labelled `open` counts neither way."""
    wanted = [one["steps"] for one in label["procedures"]]
    left = [steps for steps in found if not any(_holds(steps, one["steps"]) for one in label["open"])]
    result = Score(labelled=len(wanted), found=len(left), others=len(label["others"]))
    unmatched = list(wanted)
    for steps in left:
        same = next((one for one in unmatched if _same(steps, one)), None)
        if same is not None:
            unmatched.remove(same)
            result.right += 1
    texts = [text for steps in left for text in steps]
    keys = [key for one in wanted for key in one]
    result.steps_labelled, result.steps_found = len(keys), len(texts)
    result.steps_right = _common(texts, keys)
    result.others_taken = sum(any(_holds(steps, one["steps"]) for steps in found) for one in label["others"])
    return result


def key(text: str, count: int = 6) -> str:
    """The key of a step's text: `n:hash` of its first words."""
    words = normalised(text)[:count]
    return f"{len(words)}:{hashlib.sha256(' '.join(words).encode()).hexdigest()[:12]}"


def normalised(text: str) -> list[str]:
    """Words of small letters and digits, without the step's own number."""
    return _NUMBER.sub("", _NO_WORD.sub(" ", text.casefold()).strip() + " ", count=1).split()


def _is(text: str, wanted: str) -> bool:
    return key(text, int(wanted.partition(":")[0])) == wanted


def _same(steps: list[str], wanted: list[str]) -> bool:
    return len(steps) == len(wanted) and all(map(_is, steps, wanted))


def _holds(steps: list[str], wanted: list[str]) -> bool:
    """Whether at least half of these items are among the steps."""
    return 2 * _common(steps, wanted) >= len(wanted)


def _common(texts: list[str], keys: list[str]) -> int:
    counts = {int(one.partition(":")[0]) for one in keys}
    wanted, number = Counter(keys), 0
    for text in texts:
        hit = next((one for count in counts if wanted[one := key(text, count)] > 0), None)
        if hit:
            wanted[hit] -= 1
            number += 1
    return number


def _part(count: int, whole: int) -> float:
    return count / whole if whole else 1.0


def main(arguments: list[str]) -> None:
    """Print the scores of the named parts, else of all."""
    each = "--each" in arguments
    corpus, *parts = [one for one in arguments if one != "--each"]
    for part in parts or sorted(path.stem for path in LABELS.glob("*.json")):
        print(f"{part}: {score(Path(corpus), part, each=each)}")


if __name__ == "__main__":
    main(sys.argv[1:])
