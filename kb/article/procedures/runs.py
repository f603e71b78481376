"""Runs of steps: headings, paragraphs and lists whose numbers go on, with what stands between them."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from kb.article.node import HEADINGS, Node, inline_text
from kb.article.procedures.found import Form, Found, FoundStep, is_picture
from kb.article.procedures.marks import Mark, mark_of, names, paragraph_mark
from kb.article.procedures.numbering import numbered

Blocks = Sequence["Node | str"]
Parted = Callable[[int, int], bool]  # whether the author's comment stands between these two lines
_FARTHEST = 3  # a number may be skipped, or two
_AHEAD = 40  # marks looked at for the paragraph that goes on
_NOTE = re.compile(r"\W*(?:note|tip|important|warning|caution|hint|example)s?\b", re.IGNORECASE)
_BARE = re.compile(r"step\W*\w+\W*", re.IGNORECASE)
_BOLD_ENDS = frozenset(HEADINGS)
_LIST_ENDS = _BOLD_ENDS | {"hr"}
_ATTACHED = frozenset(["pre", "table", "blockquote", "ul"])


@dataclass(slots=True)
class _Run:
    """A run that is being collected. `last` is the number that the author wrote last."""

    found: Found
    last: int = 0
    places: list[int] = field(default_factory=list)  # where each step begins
    single: bool = True  # each step so far is a block of its own

    def add(self, place: int, steps: list[FoundStep]) -> None:
        """Add these steps, and number them on."""
        self.last = steps[-1].number
        self.single = self.single and len(steps) == 1
        for step in steps:
            if self.found.steps:
                step.number = self.found.steps[-1].number + 1
            self.found.steps.append(step)
            self.places.append(place)
        self.found.end = place + 1

    def fits(self, number: int) -> bool:
        """Whether this number can be the next one, counting the author's slips."""
        return max(self.last, 1) <= number <= self.last + _FARTHEST

    def close(self, blocks: Blocks, end: int) -> Found:
        """Give each step what stands between it and the next one; the last one has all up to `end`."""
        for step, start, stop in zip(self.found.steps, self.places, [*self.places[1:], end], strict=True):
            step.body.extend(blocks[start + 1 : stop])
            _open_with_text(step)
        self.found.end = end
        return self.found


def _open_with_text(step: FoundStep) -> None:
    """A step that says "Step 1" and no more opens with the paragraph below."""
    if not _BARE.fullmatch(inline_text(step.opening)):
        return
    for place, block in enumerate(step.body):
        if not isinstance(block, str):
            if block.tag == "p" and inline_text(block.children):
                step.opening = list(block.children)
                del step.body[place]
            return


def _begin(form: Form, place: int, line: int, steps: list[FoundStep]) -> _Run:
    run = _Run(Found("", line, place, place + 1, form=form))
    run.add(place, steps)
    return run


def heading_runs(blocks: Blocks) -> Iterator[Found]:
    """Numbered headings of one level; a run ends at the next heading that is as high."""
    runs: dict[int, _Run] = {}
    ends: dict[int, int] = {}  # where a run ends if no further number comes
    for place, block in enumerate(blocks):
        level = 0 if isinstance(block, str) else HEADINGS.get(block.tag, 0)
        if isinstance(block, str) or not level:
            continue
        for deeper in [one for one in runs if one > level]:
            yield from _several(runs.pop(deeper), blocks, ends.pop(deeper, place))
        head, run = numbered(block.children), runs.get(level)
        steps = [FoundStep(head.number, block.line, block, head.opening, [])] if head else []
        if head and run and run.fits(head.number):
            run.add(place, steps)
            ends.pop(level, None)
        elif head and head.number <= 1:
            if run:
                yield from _several(run, blocks, ends.pop(level, place))
            runs[level] = _begin("headings", place, block.line, steps)
            runs[level].found.says_step = head.step
        elif run:
            ends.setdefault(level, place)
    for level, run in runs.items():
        yield from _several(run, blocks, ends.get(level, len(blocks)))


def bold_runs(blocks: Blocks, start: int, stop: int) -> Iterator[Found]:
    """Bold paragraphs with numbers; a run ends at the next heading, rule, or bold paragraph without a number."""
    for section in _sections(blocks, start, stop, _BOLD_ENDS):
        run: _Run | None = None
        end = section.stop
        inside = False  # among numbers that begin anew below a bold one
        for place in section:
            block = blocks[place]
            mark = paragraph_mark(place, block)
            if mark is None or not (mark.kind == "bold" or (run and not inside and _follows(run, mark))):
                inside = inside or (mark is not None and mark.kind == "plain" and mark.first == 1)
                if run and end == section.stop and (names(block) or _is_rule(block)):
                    end = place
            elif run and run.fits(mark.first):
                run.add(place, mark.steps)
                end, inside = section.stop, False
            elif mark.first <= 1:
                if run:
                    yield from _several(run, blocks, min(end, place))
                run, end, inside = _begin("bold", place, mark.steps[0].line, mark.steps), section.stop, False
                run.found.says_step = mark.says_step
        if run:
            yield from _several(run, blocks, end)


def _follows(run: _Run, mark: Mark) -> bool:
    """Whether this is the next step, though it is not bold."""
    return mark.kind == "plain" and len(mark.steps) == 1 and mark.first == run.last + 1


def _is_rule(block: "Node | str") -> bool:
    return not isinstance(block, str) and block.tag == "hr"


def _several(run: _Run, blocks: Blocks, end: int) -> Iterator[Found]:
    """One heading or paragraph with a number is no run."""
    if len(run.places) > 1:
        yield run.close(blocks, end)


def list_runs(blocks: Blocks, start: int, stop: int, parted: Parted) -> Iterator[Found]:
    """Ordered lists and paragraphs with numbers, those that go on with the same numbering as one."""
    for section in _sections(blocks, start, stop, _LIST_ENDS):
        marks = [mark for place in section if (mark := mark_of(place, blocks[place]))]
        run: _Run | None = None
        for at, mark in enumerate(marks):
            if run and _goes_on(run, mark, blocks, parted):
                run.add(mark.place, mark.steps)
                continue
            strays = mark.kind == "plain" and mark.first != 1
            if run and (strays or _is_inside(run, marks[at : at + _AHEAD])):
                continue
            if run:
                yield from _ended(run, blocks, mark.place)
            form: Form = "list" if mark.kind == "list" else "paragraphs"
            is_start = mark.kind == "list" or mark.first == 1
            run = _begin(form, mark.place, mark.steps[0].line, mark.steps) if is_start else None
        if run:
            yield from _ended(run, blocks, section.stop)


def _sections(blocks: Blocks, start: int, stop: int, ends: frozenset[str]) -> Iterator[range]:
    """The parts between elements that end a run."""
    for place in range(start, stop):
        block = blocks[place]
        if not isinstance(block, str) and block.tag in ends:
            yield range(start, place)
            start = place + 1
    yield range(start, stop)


def _is_inside(run: _Run, marks: list[Mark]) -> bool:
    """Whether a list is a part of the step above it: the paragraphs' numbers go on below."""
    if run.found.form != "paragraphs" or marks[0].kind != "list":
        return False
    following = next((mark for mark in marks if mark.kind != "list"), None)
    return following is not None and following.first == run.last + 1


def _goes_on(run: _Run, mark: Mark, blocks: Blocks, parted: Parted) -> bool:
    if parted(run.found.steps[-1].line, mark.steps[0].line):
        return False
    if mark.kind != "list":
        return run.fits(mark.first) and (mark.first > 1 or run.found.form == "paragraphs")
    if run.found.form == "paragraphs":
        return mark.first == run.last + 1
    if mark.first > 1:
        return True  # nothing begins with a number above one
    between = [block for block in blocks[run.found.end : mark.place] if not isinstance(block, str)]
    if all(map(_is_attached, between)):
        return bool(between)
    return run.single and len(mark.steps) == 1 and not any(map(_names_another, between))


def _is_attached(block: Node) -> bool:
    """Whether this cannot but belong to the step above it."""
    if block.tag in _ATTACHED or is_picture(block):
        return True
    return block.tag == "p" and _NOTE.match(inline_text(block.children)) is not None


def _names_another(block: Node) -> bool:
    return bool(names(block)) or (block.tag == "p" and inline_text(block.children).endswith(":"))


def _ended(run: _Run, blocks: Blocks, limit: int) -> Iterator[Found]:
    """The run with the pictures that follow; behind a paragraph also code, lists, tables. One paragraph is no run."""
    paragraphs = run.found.form == "paragraphs"
    if paragraphs and len(run.places) < 2:
        return
    end = place = run.found.end
    while place < limit:
        block = blocks[place]
        if not isinstance(block, str):
            if not (_is_attached(block) if paragraphs else is_picture(block)):
                break
            end = place + 1
        elif block.strip():
            break
        place += 1
    yield run.close(blocks, end)
