"""Small images: of every kind, turned, and in plain colours."""

import pytest
from PIL import Image

from app.pictures import thumbnail as thumbnails
from app.pictures.thumbnail import SIDE, thumbnail
from tests.support.pictures import decoded, encoded, exif_of, picture, turned

RED, BLUE, WHITE, BLACK = (255, 0, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0)


def small(data):
    image = decoded(thumbnail(data))
    assert image.format == "JPEG"
    assert image.mode == "RGB"
    return image


def is_like(pixel, colour):
    return all(abs(one - other) < 24 for one, other in zip(pixel, colour, strict=True))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "MPO", "PPM"])
def test_every_kind_is_made_small(kind):
    image = small(picture((400, 200), kind, colour=RED))
    assert image.size == (256, 128)
    assert is_like(image.getpixel((128, 64)), RED)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        pytest.param((400, 200), (256, 128), id="wide"),
        pytest.param((200, 400), (128, 256), id="high"),
        pytest.param((256, 256), (256, 256), id="it fits exactly"),
        pytest.param((16, 8), (16, 8), id="it is never enlarged"),
        pytest.param((1, 1), (1, 1), id="one pixel"),
        pytest.param((5000, 2), (256, 1), id="a line"),
    ],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_it_fits_into_the_square_and_keeps_its_shape(kind, size, expected):
    assert small(picture(size, kind)).size == expected


def red_and_blue(size=(64, 32)):
    """Return a picture whose upper left quarter is red and whose upper right is blue."""
    image = Image.new("RGB", size, WHITE)
    image.paste(RED, (0, 0, size[0] // 2, size[1] // 2))
    image.paste(BLUE, (size[0] // 2, 0, size[0], size[1] // 2))
    return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF"])
@pytest.mark.parametrize(
    ("orientation", "size", "red", "blue"),
    [
        (1, (64, 32), (8, 8), (56, 8)),
        (2, (64, 32), (56, 8), (8, 8)),
        (3, (64, 32), (56, 24), (8, 24)),
        (4, (64, 32), (8, 24), (56, 24)),
        (5, (32, 64), (8, 8), (8, 56)),
        (6, (32, 64), (24, 8), (24, 56)),
        (7, (32, 64), (24, 56), (24, 8)),
        (8, (32, 64), (8, 56), (8, 8)),
    ],
)
def test_it_is_turned_as_its_exif_says_and_says_so_no_more(kind, orientation, size, red, blue):
    said = {"tiffinfo": {274: orientation}} if kind == "TIFF" else {"exif": turned(orientation)}
    image = small(encoded(red_and_blue(), kind, **said))
    assert image.size == size
    assert is_like(image.getpixel(red), RED)
    assert is_like(image.getpixel(blue), BLUE)
    assert 274 not in image.getexif()


def test_what_is_decoded_at_a_fraction_and_what_has_a_palette_are_turned_too():
    assert small(encoded(red_and_blue((3200, 1600)), "JPEG", exif=turned(6))).size == (128, 256)
    assert small(encoded(red_and_blue().quantize(), "PNG", exif=turned(6))).size == (32, 64)


@pytest.mark.parametrize(
    "exif", [b"Exif\0\0", b"Exif\0\0nonsense", turned(99), exif_of((0x0112, 2, 9, 10**6)), b"\xff" * 99]
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_broken_exif_does_not_hide_the_image(kind, exif):
    assert small(picture((400, 200), kind, exif=exif)).size == (256, 128)


SEE_THROUGH = [
    pytest.param(picture(mode="RGBA", colour=(255, 0, 0, 0)), WHITE, id="transparent"),
    pytest.param(picture(mode="RGBA", colour=(255, 0, 0, 255)), RED, id="opaque"),
    pytest.param(picture(mode="RGBA", colour=(255, 0, 0, 128)), (255, 127, 127), id="half transparent"),
    pytest.param(picture(mode="LA", colour=(0, 0)), WHITE, id="grey and transparent"),
    pytest.param(picture(mode="P", colour=0, transparency=0), WHITE, id="a transparent colour of a palette"),
    pytest.param(picture(mode="RGB", colour=RED, transparency=RED), WHITE, id="a transparent colour"),
    pytest.param(picture(mode="L", colour=9, transparency=9), WHITE, id="a transparent grey"),
    pytest.param(picture(mode="RGBA", colour=(255, 0, 0, 0), kind="WEBP"), WHITE, id="WebP"),
    pytest.param(picture(mode="P", colour=0, transparency=0, kind="GIF"), WHITE, id="GIF"),
]


@pytest.mark.parametrize(("data", "colour"), SEE_THROUGH)
def test_what_is_transparent_becomes_white(data, colour):
    assert is_like(small(data).getpixel((100, 50)), colour)


@pytest.mark.parametrize(
    ("data", "colour"),
    [
        pytest.param(picture(mode="1", colour=1), WHITE, id="one bit"),
        pytest.param(picture(mode="L", colour=128), (128, 128, 128), id="grey"),
        pytest.param(encoded(Image.new("RGB", (400, 200), RED).quantize(), "PNG"), RED, id="a palette"),
        pytest.param(picture(mode="CMYK", colour=(0, 255, 255, 0), kind="JPEG"), RED, id="CMYK"),
        pytest.param(picture(mode="CMYK", colour=(0, 255, 255, 0), kind="TIFF"), RED, id="CMYK in a TIFF"),
        pytest.param(encoded(Image.new("RGB", (400, 200), RED).convert("LAB"), "TIFF"), None, id="LAB"),
    ],
)
def test_every_mode_becomes_plain_colours(data, colour):
    pixel = small(data).getpixel((100, 50))
    assert colour is None or is_like(pixel, colour)


@pytest.mark.parametrize(("mode", "kind"), [("I;16", "PNG"), ("I;16", "TIFF"), ("I", "TIFF"), ("F", "TIFF")])
@pytest.mark.parametrize(("dark", "bright"), [(0, 65535), (100, 4000), (60000, 65000)])
def test_more_than_eight_bits_are_stretched(mode, kind, dark, bright):
    image = Image.new("I", (400, 200), dark)  # Pillow pastes only one of two bytes into I;16
    image.paste(bright, (200, 0, 400, 200))
    found = small(encoded(image.convert(mode), kind))
    assert is_like(found.getpixel((20, 64)), BLACK)
    assert is_like(found.getpixel((230, 64)), WHITE)


def test_numbers_that_are_none_and_a_single_shade_are_no_crash():
    odd = Image.new("F", (400, 200), float("nan"))
    assert small(encoded(odd, "TIFF")).size == (256, 128)
    assert small(picture(mode="I;16", colour=1234)).size == (256, 128)


def test_nothing_that_the_image_says_of_itself_comes_along():
    info = {"exif": exif_of((0x010E, 2, 9, 8), body=b"Somebody\0"), "icc_profile": b"profile" * 99}
    image = decoded(thumbnail(picture(kind="JPEG", comment=b"Somebody", **info)))
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"Somebody" not in thumbnail(picture(kind="JPEG", comment=b"Somebody", **info))


def test_of_many_frames_the_first_is_shown():
    frames = [Image.new("RGB", (40, 20), colour) for colour in (RED, BLUE, WHITE)]
    for kind in ("GIF", "TIFF", "WEBP", "PNG", "MPO"):
        data = encoded(frames[0], kind, save_all=True, append_images=frames[1:])
        assert is_like(small(data).getpixel((20, 10)), RED)


def test_the_limits_hold_the_largest_image():
    assert 2 * 4 * thumbnails.MAX_PIXELS < thumbnails.MEMORY
    assert thumbnails.SIDE == SIDE == 256
