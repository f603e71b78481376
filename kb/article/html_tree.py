"""Builder of the tree from HTML: whole articles, and raw HTML in Markdown. All of it goes through `sanitise`."""

from html.parser import HTMLParser

from kb.article.node import HEADINGS, VOID, Node, Tree, escape
from kb.article.sanitise import LINE, Depth, clean, kept_classes, prepare
from kb.article.video import facade_of

_DEEPEST = 200  # elements; cleaning may add a few to those that `prepare` leaves
RAW = "#raw"  # element name of raw HTML that is not parsed yet


def tree_of_html(html: str, offset: int) -> Tree:
    """The tree of a whole body. `offset` is the number of lines in the file before it."""
    root = Node("body", offset + 1)
    root.children = parse_clean(clean(prepare(html, offset + 1, Depth())), offset + 1)
    return listed(root)


def graft_raw_html(tree: Tree) -> Tree:
    """Parse the raw HTML in a tree together with what stands between its pieces, and list the tree anew."""
    for node in tree.root.walk():
        raw = [place for place, child in enumerate(node.children) if not isinstance(child, str) and child.tag == RAW]
        if raw:
            part = slice(raw[0], raw[-1] + 1)
            out: list[str] = []
            depth = Depth()
            for child in node.children[part]:
                _write_numbered(child, out, depth)
            first = node.children[raw[0]]
            line = node.line if isinstance(first, str) else first.line
            node.children[part] = parse_clean(clean("".join(out)), line)
    fresh = listed(tree.root)
    fresh.labels, fresh.code = tree.labels, tree.code
    return fresh


def listed(root: Node) -> Tree:
    """A tree whose lists name what is below this root."""
    tree = Tree(root)
    for node in root.walk():
        if node.tag in HEADINGS:
            tree.headings.append(node)
        elif node.tag in ("a", "img"):
            if "href" in node.attrs or "src" in node.attrs:
                tree.links.append(node)
        elif node.tag == "table":
            tree.tables.append(node)
        if node.attrs and ("id" in node.attrs or "name" in node.attrs):
            tree.anchors.append(node)
    return tree


def parse_clean(html: str, line: int) -> "list[Node | str]":
    """The nodes of HTML that `clean` has made well-formed; lines come from its numbers, else from around it."""
    parser = _CleanParser(line)
    parser.feed(html)
    parser.close()
    return parser.top.children


class _CleanParser(HTMLParser):
    def __init__(self, line: int) -> None:
        super().__init__(convert_charrefs=True)
        self.top = Node("", line)
        self._stack = [self.top]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        parent = self._stack[-1]
        given = {name: value or "" for name, value in attrs}
        number = given.pop(LINE, "")
        line = int(number) if number.isascii() and number.isdigit() and len(number) < 10 else parent.line
        if kept := kept_classes(given.pop("class", "")):
            given["class"] = kept
        node = facade_of(given.get("src", ""), line) if tag == "iframe" else Node(tag, line, given)
        parent.children.append(node)
        if tag not in VOID:  # what is in an iframe is lost; what is too deep goes into the last element that is not
            inner = Node("", line) if tag == "iframe" else node if len(self._stack) < _DEEPEST else parent
            self._stack.append(inner)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and len(self._stack) > 1:
            self._stack.pop()

    def handle_data(self, data: str) -> None:
        self._stack[-1].children.append(data)


def _write_numbered(node: "Node | str", out: list[str], depth: Depth) -> None:
    if isinstance(node, str):
        out.append(escape(node))
    elif node.tag == RAW:
        out.extend(prepare(child, node.line, depth) for child in node.children if isinstance(child, str))
    else:
        pairs = "".join(f' {name}="{escape(value)}"' for name, value in node.attrs.items())
        out.append(f'<{node.tag} {LINE}="{node.line}"{pairs}>')
        if node.tag not in VOID:
            for child in node.children:
                _write_numbered(child, out, depth)
            out.append(f"</{node.tag}>")
