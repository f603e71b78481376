"""From drafts of one article to its editions: links resolved, anchors set, HTML rendered."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kb.article.edition import Attachment, Edition, Heading, Link
from kb.article.index import Index
from kb.article.links import Fault, Resolver
from kb.article.metadata import Named, NamedFile
from kb.article.node import HEADINGS, Node, inline_text, render, visible_text
from kb.article.problem import Fix, Problem
from kb.article.procedures import Found, FoundStep
from kb.article.reading import Draft
from kb.article.side_file import SideProcedure
from kb.article.step import Procedure, Step

_SENTENCE = re.compile(r"(.{40,}?[.!?])(?:\s|$)")
_LONGEST_DESCRIPTION = 200
_REPLACING = ("article", "category", "attachment", "external")  # kinds of links that can lead to a replacement


@dataclass(frozen=True, slots=True)
class EditionBuilder:
    """Builds editions. `anchors` knows the anchors of every file of the library."""

    index: Index
    anchors: Mapping[str, Mapping[str, str]]

    def build(self, draft: Draft) -> Edition:
        """The finished edition of this draft, whose steps have their ids."""
        resolver = Resolver(self.index, draft.path, self.anchors)
        links, problems = _settle_links(resolver, draft)
        attachments = [_attachment(resolver, draft, named, problems) for named in draft.metadata.attachments]
        replacement = _replacement(resolver, draft, draft.metadata.replacement, problems)
        blocks, html = _blocks(draft)
        metadata = draft.metadata
        return Edition(
            path=draft.path,
            address=self.index.edition_address(draft.path),
            revision=draft.source.revision,
            date=metadata.date or self.index.names[draft.path].date,
            title=draft.title,
            author=metadata.author,
            keywords=metadata.keywords,
            sticky=metadata.sticky,
            content_is_html=metadata.content_is_html,
            attachments=tuple(attachments),
            blocks=blocks,
            html=html,
            text=visible_text(draft.tree.root.children),
            description=metadata.description or _description(draft.tree.root),
            headings=tuple(
                Heading(HEADINGS[node.tag], inline_text(node.children), node.attrs["id"], node.line)
                for node in draft.tree.headings
            ),
            procedures=tuple(block for block in blocks if isinstance(block, Procedure)),
            links=links,
            problems=tuple(sorted([*draft.problems, *problems])),
            state=metadata.state,
            withdrawn_reason=metadata.withdrawn_reason,
            replacement=replacement,
            translates=metadata.translates,
        )


def _settle_links(resolver: Resolver, draft: Draft) -> tuple[tuple[Link, ...], list[Problem]]:
    links: list[Link] = []
    problems: list[Problem] = []
    for node in draft.tree.links:
        link, fault = resolver.settle(node)
        links.append(link)
        if fault:
            line, column = draft.place_of(link.href, link.line)
            place = (draft.path, line, column)
            fix = _fix(fault, link.href) if draft.has_address(link.href, line, column) else None
            problems.append(Problem(*place, fault.code, fault.severity, fault.message, fault.mend, fix))
    return tuple(links), problems


def _fix(fault: Fault, href: str) -> Fix | None:
    """The whole address as it should be."""
    if fault.fix is None or href.count(fault.fix.old) != 1:
        return None
    return Fix(href, href.replace(fault.fix.old, fault.fix.new))


def _attachment(resolver: Resolver, draft: Draft, named: NamedFile, problems: list[Problem]) -> Attachment:
    resolved = resolver.attachment(named.url)
    size = None
    if resolved.target:
        try:
            size = (resolver.index.root / resolved.target).stat().st_size
        except OSError:
            size = None
    if fault := resolved.fault:
        place_of = (draft.path, named.line, named.column)
        problems.append(Problem(*place_of, fault.code, fault.severity, fault.message, fault.mend))
    return Attachment(named.file_name, resolved.href or "", named.type, resolved.target, size)


def _replacement(resolver: Resolver, draft: Draft, named: Named | None, problems: list[Problem]) -> str:
    """The address to read instead, "" if it leads nowhere: then a problem says so."""
    if named is None:
        return ""
    resolved = resolver.link(named.url)
    itself = bool(resolved.target) and resolved.target == draft.path
    if resolved.href and not resolved.broken and not itself and resolved.kind in _REPLACING:
        return resolved.href
    message = f"the replacement {named.url[:200]} leads {'to this very edition' if itself else 'to nothing'}"
    mend = (resolved.fault.mend if resolved.fault else "") or "name another article, or take it out"
    problems.append(Problem(draft.path, named.line, named.column, "replacement-broken", "error", message, mend))
    return ""


def mark_steps(draft: Draft) -> None:
    """Give each step's element its id; from then on it is an anchor of the page."""
    for found, ids in zip(draft.steps.found, draft.steps.ids, strict=True):
        for step, name in zip(found.steps, ids, strict=True):
            anchor = f"step-{name}"
            if own := step.item.attrs.get("id"):
                step.opening.insert(0, Node("a", step.line, {"id": own}))
                step.item.children.insert(0, Node("a", step.line, {"id": own}))
            step.item.attrs["id"] = anchor
            draft.anchors[anchor.lower()] = anchor


def mark_neighbours(newer: Draft, older: Draft) -> None:
    """Where the newer edition says how its steps came from the older one's, the same #step- lands in both."""
    for side in newer.steps.sides:
        if side is None or side.changes is None or side.changes.since != older.metadata.date:
            continue
        for name, change in side.changes.steps.items():
            for former in change.was:
                _add_anchor(newer, name, former)
            if change.was:
                _add_anchor(older, change.was[0], name)
        for former, change in side.changes.gone.items():
            _add_heading_anchor(newer, change.now, former)


def _add_anchor(draft: Draft, step_name: str, other: str) -> None:
    """Let `#step-other` land on this step."""
    anchor = f"step-{other}"
    if anchor.lower() in draft.anchors:
        return
    for found, ids in zip(draft.steps.found, draft.steps.ids, strict=True):
        if step_name in ids:
            step = found.steps[ids.index(step_name)]
            mark = Node("a", step.line, {"id": anchor})
            if step.opening is not step.item.children:
                step.opening.insert(0, mark)
            if step.item.tag != "p" and not _holds(step.item, mark):
                step.item.children.insert(0, mark)
            draft.anchors[anchor.lower()] = anchor
            return


def _holds(item: Node, mark: Node) -> bool:
    return any(node is mark for node in item.walk())


def _add_heading_anchor(draft: Draft, heading: str, other: str) -> None:
    anchor = f"step-{other}"
    for node in draft.tree.headings:
        if heading and anchor.lower() not in draft.anchors and inline_text(node.children) == heading:
            node.children.insert(0, Node("a", node.line, {"id": anchor}))
            draft.anchors[anchor.lower()] = anchor


def _blocks(draft: Draft) -> tuple[tuple[str | Procedure, ...], str]:
    """The body in order, with its procedures as such; and the whole body as HTML."""
    children = draft.tree.root.children
    rendered = [render([child]) for child in children]
    blocks: list[str | Procedure] = []
    place = 0
    for at, found in enumerate(draft.steps.found):
        _add_html(blocks, rendered[place : found.start])
        blocks.append(_procedure(found, draft.steps.ids[at], draft.steps.sides[at]))
        place = found.end
    _add_html(blocks, rendered[place:])
    return tuple(blocks), "".join(rendered)


def _add_html(blocks: list[str | Procedure], parts: Iterable[str]) -> None:
    html = "".join(parts)
    if html.strip():
        blocks.append(html)


def _procedure(found: Found, ids: list[str], side: SideProcedure | None) -> Procedure:
    steps = tuple(_step(step, name) for step, name in zip(found.steps, ids, strict=True))
    return Procedure(found.heading, found.line, found.why, steps, side)


def _step(step: FoundStep, name: str) -> Step:
    below = Node("", step.line, {}, [*step.opening, *step.body])
    elements = list(below.walk())
    return Step(
        id=name,
        number=step.number,
        text=inline_text(step.opening),
        line=step.line,
        html=render(step.opening).strip(),
        body=render(step.body).strip(),
        notes=tuple(_notes(step)),
        images=tuple(node.attrs["src"] for node in elements if node.tag == "img" and node.attrs.get("src")),
        links=tuple(node.attrs["href"] for node in elements if node.tag == "a" and node.attrs.get("href")),
    )


def _notes(step: FoundStep) -> Iterable[str]:
    """Visible text of each sub-item, without those below it."""
    for block in step.body:
        if not isinstance(block, str) and block.tag in ("ul", "ol"):
            for item in block.elements():
                yield inline_text(item.children)


def _description(root: Node) -> str:
    """The first sentences of the first paragraph that says something."""
    for node in root.elements():
        text = inline_text(node.children) if node.tag == "p" else ""
        if len(text) > 20:
            return _shortened(text)
    return ""


def _shortened(text: str) -> str:
    if len(text) <= _LONGEST_DESCRIPTION:
        return text
    if (sentence := _SENTENCE.match(text)) and len(sentence[1]) <= _LONGEST_DESCRIPTION:
        return sentence[1]
    return text[: _LONGEST_DESCRIPTION - 1].rpartition(" ")[0] + "…"
