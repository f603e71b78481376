import struct

import pytest

from kb.article.image_size import ImageSize, image_size


@pytest.mark.parametrize(
    "head",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 30, 20),
        b"GIF89a" + struct.pack("<HH", 30, 20),
        b"\xff\xd8\xff\xe0\0\x04ab\xff\xc0\0\x11\x08" + struct.pack(">HH", 20, 30) + b"\0" * 8,
        b"<?xml version='1.0'?><svg width='30' height='20px'>",
        b'<svg viewBox="0 0 30 20">',
    ],
)
def test_the_size_stands_in_the_head(head: bytes) -> None:
    assert image_size(head) == ImageSize(30, 20)


@pytest.mark.parametrize(
    "head", [b"", b"x", b"\xff\xd8\xff\xe0\0\0\xff", b"\x89PNG\r\n\x1a\n", b"<svg>", b"GIF89a\0\0\0\0"]
)
def test_what_does_not_tell_its_size_has_none(head: bytes) -> None:
    assert image_size(head) is None
