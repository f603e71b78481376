"""What became of steps, in words: for the page, the command and whoever reads the comparison aloud."""

from collections.abc import Sequence

from kb.article.compared_text import Part
from kb.article.step import Step

Names = tuple[str, str]  # what the older and the newer edition are called


def label(part: Part) -> str:
    """The kind of change in a word or two, for a part that is steps."""
    match part.match.how if part.match else "same":
        case "dropped":
            return "Became a section" if part.match and part.match.now else "Gone"
        case "new":
            return "New"
        case "merged":
            return "Merged"
        case "split":
            return "Split"
        case "method-changed":
            return "Another method"
        case "moved":
            return "Moved" if part.unchanged else "Moved, other words"
        case _:
            return "Unchanged" if part.unchanged else "Other words"


def sentence(part: Part, names: Names) -> str:
    """What became of these steps, as a sentence without its full stop."""
    old, new = _steps(names[0], part.older), _steps(names[1], part.newer)
    match part.match.how if part.match else "same":
        case "dropped" if part.match and part.match.now:
            return f"{old} became the section “{part.match.now}”"
        case "dropped":
            return f"{old} is gone"
        case "new":
            return f"{new} is new" + (f" and takes up {old}" if old else "")
        case "merged":
            return f"{old} are merged into {new}"
        case "split":
            return f"{old} is split into {new}" if len(part.older) == 1 else f"{old} are now {new}"
        case "method-changed":
            return f"{old} changed its method; it is {new}"
        case "moved":
            return f"{old} moved; it is {new}{_wording(part)}"
        case _:
            return f"{old} is {new}{_wording(part)}"


def _wording(part: Part) -> str:
    return ", unchanged" if part.unchanged else ", in other words"


def _steps(name: str, steps: Sequence[Step]) -> str:
    numbers = [str(step.number) for step in steps]
    if len(numbers) < 2:
        return f"{name} step {numbers[0]}" if numbers else ""
    return f"{name} steps {', '.join(numbers[:-1])} and {numbers[-1]}"
