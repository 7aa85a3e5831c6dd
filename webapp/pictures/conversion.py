"""Turning any picture into WebP files of our own: upright, in sRGB, at up to three widths.

Nothing of the file that came is passed on: its EXIF (with the camera’s position), its colour
profile, its texts and its other frames are left behind.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from math import ceil

from PIL import ExifTags, Image, ImageCms, ImageFile

from webapp.events.pictures import WIDTHS, widths_of
from webapp.pictures.checks import Fault, PictureError, open_checked

QUALITY = 80
SECONDS_TO_WAIT = 15
ROWS_AT_ONCE = 128
SRGB = ImageCms.createProfile("sRGB")

# What makes a picture upright, by its EXIF orientation.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# The pixels of the largest picture take some 400 MB for a few seconds, so a process unpacks one at a
# time.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Converted:
    """A picture’s files by their width, and the size of the largest."""

    width: int
    height: int
    files: dict[int, bytes]


def convert(content: bytes) -> Converted:
    """Return a picture as our own files; raises PictureError for what is not taken."""
    image = open_checked(content)
    with _turn():
        try:
            pixels = _unpacked(image)
            profile = image.info.get("icc_profile")
            return _converted(_upright(_in_srgb(pixels, profile), image))
        except Exception:
            # Whatever a decoder stumbles over, the file is to blame, and is not taken.
            raise PictureError(Fault.BROKEN) from None


@contextmanager
def _turn() -> Iterator[None]:
    if not _one_at_a_time.acquire(timeout=SECONDS_TO_WAIT):
        raise PictureError(Fault.BUSY)
    try:
        yield
    finally:
        _one_at_a_time.release()


def _unpacked(image: Image.Image) -> Image.Image:
    """Read the first frame’s pixels, no more of them than the largest file needs."""
    largest = WIDTHS[-1]
    # A JPEG can be unpacked at a half, a quarter or an eighth of its size.
    image.draft(image.mode, (largest, largest))
    # What makes our PDFs lets the whole process take pictures that are cut short.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    image.load()
    factor = min(image.size) // largest
    return _reduced(image, factor) if factor > 1 else _plain(image)


def _reduced(image: Image.Image, factor: int) -> Image.Image:
    """Make a picture smaller strip by strip, so that there is never a second one of its size."""
    size = (ceil(image.width / factor), ceil(image.height / factor))
    made: Image.Image | None = None
    for top in range(0, size[1], ROWS_AT_ONCE):
        bottom = min((top + ROWS_AT_ONCE) * factor, image.height)
        strip = _plain(image.crop((0, top * factor, image.width, bottom))).reduce(factor)
        made = made or Image.new(strip.mode, size)
        made.paste(strip, (0, top))
    return made or image


def _plain(image: Image.Image) -> Image.Image:
    """Return a picture without transparency, in the colours that a profile may be about."""
    if image.mode.startswith("I"):
        # Shades from 0 to 65,535.
        return image.convert("I").point(lambda shade: shade * (1 / 256)).convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=image.getchannel("A"))
        return white
    return image if image.mode in {"L", "RGB", "CMYK"} else image.convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Translate the colours by the picture’s own profile; one that is wrong is no profile."""
    if profile:
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            own = ImageCms.ImageCmsProfile(BytesIO(profile))
            translated = ImageCms.profileToProfile(image, own, SRGB, outputMode="RGB")
            image = translated or image
    return image.convert("RGB")


def _upright(image: Image.Image, source: Image.Image) -> Image.Image:
    try:
        turn = TURNS.get(source.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:
        # What a camera wrote wrongly says nothing; the picture itself is good.
        return image
    return image if turn is None else image.transpose(turn)


def _converted(image: Image.Image) -> Converted:
    sizes = [(width, _height(image, width)) for width in reversed(widths_of(image.width))]
    files = {}
    # From the largest down, each from the one before.
    for size in sizes:
        image = image.resize(size, Image.Resampling.LANCZOS)
        files[size[0]] = _webp(image)
    return Converted(*sizes[0], files)


def _height(image: Image.Image, width: int) -> int:
    return max(1, round(image.height * width / image.width))


def _webp(image: Image.Image) -> bytes:
    image.info = {}
    written = BytesIO()
    image.save(written, "WEBP", quality=QUALITY, method=4)
    return written.getvalue()
