"""The smallest honest files of each kind, and how to spoil them."""

import struct
import zlib


def png(width: int = 4, height: int = 3) -> bytes:
    """A PNG with a header, no pixels worth mentioning, and its end."""
    parts = [b"\x89PNG\r\n\x1a\n"]
    for kind, body in ((b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(b"")),
                       (b"IEND", b"")):  # fmt: skip
        parts.append(struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)))
    return b"".join(parts)


def jpeg(width: int = 4, height: int = 3, frame: int = 0xC0) -> bytes:
    """A JPEG with one application segment, a fill byte, a frame header and its end."""
    app = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\x00" + bytes(9)
    head = b"\xff\xff" + bytes([frame]) + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    return b"\xff\xd8" + app + head + b"\xff\xd9"


def pdf() -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\ntrailer\n%%EOF\n"


def box(name: bytes, body: bytes, *, wide: bool = False) -> bytes:
    if wide:
        return struct.pack(">I4sQ", 1, name, 16 + len(body)) + body
    return struct.pack(">I4s", 8 + len(body), name) + body


def heic(*sizes: tuple[int, int], brand: bytes = b"heic", wide: bool = False) -> bytes:
    """The boxes of a HEIC picture that say what it is and how large."""
    spans = b"".join(box(b"ispe", bytes(4) + struct.pack(">II", *size)) for size in sizes or ((4, 3),))
    meta = bytes(4) + box(b"hdlr", bytes(4)) + box(b"iprp", box(b"ipco", spans + box(b"hvcC", b"x")))
    return box(b"ftyp", brand + bytes(4) + b"mif1") + box(b"meta", meta, wide=wide) + box(b"mdat", b"pixels")
