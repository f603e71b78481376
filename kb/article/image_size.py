"""Width and height of an image, read from the first bytes of its file."""

import re
import struct
from dataclasses import dataclass
from pathlib import Path

_HEAD = 1024  # bytes; the size stands within
_JPEG_HEAD = 65536  # but that of a photograph behind what the camera wrote
_SVG_NUMBER = rb"""\s%s\s*=\s*["']\s*(\d{1,5})(?:\.\d+)?(?:px)?\s*["']"""
_SVG_WIDTH = re.compile(_SVG_NUMBER % b"width")
_SVG_HEIGHT = re.compile(_SVG_NUMBER % b"height")
_SVG_BOX = re.compile(rb"""\sviewBox\s*=\s*["']\s*[\d.-]+[\s,]+[\d.-]+[\s,]+(\d{1,5})[\d.]*[\s,]+(\d{1,5})""")
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True, slots=True)
class ImageSize:
    """In pixels."""

    width: int
    height: int


def read_image_size(file: Path) -> ImageSize | None:
    """The size of this image, None if it is none that we know or cannot be read."""
    try:
        with file.open("rb") as stream:
            head = stream.read(_HEAD)
            return image_size(head + stream.read(_JPEG_HEAD) if head.startswith(b"\xff\xd8") else head)
    except OSError:
        return None


def image_size(head: bytes) -> ImageSize | None:
    """The size that the first bytes of an image tell."""
    if head.startswith(b"\x89PNG\r\n\x1a\n") and len(head) >= 24:
        return _usable(*struct.unpack(">II", head[16:24]))
    if head.startswith((b"GIF87a", b"GIF89a")) and len(head) >= 10:
        return _usable(*struct.unpack("<HH", head[6:10]))
    if head.startswith(b"\xff\xd8"):
        return _jpeg(head)
    return _svg(head)


def _jpeg(head: bytes) -> ImageSize | None:
    """Walk the segments up to the frame header (ITU T.81, annex B)."""
    place = 2
    while place + 9 <= len(head) and head[place] == 0xFF:
        marker = head[place + 1]
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", head[place + 5 : place + 9])
            return _usable(width, height)
        place += 2 + struct.unpack(">H", head[place + 2 : place + 4])[0]
    return None


def _svg(head: bytes) -> ImageSize | None:
    start = head.find(b"<svg")
    if start < 0:
        return None
    tag = head[start : head.find(b">", start) + 1]
    width, height = _SVG_WIDTH.search(tag), _SVG_HEIGHT.search(tag)
    if width and height:
        return _usable(int(width[1]), int(height[1]))
    box = _SVG_BOX.search(tag)
    return _usable(int(box[1]), int(box[2])) if box else None


def _usable(width: int, height: int) -> ImageSize | None:
    return ImageSize(width, height) if 0 < width < 100_000 and 0 < height < 100_000 else None
