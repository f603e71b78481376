"""What became of steps, in words: for the page, the command and whoever reads the comparison aloud."""

from collections.abc import Sequence

from kb.article.compared_text import Part
from kb.article.step import Step
from kb.words import words

Names = tuple[str, str]  # what the older and the newer edition are called


def label(part: Part) -> str:
    """The kind of change in a word or two, for a part that is steps."""
    match part.match.how if part.match else "same":
        case "dropped":
            return words("Became a section") if part.match and part.match.now else words("Gone")
        case "new":
            return words("New")
        case "merged":
            return words("Merged")
        case "split":
            return words("Split")
        case "method-changed":
            return words("Another method")
        case "moved":
            return words("Moved") if part.unchanged else words("Moved, other words")
        case _:
            return words("Unchanged") if part.unchanged else words("Other words")


def sentence(part: Part, names: Names) -> str:
    """What became of these steps, as a sentence without its full stop."""
    old, new = _steps(names[0], part.older), _steps(names[1], part.newer)
    match part.match.how if part.match else "same":
        case "dropped" if part.match and part.match.now:
            return words("{old} became the section “{now}”", old=old, now=part.match.now)
        case "dropped":
            return words("{old} is gone", old=old)
        case "new":
            return words("{new} is new and takes up {old}", new=new, old=old) if old else words("{new} is new", new=new)
        case "merged":
            return words("{old} are merged into {new}", old=old, new=new)
        case "split":
            if len(part.older) == 1:
                return words("{old} is split into {new}", old=old, new=new)
            return words("{old} are now {new}", old=old, new=new)
        case "method-changed":
            return words("{old} changed its method; it is {new}", old=old, new=new)
        case "moved":
            if part.unchanged:
                return words("{old} moved; it is {new}, unchanged", old=old, new=new)
            return words("{old} moved; it is {new}, in other words", old=old, new=new)
        case _:
            if part.unchanged:
                return words("{old} is {new}, unchanged", old=old, new=new)
            return words("{old} is {new}, in other words", old=old, new=new)


def _steps(name: str, steps: Sequence[Step]) -> str:
    numbers = [str(step.number) for step in steps]
    if len(numbers) < 2:
        return words("{edition} step {number}", edition=name, number=numbers[0]) if numbers else ""
    listed = words("{numbers} and {last}", numbers=", ".join(numbers[:-1]), last=numbers[-1])
    return words("{edition} steps {numbers}", edition=name, numbers=listed)
