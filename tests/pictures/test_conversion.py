"""Any picture becomes WebP files of our own, or a fault with a name; nothing else comes out."""

import time
from io import BytesIO
from itertools import pairwise

import pytest
from PIL import Image, ImageCms

from tests.pictures.made import (
    BLUE,
    RED,
    gif_of,
    half_and_half,
    jpeg,
    jpeg_with_position,
    png_that_declares,
    written,
)
from webapp.pictures import conversion
from webapp.pictures.checks import MOST_FRAMES, Fault, PictureError
from webapp.pictures.conversion import convert


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def is_like(pixel: object, colour: tuple[int, int, int]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(one - other) < 25 for one, other in zip(pixel, colour, strict=True))


def fault_of(content: bytes) -> Fault:
    with pytest.raises(PictureError) as caught:
        convert(content)
    return caught.value.fault


@pytest.mark.parametrize(
    ("width", "widths"),
    [
        (100, [100]),
        (480, [480]),
        (700, [480, 700]),
        (1600, [480, 960, 1600]),
        (3000, [480, 960, 1600]),
    ],
)
def test_files_have_three_widths_and_are_never_enlarged(width: int, widths: list[int]) -> None:
    made = convert(jpeg((width, width * 3 // 4)))
    assert sorted(made.files) == widths
    assert made.width == widths[-1]
    for each, content in made.files.items():
        image = opened(content)
        assert (image.format, image.width) == ("WEBP", each)
        assert abs(image.height - each * 3 / 4) <= 1
    assert opened(made.files[made.width]).height == made.height


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_each_format_is_read(kind: str) -> None:
    image = opened(convert(written(half_and_half((300, 200)), kind)).files[300])
    assert is_like(image.getpixel((150, 20)), RED)
    assert is_like(image.getpixel((150, 180)), BLUE)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("PNG", "L"), ("PNG", "LA"), ("PNG", "1"), ("PNG", "P"), ("PNG", "RGBA"), ("JPEG", "CMYK"), ("PNG", "I;16")],
)  # fmt: skip
def test_every_kind_of_pixel_is_read(kind: str, mode: str) -> None:
    image = half_and_half((3300, 3300), mode if mode != "I;16" else "L")
    made = convert(written(image.convert(mode), kind))
    assert opened(made.files[1600]).mode == "RGB"


def test_deep_greys_stay_grey() -> None:
    made = convert(written(Image.new("I;16", (200, 200), 32_768), "PNG"))
    pixel = opened(made.files[200]).convert("L").getpixel((100, 100))
    assert isinstance(pixel, int)
    assert 120 < pixel < 136


def test_nothing_the_camera_wrote_is_left() -> None:
    source = jpeg_with_position()
    assert opened(source).getexif().get_ifd(0x8825)
    for content in convert(source).files.values():
        image = opened(content)
        assert not image.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment"} & set(image.info)
        for word in (b"Nosy", b"Elm Road", b"EXIF", b"ICCP", b"XMP "):
            assert word not in content


@pytest.mark.parametrize(
    ("orientation", "red_is"),
    [(1, "top"), (2, "top"), (3, "bottom"), (4, "bottom"), (5, "left"), (6, "right"), (7, "right"), (8, "left")],
)  # fmt: skip
def test_pictures_stand_upright(orientation: int, red_is: str) -> None:
    made = convert(jpeg_with_position(orientation))
    image = opened(made.files[made.width])
    middle = (image.width // 2, image.height // 2)
    spots = {
        "top": (middle[0], 20),
        "bottom": (middle[0], image.height - 20),
        "left": (20, middle[1]),
        "right": (image.width - 20, middle[1]),
    }
    assert is_like(image.getpixel(spots[red_is]), RED)
    assert (image.width > image.height) is (red_is in {"top", "bottom"})


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
@pytest.mark.parametrize("exif", [b"Exif\0\0garbage", b"Exif\0\0MM\0*\0\0\0\x08\xff\xff", b""])
def test_what_a_camera_wrote_wrongly_is_no_fault_of_the_picture(exif: bytes) -> None:
    assert convert(jpeg((300, 200), exif=exif)).width == 300


def test_colours_are_translated_by_their_profile() -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    profile = bytearray(lab.tobytes())
    # A profile whose red and blue have changed places.
    red, blue = profile.index(b"rXYZ"), profile.index(b"bXYZ")
    profile[red : red + 4], profile[blue : blue + 4] = b"bXYZ", b"rXYZ"
    made = convert(written(half_and_half((300, 200)), "PNG", icc_profile=bytes(profile)))
    pixel = opened(made.files[300]).getpixel((150, 20))
    assert isinstance(pixel, tuple)
    assert pixel[2] > pixel[0]


def test_a_broken_profile_is_no_profile() -> None:
    made = convert(written(half_and_half((300, 200)), "PNG", icc_profile=b"no profile" * 20))
    assert is_like(opened(made.files[300]).getpixel((150, 20)), RED)


def test_what_is_transparent_becomes_white() -> None:
    made = convert(written(Image.new("RGBA", (200, 200), (0, 0, 0, 0)), "PNG"))
    assert is_like(opened(made.files[200]).getpixel((100, 100)), (255, 255, 255))


def test_of_a_moving_picture_the_first_stays() -> None:
    frames = [half_and_half((200, 200)), Image.new("RGB", (200, 200), "green")]
    for kind in ("GIF", "WEBP", "PNG"):
        source = written(frames[0], kind, save_all=True, append_images=frames[1:])
        assert getattr(opened(source), "n_frames", 1) == 2
        image = opened(convert(source).files[200])
        assert getattr(image, "n_frames", 1) == 1
        assert is_like(image.getpixel((100, 20)), RED)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", Fault.EMPTY),
        (b"Elm Road street party", Fault.NOT_A_PICTURE),
        (b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", Fault.NOT_A_PICTURE),
        (b"%PDF-1.7\n", Fault.NOT_A_PICTURE),
        (b"MM\x00*" + bytes(100), Fault.NOT_A_PICTURE),
        (b"\x00\x00\x00\x18ftypheic" + bytes(100), Fault.HEIC),
        (bytes(12_000_001), Fault.TOO_LARGE),
        (jpeg()[:5_000], Fault.BROKEN),
        (jpeg()[:30], Fault.BROKEN),
        (written(half_and_half((300, 200)), "PNG")[:300], Fault.BROKEN),
        (written(half_and_half((900, 700)), "WEBP")[:200], Fault.BROKEN),
        (jpeg((2000, 300)), Fault.TOO_LONG),
        (gif_of(MOST_FRAMES + 1), Fault.TOO_MANY_FRAMES),
        (jpeg() + b"\xff\xda" * 200, Fault.BROKEN),
    ],
    ids=lambda value: value.value if isinstance(value, Fault) else "",
)
def test_what_is_not_taken_has_a_name(content: bytes, fault: Fault) -> None:
    assert fault_of(content) is fault


@pytest.mark.parametrize("size", [(20_000, 20_000), (7_072, 7_072), (60_000, 60_000)])
def test_a_small_file_that_declares_a_huge_picture_is_not_unpacked(size: tuple[int, int]) -> None:
    content = png_that_declares(*size)
    assert len(content) == 48_000
    assert fault_of(content) is Fault.TOO_MANY_PIXELS


def test_a_huge_webp_is_not_unpacked() -> None:
    content = written(Image.new("1", (5_100, 5_000)).convert("RGB"), "WEBP", method=0)
    assert fault_of(content) is Fault.TOO_MANY_PIXELS


def test_a_large_picture_is_made_smaller_in_strips_without_a_seam() -> None:
    shades = Image.linear_gradient("L").resize((3_203, 4_001)).convert("RGBA")
    made = opened(convert(written(shades, "PNG")).files[1600]).convert("L")
    steps = [after - before for before, after in pairwise(made.resize((1, made.height)).tobytes())]
    assert min(steps) >= -1
    assert max(steps) <= 3


@pytest.mark.parametrize("frames", [5_000, 400_000])
def test_many_frames_are_counted_no_further_than_needed(frames: int) -> None:
    content = gif_of(frames)
    started = time.perf_counter()
    assert fault_of(content) is Fault.TOO_MANY_FRAMES
    assert time.perf_counter() - started < 1


def test_a_gif_of_few_frames_is_taken() -> None:
    assert convert(gif_of(MOST_FRAMES)).width == 1


def test_while_one_is_unpacked_the_next_waits_and_then_hears_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(conversion, "SECONDS_TO_WAIT", 0.01)
    with conversion._one_at_a_time:
        assert fault_of(jpeg()) is Fault.BUSY
    assert convert(jpeg()).width == 1200
