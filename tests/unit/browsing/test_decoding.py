"""Small images: of every kind, turned, in plain colours; and the answer to whatever is none, or harms who decodes it."""

import struct
import subprocess
import sys
import threading
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from PIL import Image

from app.browsing import decoding
from app.browsing.decoder import Decoder
from app.browsing.decoding import SIDE, thumbnail
from app.browsing.places import Places
from app.errors import ImageUnusable, TooBusy
from tests.support.pictures import chunk, decoded, encoded, exif_of, picture, png, tiff, turned

ROOT = Path(__file__).parents[3]
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


MEGABYTES = 50 * 1024 * 1024
JPEG = picture((4000, 3000), "JPEG", colour=RED)
FRAME = b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0"
LARGEST = (10_000, 10_000)
GIF = b"GIF89a\x01\0\x01\0\x80\0\0\xff\0\0\0\0\0"
STRIPS = [(256, 4, 1, 8), (257, 4, 1, 8), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (277, 3, 1, 1)]

BROKEN = [
    pytest.param(b"", id="empty"),
    pytest.param(b"What is this?", id="text"),
    pytest.param(b"%PDF-1.4\n", id="PDF"),
    pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", id="EPS would start another program"),
    pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", id="SVG"),
    pytest.param(picture(kind="ICO", size=(16, 16)), id="a kind that is not on the list"),
    pytest.param(JPEG[:2000], id="a JPEG cut short"),
    pytest.param(JPEG[:20], id="the start of a JPEG"),
    pytest.param(picture()[:60], id="a PNG cut short"),
    pytest.param(picture(kind="WEBP", lossless=True)[:30], id="a WebP cut short"),
    pytest.param(picture(kind="TIFF")[:90], id="a TIFF cut short"),
    pytest.param(picture(kind="BMP")[:90], id="a BMP cut short"),
    pytest.param(GIF, id="a GIF without a frame"),
    pytest.param(b"P6 0 0 255\n", id="no pixels"),
    pytest.param(png(size=(60_000, 60_000)), id="a PNG that says it has 3,600 megapixels"),
    pytest.param(png(size=(12_000, 12_000)), id="a PNG that says it has 144 megapixels"),
    pytest.param(b"P6 90000 90000 255\n" + b"x" * 999, id="a PPM of 8,100 megapixels"),
    pytest.param(b"P6 " + b"9" * 5000 + b" 1 255\n", id="a PPM as wide as a number can be"),
    pytest.param(b"BM" + struct.pack("<IHHIIiiHHIIiiII", 99, 0, 0, 54, 40, 2**30, 2**30, 1, 24, 0, 0, 0, 0, 0, 0), id="a BMP of 2^60 pixels"),
    pytest.param(b"GIF89a\xff\xff\xff\xff\x80\0\0\xff\0\0\0\0\0\x2c\0\0\0\0\xff\xff\xff\xff\0\x02\x02\x44\x01\0\x3b", id="a GIF of 65,535 x 65,535"),
    pytest.param(png(chunk(b"zTXt", b"k\0\0" + zlib.compress(b"\0" * MEGABYTES))), id="compressed text of 50 MB"),
    pytest.param(png(*[chunk(b"zTXt", b"k%d\0\0" % n + zlib.compress(b"\0" * 1_000_000)) for n in range(99)]), id="99 compressed texts of 1 MB"),
    pytest.param(tiff(*STRIPS[:1], (257, 4, 1, 2**31), *STRIPS[2:], (273, 4, 1, 8), (279, 4, 1, 64)), id="a TIFF of 2^34 pixels"),
    pytest.param(tiff(*STRIPS, (273, 4, 2**31, 8), (279, 4, 2**31, 8)), id="a TIFF of 2^31 strips"),
    pytest.param(tiff(*STRIPS, (273, 4, 1, 2**31), (279, 4, 1, 2**31)), id="a TIFF whose data lies beyond its end"),
    pytest.param(b"II*\0" + struct.pack("<I", 4), id="a TIFF whose directory is its head"),
]  # fmt: skip


@pytest.mark.parametrize("data", BROKEN)
def test_what_is_no_image_or_a_bomb_is_an_answer(data):
    with pytest.raises(ImageUnusable):
        Decoder().thumbnail(data)


BLOATED = b"\0" * 1_000_000
SAFE = [
    pytest.param(png(chunk(b"iCCP", b"p\0\0" + zlib.compress(b"\0" * MEGABYTES))), id="a colour profile of 50 MB"),
    pytest.param(png(chunk(b"eXIf", tiff(*[(n, 7, len(BLOATED), 8) for n in range(2000)], body=BLOATED))), id="2,000 tags that share a megabyte"),
    pytest.param(GIF + FRAME * 500_000 + b"\x3b", id="a GIF of 500,000 frames"),
    pytest.param(tiff(*STRIPS, (273, 4, 1, 8), (279, 4, 1, 64), *[(n, 7, len(BLOATED), 8) for n in range(40_000, 60_000)], body=BLOATED), id="a TIFF of 20,000 tags that share a megabyte"),
]  # fmt: skip


@pytest.mark.parametrize("data", SAFE)
def test_a_bomb_beside_the_pixels_hides_them_at_most(data):
    with suppress(ImageUnusable):  # as good an answer
        assert decoded(Decoder().thumbnail(data)).format == "JPEG"


def test_a_good_image_is_made_small_by_the_process_of_its_own():
    assert decoded(Decoder().thumbnail(JPEG)).size == (256, 192)


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS knows no limit of the address space")
@pytest.mark.parametrize(("wanted", "status"), [(decoding.MEMORY // 2, 0), (decoding.MEMORY, 1)])
def test_the_process_gets_no_more_memory_than_an_image_needs(wanted, status):
    code = f"import mmap; from app.browsing import decoding; decoding.limit_this_process(); mmap.mmap(-1, {wanted})"
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, stderr=subprocess.DEVNULL, check=False)
    assert ended.returncode == status


@pytest.mark.slow
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(lambda: picture(LARGEST, "JPEG", progressive=True, subsampling=0), id="a progressive JPEG"),
        pytest.param(lambda: picture(LARGEST, "JPEG", "CMYK", progressive=True), id="a progressive CMYK JPEG"),
        pytest.param(lambda: picture(LARGEST, "PNG", "RGBA", (1, 2, 3, 4), compress_level=1), id="a transparent PNG"),
        pytest.param(lambda: picture(LARGEST, "PNG", "P", transparency=0), id="a palette with transparency"),
        pytest.param(lambda: picture(LARGEST, "TIFF", "F", compression="tiff_lzw"), id="floating point"),
    ],
)
def test_the_largest_image_that_is_allowed_can_be_made_small(data):
    assert decoded(Decoder().thumbnail(data())).size == (256, 256)


def test_the_limits_hold_the_largest_image():
    assert 2 * 4 * decoding.MAX_PIXELS < decoding.MEMORY
    assert decoding.SIDE == SIDE == 256


class TestPlaces:
    def test_whoever_finds_none_is_told_when_to_come_again(self):
        places = Places(1, patience=0.01)
        with places.taken(), pytest.raises(TooBusy) as caught:
            Decoder(places).thumbnail(JPEG)
        assert caught.value.retry_after == 10
        assert Decoder(places).thumbnail(JPEG)

    def test_a_system_that_can_start_no_process_is_too_busy(self):
        code = (
            "import resource; from app.browsing.decoder import Decoder; from app.errors import TooBusy\n"
            "resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))\n"
            "try: Decoder().thumbnail(b'x')\n"
            "except TooBusy: raise SystemExit(7)"
        )
        ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
        assert ended.returncode == 7

    def test_a_broken_image_gives_its_place_back(self):
        decoder = Decoder(Places(1, patience=0.01))
        for _ in range(3):
            with pytest.raises(ImageUnusable):
                decoder.thumbnail(b"")

    def test_never_more_than_there_are_are_taken(self):
        places, lock, inside, most = Places(2), threading.Lock(), [], []

        def work():
            with places.taken():
                with lock:
                    inside.append(1)
                    most.append(len(inside))
                with lock:
                    inside.pop()

        threads = [threading.Thread(target=work) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(most) == 20
        assert max(most) <= 2
