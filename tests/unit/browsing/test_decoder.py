"""The answer to images of every kind, to whatever is none, and to what harms who decodes it."""

import struct
import subprocess
import sys
import threading
import zlib
from contextlib import suppress
from pathlib import Path

import pytest

from app.browsing.decoder import Decoder
from app.browsing.places import Places
from app.errors import ImageUnusable, TooBusy
from tests.support.pictures import chunk, decoded, picture, png, tiff
from tests.support.tall_jpeg import tall_jpeg

ROOT = Path(__file__).parents[3]
RED = (255, 0, 0)
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


@pytest.mark.slow
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(lambda: tall_jpeg(LARGEST, "RGB", subsampling=0), id="a progressive JPEG"),
        pytest.param(lambda: tall_jpeg(LARGEST, "CMYK"), id="a progressive CMYK JPEG"),
        pytest.param(lambda: picture(LARGEST, "PNG", "RGBA", (1, 2, 3, 4), compress_level=1), id="a transparent PNG"),
        pytest.param(lambda: picture(LARGEST, "PNG", "P", transparency=0), id="a palette with transparency"),
        pytest.param(lambda: picture(LARGEST, "TIFF", "F", compression="tiff_lzw"), id="floating point"),
    ],
)
def test_the_largest_image_that_is_allowed_can_be_made_small(monkeypatch, data):
    # The seconds of a busy machine; those of the processor, which its program is given, stay as they are.
    monkeypatch.setattr("app.browsing.decoder.SECONDS", 100)

    assert decoded(Decoder().thumbnail(data())).size == (256, 256)


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
