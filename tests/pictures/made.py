"""Pictures made for tests: small ones of two colours, so that one sees which way up they are."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import ExifTags, Image

RED, BLUE = (200, 30, 30), (30, 30, 200)


def half_and_half(size: tuple[int, int], mode: str = "RGB") -> Image.Image:
    """Return a picture whose upper half is red and whose lower half is blue."""
    image = Image.new("RGB", size, BLUE)
    image.paste(RED, (0, 0, size[0], size[1] // 2))
    return image.convert(mode)


def written(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """Return a picture’s file."""
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def jpeg(size: tuple[int, int] = (1200, 900), **options: Any) -> bytes:
    """Return a JPEG as a camera might write it."""
    return written(half_and_half(size), **options)


def jpeg_with_position(orientation: int = 1) -> bytes:
    """Return a JPEG that says where it was taken, by which camera, and which way up it is."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Nosy Camera"
    exif[ExifTags.Base.Orientation] = orientation
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(
        {1: "N", 2: (53.0, 36.0, 56.0), 3: "W", 4: (2.0, 9.0, 18.0)}
    )
    return jpeg((1200, 900), exif=exif, comment=b"Elm Road 12")


def png_that_declares(width: int, height: int, bytes_in_all: int = 48_000) -> bytes:
    """Return a small PNG whose header says that it is huge."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header)
    room = bytes_in_all - len(start) - 24
    return (
        start
        + _chunk(b"IDAT", zlib.compress(bytes(30 * room))[:room].ljust(room))
        + _chunk(b"IEND", b"")
    )


def gif_of(frames: int) -> bytes:
    """Return a GIF that moves, of one pixel."""
    header = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(6)
    frame = (
        b"\x21\xf9\x04\x00\x0a\x00\x00\x00"
        b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    )
    return header + frame * frames + b";"


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
