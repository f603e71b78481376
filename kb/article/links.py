"""Links and images: where each leads, in the library or outside, and what is wrong with it."""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

from kb.article.address import slugify
from kb.article.edition import Link, LinkKind
from kb.article.index import ORDER_FILE, Index, is_shown_file
from kb.article.node import Node, inline_text
from kb.article.problem import Fix, Severity
from kb.article.sanitise import SCHEMES
from kb.article.web_address import encoded, host_and_path, malformed

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_CONTROLS = re.compile(r"[\x00-\x20\x7f]+")
_TWO_BEGINNINGS = re.compile(r"^(?:https?://)?(https?://)/*(?=[\w-]+\.[\w.-]+(?:[/?#]|$))", re.IGNORECASE)
_BLANK_IN_HOST = re.compile(r"(?:https?:)?//[^/?#\s]*\s", re.IGNORECASE)
_LINK_ATTRIBUTES = frozenset(["id", "name", "title", "class", "data-player", "aria-label"])
_IMAGE_SCHEMES = ("http", "https")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one link, without its place."""

    code: str
    severity: Severity
    message: str
    mend: str
    fix: Fix | None = None  # within the address as written


@dataclass(frozen=True, slots=True)
class Resolved:
    """Where a link leads: `href` for the page ("" drops it), `target` and `fault` as in Link and Problem."""

    kind: LinkKind
    href: str
    target: str | None = None
    broken: bool = False
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Resolver:
    """Resolves the links of one file. `anchors` knows the anchors of each file: lower-case form -> id."""

    index: Index
    path: str
    anchors: Mapping[str, Mapping[str, str]]

    @property
    def _language(self) -> str:
        """Of the file; "" for the library's own."""
        return self.index.names[self.path].language if self.path in self.index.names else ""

    @property
    def _home(self) -> str:
        """The first page in the file's language."""
        return f"/{self._language}/" if self._language else "/"

    def settle(self, node: Node) -> tuple[Link, Fault | None]:
        """Judge one link or image and give its element the addresses that the page shows."""
        image = node.tag == "img"
        written = node.attrs.get("src" if image else "href", "")
        resolved = self.image(written) if image else self.link(written)
        if image:
            self._show_image(node, resolved)
        else:
            _show_link(node, resolved)
        text = node.attrs.get("alt", "") if image else inline_text(node.children)
        link = Link(written, text, resolved.kind, resolved.target, resolved.broken, node.line)
        return link, resolved.fault

    def link(self, written: str) -> Resolved:
        """Where this address leads, as the author wrote it."""
        href = written.strip()
        if href.startswith("#"):
            return self._anchor(href[1:])
        bare = _CONTROLS.sub("", href)
        if scheme := _SCHEME.match(bare):
            return self._absolute(href, bare, scheme[1].lower())
        if bare.startswith("//"):
            return self._web(href, bare)
        if not bare:
            fault = Fault("link-empty", "error", "the link leads nowhere", "write its address")
            return Resolved("external", "", None, broken=True, fault=fault)
        return self._relative(href)

    def image(self, written: str) -> Resolved:
        """Which picture this address shows."""
        src = written.strip()
        bare = _CONTROLS.sub("", src)
        scheme = _SCHEME.match(bare)
        if scheme and scheme[1].lower() not in _IMAGE_SCHEMES:
            return _unsafe("image", bare)
        if scheme or bare.startswith("//"):
            fault = _malformed(bare)
            stale = self._stale(host_and_path(bare)[0])
            return Resolved("image", encoded(src), None, fault is not None, fault or stale)
        found = self._find(src)
        if found is not None and found in self.index.files and is_shown_file(found):
            return Resolved("image", _file_address(found), found, fault=self._case_fault(src, found))
        fault = Fault("image-broken", "error", f"the image {written[:200]} is not there", self._guess(src, "image"))
        return Resolved("image", encoded(src), None, broken=True, fault=fault)

    def attachment(self, url: str) -> Resolved:
        """Which file an attachment of the front matter is."""
        resolved = self.link(url)
        if resolved.kind == "attachment" and not resolved.broken:
            return resolved
        if resolved.kind in ("external", "mailto") and not resolved.broken:
            return resolved
        fault = Fault("attachment-broken", "error", f"the attachment {url[:200]} is not there", "correct its url")
        return Resolved("attachment", resolved.href, None, broken=True, fault=fault)

    def _anchor(self, fragment: str) -> Resolved:
        if fragment in ("", "top"):
            return Resolved("anchor", "#", f"{self.path}#")
        found, fault = self._fragment(self.path, fragment)
        broken = fault is not None and fault.severity == "error"
        return Resolved("anchor", f"#{quote(found)}", f"{self.path}#{found}", broken, fault)

    def _fragment(self, path: str, fragment: str) -> tuple[str, Fault | None]:
        """The anchor in that file which this fragment means, and what is wrong with it."""
        anchors = self.anchors.get(path)
        if anchors is None:
            return fragment, None
        for wanted in (fragment, unquote(fragment)):
            known = anchors.get(wanted.lower())
            if known == wanted:
                return known, None
            if known is not None:
                message = f"the anchor #{wanted[:200]} is written #{known}"
                fix = Fix(f"#{fragment}", f"#{known}")
                return known, Fault("anchor-case", "warning", message, f"write #{known}", fix)
        where = "on this page" if path == self.path else f"in {path}"
        message = f"there is no anchor #{fragment[:200]} {where}"
        return fragment, Fault("anchor-broken", "error", message, "use the id of a heading there")

    def _absolute(self, href: str, bare: str, scheme: str) -> Resolved:
        if scheme in ("http", "https"):
            return self._web(href, bare)
        if scheme in ("mailto", "tel"):
            kind: LinkKind = "mailto" if scheme == "mailto" else "tel"
            rest = bare.partition(":")[2]
            broken = not rest or (scheme == "mailto" and "@" not in rest and not rest.startswith("?"))
            fault = Fault("link-malformed", "error", f"{bare[:200]} names no one", "write the whole address")
            return Resolved(kind, encoded(bare), None, broken, fault if broken else None)
        if scheme in SCHEMES:
            return Resolved("external", encoded(href))
        return _unsafe("external", bare)

    def _web(self, href: str, bare: str) -> Resolved:
        fault = _malformed(bare)
        if _BLANK_IN_HOST.match(href):
            fault = Fault("link-malformed", "error", f"{href[:200]} has a blank in its host", "take the blank away")
        if fault:
            return Resolved("external", encoded(href), None, broken=True, fault=fault)
        host, path = host_and_path(bare)
        rest = f"{host}{path}"
        for base in self.index.settings.legacy:
            if rest.lower().startswith(base.lower()) and rest[len(base) : len(base) + 1] in ("", "/", "?", "#"):
                return self._legacy(href, rest[len(base) :])
        return Resolved("external", encoded(href), fault=self._stale(host))

    def _stale(self, host: str) -> Fault | None:
        bare = host.rpartition("@")[2].partition(":")[0]
        stale = tuple(host.lower() for host in self.index.settings.stale_hosts)
        if bare not in stale and not bare.endswith(tuple(f".{host}" for host in stale)):
            return None
        return Fault("stale-host", "warning", f"{bare} is no longer in use", "link to where it went, or take it out")

    def _legacy(self, href: str, rest: str) -> Resolved:
        """An address of the old public base: ours, if it still leads anywhere."""
        path, _, fragment = rest.partition("#")
        path = path.partition("?")[0]
        if not path.strip("/"):
            return Resolved("category", self._home + (f"#{quote(fragment)}" if fragment else ""), ".")
        address = legacy_address(self.index, path)
        if address is None:
            fault = Fault("link-broken", "error", f"{href[:200]} leads to no article of this library", "correct it")
            return Resolved("article", encoded(href), None, broken=True, fault=fault)
        if address in self.index.folder_at:
            return Resolved("category", f"{self._home}{quote(address)}/", self.index.folder_at[address])
        return self._article(self.index.current_file(address), fragment, None)

    def _relative(self, href: str) -> Resolved:
        path, _, fragment = href.partition("#")
        found = self._find(path.partition("?")[0])
        if found is None:
            return self._nowhere(href)
        case = self._case_fault(path, found)
        if found in self.index.names:
            return self._article(found, fragment, case)
        if found in ("", ".", ORDER_FILE):
            return Resolved("category", self._home, ".", fault=case)
        if found in self.index.categories:
            return Resolved("category", f"{self._home}{quote(self.index.categories[found])}/", found, fault=case)
        if found in self.index.files and is_shown_file(found):
            return Resolved("attachment", _file_address(found), found, fault=case)
        return self._nowhere(href)

    def _nowhere(self, href: str) -> Resolved:
        """A relative address that fits nothing; an old address without its host may still be meant."""
        if href.startswith("/"):
            for base in self.index.settings.legacy:
                prefix = base.partition("/")[1] + base.partition("/")[2]
                if len(prefix) > 1 and href.lower().startswith(prefix.lower()):
                    return self._legacy(href, href[len(prefix) :])
        path = href.partition("#")[0]
        fault = Fault("link-broken", "error", f"{href[:200]} leads to nothing", self._guess(path, "file"))
        page = path.endswith((".md", "/")) or "." not in path.rpartition("/")[2]
        kind: LinkKind = "article" if page else "attachment"
        return Resolved(kind, encoded(href), None, broken=True, fault=fault)

    def _article(self, path: str, fragment: str, fault: Fault | None) -> Resolved:
        path, page = self.index.version(path, self._language)
        page = f"/{quote(page)}/"
        if self.path not in self.index.unpublished and not self.index.is_served(path):
            draft = Fault("link-draft", "error", f"{path} is a draft, which nobody can read", "publish it first")
            return Resolved("article", page, path, broken=True, fault=draft)
        if not fragment:
            return Resolved("article", page, path, fault=fault)
        found, anchor_fault = self._fragment(path, fragment)
        broken = anchor_fault is not None and anchor_fault.severity == "error"
        return Resolved("article", f"{page}#{quote(found)}", f"{path}#{found}", broken, anchor_fault or fault)

    def _find(self, written: str) -> str | None:
        """The file or folder that a relative address means: as written, decoded, without .md, or in other case."""
        for path in dict.fromkeys((unquote(written), written)):
            whole = self._joined(path)
            if whole is None:
                continue
            if whole in self.index.files or whole in self.index.folders or whole == "":
                return whole
            if f"{whole}.md" in self.index.names:
                return f"{whole}.md"
            address = self.index.editions.get(whole.strip("/")) if path.startswith("/") else None
            if address:
                return self.index.current_file(whole.strip("/"))
            if path.startswith("/") and whole in self.index.folder_at:
                return self.index.folder_at[whole]
        whole = self._joined(unquote(written))
        if whole is None:
            return None
        return self.index.in_other_case(whole) or self.index.in_other_case(f"{whole}.md")

    def _joined(self, path: str) -> str | None:
        """A path of the library, None if it leads out of it."""
        path = path.replace("\\", "/")
        start = "" if path.startswith("/") else posixpath.dirname(self.path)
        whole = posixpath.normpath(posixpath.join(start, path.lstrip("/") if path.startswith("/") else path))
        if whole == ".." or whole.startswith("../"):
            return None
        return "" if whole == "." else whole

    def _case_fault(self, written: str, found: str) -> Fault | None:
        path = unquote(written.partition("#")[0].partition("?")[0])
        wholes = [self._joined(candidate) for candidate in (path, written)]
        names = [name for whole in wholes for name in (str(whole), f"{whole}.md")]
        if found in names or found.lower() not in (name.lower() for name in names):
            return None
        name = found.rpartition("/")[2]
        message = f"{written[:200]} differs from {found} in letter case"
        right = self._recased(written, found)
        fix = Fix(written, right) if right else None
        return Fault("link-case", "warning", message, f"write {name} as the file is named", fix)

    def _recased(self, written: str, found: str) -> str | None:
        """The address in the letter case of the one path that it can mean, None if that is not certain."""
        if self.index.count_in_any_case(found) != 1:
            return None
        parts, right = written.split("/"), found.split("/")
        if not parts[-1].lower().endswith(".md"):
            right[-1] = right[-1].removesuffix(".md")
        for place in range(-1, -min(len(parts), len(right)) - 1, -1):
            if unquote(parts[place]).lower() != right[place].lower():
                break
            if unquote(parts[place]) != right[place]:
                parts[place] = quote(right[place]) if "%" in parts[place] else right[place]
        new = "/".join(parts)
        return new if new != written and self._joined(unquote(new)) in (found, found.removesuffix(".md")) else None

    def _guess(self, written: str, what: str) -> str:
        name = unquote(written).replace("\\", "/").rstrip("/").rpartition("/")[2].lower()
        if found := self.index.file_named(name):
            return f"did you mean {posixpath.relpath(found, posixpath.dirname(self.path) or '.')}?"
        return f"correct the address, or add the {what}"

    def _show_image(self, node: Node, resolved: Resolved) -> None:
        attrs = {"src": resolved.href, "alt": node.attrs.get("alt", "")}
        if title := node.attrs.get("title"):
            attrs["title"] = title
        size = self.index.image_size(resolved.target) if resolved.target else None
        if size:
            attrs |= {"width": str(size.width), "height": str(size.height)}
        attrs["loading"] = "lazy"
        if own := node.attrs.get("id"):
            attrs["id"] = own
        node.attrs = attrs


def legacy_address(index: Index, path: str) -> str | None:
    """The address that an old public path (category, perhaps sub-category, article) means today."""
    parts = [slugify(unquote(part).removesuffix(".md")) for part in path.strip("/").split("/") if part]
    address = "/".join(parts)
    if address in index.editions or address in index.folder_at:
        return address
    if len(parts) < 2:
        return None
    within = [found for found in index.addresses_ending(parts[-1]) if found.startswith(f"{parts[0]}/")]
    return within[0] if len(within) == 1 else None


def _show_link(node: Node, resolved: Resolved) -> None:
    own = {name: value for name, value in node.attrs.items() if name in _LINK_ATTRIBUTES}
    node.attrs = {"href": resolved.href, **own} if resolved.href else own
    if resolved.kind == "external" and resolved.href:
        node.attrs["rel"] = "noopener"
    elif resolved.kind == "attachment" and resolved.href:
        node.attrs["download"] = ""


def _unsafe(kind: LinkKind, bare: str) -> Resolved:
    scheme = bare.partition(":")[0]
    fault = Fault("link-unsafe", "error", f"addresses that begin with {scheme}: are not shown", "use https")
    return Resolved(kind, "", None, broken=True, fault=fault)


def _malformed(bare: str) -> Fault | None:
    wrong = malformed(bare)
    right = _TWO_BEGINNINGS.sub(r"\1", bare)
    fix = Fix(bare, right) if right != bare and malformed(right) is None else None
    return Fault("link-malformed", "error", *wrong, fix) if wrong else None


def _file_address(path: str) -> str:
    return f"/files/{quote(path)}"
