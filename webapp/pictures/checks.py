"""What is looked at before a picture is decoded: its size, what it is, its pixels and its frames.

A file’s name and what a browser says of it are never believed. Nothing here unpacks pixels, so that
a small file cannot become a large one.
"""

import warnings
from enum import StrEnum
from io import BytesIO

from PIL import Image

from webapp.pictures.gif_frames import frames_of_gif

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MOST_BYTES = 12_000_000
MOST_PIXELS = 50_000_000
# Its decoder holds the whole picture four times.
MOST_PIXELS_OF_WEBP = 25_000_000
MOST_FRAMES = 500
# How often the longer side of a picture may hold the shorter one.
LONGEST_SHAPE = 5
# A camera saves a progressive JPEG in about ten scans; each one is a walk over all the pixels.
MOST_SCANS = 100
START_OF_SCAN = b"\xff\xda"
HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"})

# Pillow’s own guard, behind ours: what it only warns of is a mistake too.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


class Fault(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_LARGE = "too-large"
    NOT_A_PICTURE = "not-a-picture"
    HEIC = "heic"
    TOO_MANY_PIXELS = "too-many-pixels"
    TOO_MANY_FRAMES = "too-many-frames"
    TOO_LONG = "too-long"
    BROKEN = "broken"
    BUSY = "busy"


class PictureError(Exception):
    """A file that is not taken, and why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def open_checked(content: bytes) -> Image.Image:
    """Return a picture whose pixels are not read yet; raises PictureError for what is not taken."""
    if not content:
        raise PictureError(Fault.EMPTY)
    if len(content) > MOST_BYTES:
        raise PictureError(Fault.TOO_LARGE)
    image = _opened(content)
    width, height = image.size
    if width * height > (MOST_PIXELS_OF_WEBP if image.format == "WEBP" else MOST_PIXELS):
        raise PictureError(Fault.TOO_MANY_PIXELS)
    if max(width, height) > LONGEST_SHAPE * min(width, height):
        raise PictureError(Fault.TOO_LONG)
    if _frames(image, content) > MOST_FRAMES:
        raise PictureError(Fault.TOO_MANY_FRAMES)
    # Within a scan a byte of 255 is never followed by this one, so each pair begins a scan.
    if image.format in {"JPEG", "MPO"} and content.count(START_OF_SCAN) > MOST_SCANS:
        raise PictureError(Fault.BROKEN)
    return image


def _opened(content: bytes) -> Image.Image:
    try:
        return Image.open(BytesIO(content), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise PictureError(Fault.TOO_MANY_PIXELS) from None
    except Image.UnidentifiedImageError:
        is_heic = content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS
        raise PictureError(Fault.HEIC if is_heic else Fault.NOT_A_PICTURE) from None
    except Exception:
        # What a header made by hand raises in there is of many kinds.
        raise PictureError(Fault.BROKEN) from None


def _frames(image: Image.Image, content: bytes) -> int:
    # Of the others the header tells; asked for a GIF’s, Pillow would walk through all of them.
    if image.format == "GIF":
        return frames_of_gif(content, at_most=MOST_FRAMES + 1)
    return getattr(image, "n_frames", 1)
