"""HTTP/1.1 as bytes: reading a request from a stream, and writing an answer."""

import gzip
import http
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from io import BufferedIOBase

from kb.sandbox.api.reply import Answer
from kb.sandbox.errors import Unreadable

LARGEST_BODY = 4 * 1024 * 1024  # bytes
_LONGEST_LINE = 65536
_MOST_HEADERS = 100
_WORTH_PACKING = 1000  # bytes

_HEX = frozenset(b"0123456789abcdefABCDEF")
_PHRASES = {status.value: status.phrase for status in http.HTTPStatus}
_USUAL = {"Cache-Control": "no-cache", "Pragma": "no-cache", "Expires": "-1"}


@dataclass(frozen=True, slots=True)
class Request:
    """One request; names of `headers` in lower case, of repeated ones the values are joined."""

    method: str
    target: str  # path and query
    headers: Mapping[str, str]
    body: bytes
    keep_alive: bool


def read_request(stream: BufferedIOBase, go_on: Callable[[], object]) -> Request | None:
    """The next request; None when the caller has hung up. `go_on` is called when a caller waits to send the body.

    Raises Unreadable for what is no HTTP and for bodies that are too large; the connection is then of no more use.
    """
    line = _line(stream, 414)
    if line == b"\r\n":  # some clients end a body with one line end too many
        line = _line(stream, 414)
    if not line:
        return None
    words = line.decode("latin-1").split()
    if len(words) != 3 or not words[2].startswith("HTTP/"):
        raise Unreadable(400, "Bad request line.")
    method, target, version = words
    if version not in ("HTTP/1.1", "HTTP/1.0"):
        raise Unreadable(505, "Only HTTP/1.1 and HTTP/1.0 are spoken here.")
    headers = _headers(stream)
    body = _body(stream, headers, go_on)
    if body is None:
        return None
    connection = headers.get("connection", "").lower()
    keep = "close" not in connection if version == "HTTP/1.1" else "keep-alive" in connection
    return Request(method, _origin_form(target), headers, _unpacked(headers, body), keep)


def _line(stream: BufferedIOBase, too_long: int) -> bytes:
    line = stream.readline(_LONGEST_LINE + 1)
    if len(line) > _LONGEST_LINE:
        raise Unreadable(too_long, "A line of the request is too long.")
    return line


def _headers(stream: BufferedIOBase) -> dict[str, str]:
    headers: dict[str, str] = {}
    for _ in range(_MOST_HEADERS):
        line = _line(stream, 431)
        if line in (b"\r\n", b"\n", b""):
            return headers
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon or not name or name != name.strip():
            raise Unreadable(400, "A header cannot be understood.")
        name, value = name.lower(), value.strip()
        if name == "content-length" and headers.get(name, value) != value:
            raise Unreadable(400, "The length of the body is said twice.")
        headers[name] = f"{headers[name]}, {value}" if name in headers and name != "content-length" else value
    raise Unreadable(431, "The request has too many headers.")


def _origin_form(target: str) -> str:
    """The target without scheme and host, which a proxy's client sends."""
    if not target.lower().startswith(("http://", "https://")):
        return target
    return "/" + target.partition("://")[2].partition("/")[2]


def _body(stream: BufferedIOBase, headers: Mapping[str, str], go_on: Callable[[], object]) -> bytes | None:
    """The body; None if the caller hung up before its end."""
    if "transfer-encoding" in headers:
        if headers["transfer-encoding"].lower() != "chunked":
            raise Unreadable(400, "Only the transfer encoding chunked is known.")
        _tell(headers, go_on)
        return _chunks(stream)
    length = headers.get("content-length", "0")
    if not length.isdecimal():
        raise Unreadable(400, "The length of the body is no number.")
    if len(length) > 10 or int(length) > LARGEST_BODY:
        raise Unreadable(413, "The request body is too large.")
    if int(length) == 0:
        return b""
    _tell(headers, go_on)
    body = stream.read(int(length))
    return body if len(body) == int(length) else None


def _unpacked(headers: Mapping[str, str], body: bytes) -> bytes:
    """What was compressed as it was before."""
    coding = headers.get("content-encoding", "identity").lower()
    if not body or coding in ("", "identity"):
        return body
    if coding not in ("gzip", "x-gzip", "deflate"):
        raise Unreadable(415, "Only the content encodings gzip and deflate are known.")
    try:
        text = zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(body, LARGEST_BODY + 1)
    except zlib.error as error:
        raise Unreadable(400, "The body is not encoded as it says.") from error
    if len(text) > LARGEST_BODY:
        raise Unreadable(413, "The request body is too large.")
    return text


def _tell(headers: Mapping[str, str], go_on: Callable[[], object]) -> None:
    if headers.get("expect", "").lower() == "100-continue":
        go_on()


def _chunks(stream: BufferedIOBase) -> bytes | None:
    parts: list[bytes] = []
    room = LARGEST_BODY
    while True:
        line = stream.readline(1024)
        if not line:
            return None
        size = line.partition(b";")[0].strip()
        if not size or len(size) > 16 or not _HEX.issuperset(size):
            raise Unreadable(400, "A chunk of the body cannot be understood.")
        count = int(size, 16)
        if count == 0:
            break
        room -= count
        if room < 0:
            raise Unreadable(413, "The request body is too large.")
        parts.append(stream.read(count))
        if len(parts[-1]) < count:
            return None
        stream.readline(3)
    for _ in range(_MOST_HEADERS):
        if not stream.readline(1024).strip():
            break
    return b"".join(parts)


def answer_bytes(answer: Answer, method: str, connection: str = "", encodings: str = "") -> bytes:
    """Head and body of an answer to a request with this method; a HEAD gets no body, and a 204 not even a length.

    `connection` is what becomes of the connection where that must be said: "close" or "keep-alive". `encodings` is what
    the caller can unpack, as `Accept-Encoding` says it.
    """
    payload = answer.encoded()
    headers = {**_USUAL, **answer.headers}
    if len(payload) >= _WORTH_PACKING and "gzip" in encodings.lower():
        payload = gzip.compress(payload, compresslevel=1, mtime=0)
        headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
    if payload:
        headers["Content-Type"] = answer.media
    if answer.status != 204:
        headers["Content-Length"] = str(len(payload))
    if connection:
        headers["Connection"] = connection
    headers["Date"] = formatdate(usegmt=True)
    lines = [f"HTTP/1.1 {answer.status} {_PHRASES[answer.status]}"]
    lines += [f"{name}: {value}" for name, value in headers.items() if value]
    head = "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"
    return head if method == "HEAD" else head + payload
