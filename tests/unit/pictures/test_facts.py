"""What an image says of itself: of good ones what Pillow wrote into them, of broken and hostile ones less."""

import json
import struct

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from app.pictures.asking import StandingPrograms
from app.pictures.facts import FORMATS
from tests.support.pictures import chunk, encoded, exif_of, picture, png, tiff, turned

SHORT, LONG, TEXT = 3, 4, 2
STRIP = [
    *((256, LONG, 1, 40), (257, LONG, 1, 30), (258, SHORT, 1, 8), (259, SHORT, 1, 1), (262, SHORT, 1, 1)),
    *((273, LONG, 1, 8), (277, SHORT, 1, 1), (279, LONG, 1, 1200)),
]
"""The tags of a TIFF of 40 x 30 grey pixels, which are not there."""


@pytest.fixture(scope="module")
def programs():
    programs = StandingPrograms(at_once=1)
    yield programs
    programs.close()


@pytest.fixture
def told(tmp_path, programs):
    """Tell the facts of a file of these bytes."""

    def tell(data):
        path = tmp_path / "file"
        path.write_bytes(data)
        return programs.facts_of(path)

    return tell


def exif(**more):
    """Return EXIF as cameras write it, with these tags of the camera's own directory besides."""
    found = Image.Exif()
    found[0x010F], found[0x0110], found[0x0132] = "Canon", "EOS 80D", "2025:02:02 02:02:02"
    found.get_ifd(0x8769).update({int(tag, 16): value for tag, value in more.items()})
    return found


TAKEN = {"0x9003": "2025:01:14 08:00:00"}

KINDS = {
    "JPEG": ("JPEG", "RGB", {}),
    "progressive JPEG": ("JPEG", "L", {"progressive": True, "icc_profile": b"i" * 200_000, "comment": b"c" * 60_000}),
    "MPO": ("MPO", "RGB", {"save_all": True, "append_images": [Image.new("RGB", (9, 9))]}),
    "PNG": ("PNG", "RGBA", {}),
    "GIF": ("GIF", "P", {}),
    "moving GIF": ("GIF", "P", {"save_all": True, "append_images": [Image.new("P", (9, 9), 1)]}),
    "WEBP": ("WEBP", "RGB", {}),
    "lossless WEBP": ("WEBP", "RGB", {"lossless": True}),
    "transparent WEBP": ("WEBP", "RGBA", {}),
    "moving WEBP": ("WEBP", "RGB", {"save_all": True, "append_images": [Image.new("RGB", (301, 203), "red")]}),
    "TIFF": ("TIFF", "RGB", {}),
    "packed TIFF": ("TIFF", "L", {"compression": "tiff_lzw"}),
    "BMP": ("BMP", "RGB", {}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_width_height_and_format_are_those_that_the_image_has(told, kind):
    written, mode, options = KINDS[kind]
    name = "JPEG" if written == "MPO" else written

    found = told(picture((301, 203), written, mode, **options))

    assert found == {"format": name, "width": 301, "height": 203}


@pytest.mark.parametrize("kind", ["JPEG", "MPO", "PNG", "WEBP"])
def test_what_the_camera_wrote_is_told(told, kind):
    found = told(picture((40, 30), kind, exif=exif(**TAKEN)))

    assert found["taken_at"] == "2025-01-14T08:00:00"
    assert (found["camera_make"], found["camera_model"]) == ("Canon", "EOS 80D")


def test_what_the_camera_wrote_into_a_tiff_is_told(told):
    directory = struct.pack("<HHHII", 1, 0x9003, TEXT, 20, 8) + bytes(4)
    body = b"2025:01:14 08:00:00\0" + directory

    found = told(tiff(*STRIP, (0x8769, LONG, 1, 28), body=body))

    assert found["taken_at"] == "2025-01-14T08:00:00"
    assert (found["width"], found["height"]) == (40, 30)


def big_endian(data):
    """Return EXIF of one tag, written with the most significant bytes first."""
    return b"Exif\0\0MM\0*" + struct.pack(">IHHHIHHI", 8, 1, 0x0112, SHORT, 1, data, 0, 0)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("written", "size"),
    [
        *((turned(orientation), (40, 30)) for orientation in (0, 1, 2, 3, 4, 9, 65535)),
        *((turned(orientation), (30, 40)) for orientation in (5, 6, 7, 8)),
        (big_endian(6), (30, 40)),
        (exif_of((0x0112, LONG, 1, 6)), (30, 40)),
        (exif_of((0x0112, SHORT, 2, 6)), (30, 40)),
        (exif_of((0x0112, TEXT, 1, 6)), (40, 30)),
    ],
)
def test_width_and_height_are_those_that_people_see(told, kind, written, size):
    found = told(picture((40, 30), kind, exif=written))

    assert (found["width"], found["height"]) == size


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_tiff_is_turned_once(told, orientation):
    found = told(picture((40, 30), "TIFF", tiffinfo={0x0112: orientation}))

    assert (found["width"], found["height"]) == ((40, 30) if orientation < 5 else (30, 40))


def test_no_pixels_of_a_png_are_decoded_to_look_for_exif_behind_them(told):
    data = picture((40, 30), "PNG")

    assert told(data[:-12] + chunk(b"eXIf", turned(6)[6:]) + data[-12:]) == {"format": "PNG", "width": 40, "height": 30}


def test_a_name_that_is_not_english_stays_readable(told):
    name = "Фотон 3".encode()
    found = told(picture((4, 4), "JPEG", exif=exif_of((0x010F, TEXT, len(name), 8), body=name)))

    assert found["camera_make"] == "Фотон 3"


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        pytest.param({}, "2025-02-02T02:02:02", id="when it was changed, else"),
        pytest.param(TAKEN, "2025-01-14T08:00:00", id="no zone is invented"),
        pytest.param({**TAKEN, "0x9011": "+02:00"}, "2025-01-14T08:00:00+02:00", id="the camera's zone"),
        pytest.param({**TAKEN, "0x9010": "+02:00"}, "2025-01-14T08:00:00", id="the zone of the other time"),
        pytest.param({"0x9010": "-03:30"}, "2025-02-02T02:02:02-03:30", id="the zone of the change"),
        pytest.param({**TAKEN, "0x9011": "+99:00"}, "2025-01-14T08:00:00", id="no zone"),
        pytest.param({"0x9003": "2025-01-14T08:00:00"}, "2025-01-14T08:00:00", id="written as ISO 8601"),
        pytest.param({"0x9003": "0000:00:00 00:00:00"}, "2025-02-02T02:02:02", id="a clock that was never set"),
        pytest.param({"0x9003": "    :  :     :  :  "}, "2025-02-02T02:02:02", id="blank"),
        pytest.param({"0x9003": "2025:02:30 08:00:00"}, "2025-02-02T02:02:02", id="no such day"),
        pytest.param({"0x9003": "2025:01:14 24:61:00"}, "2025-02-02T02:02:02", id="no such hour"),
        pytest.param({"0x9003": "<script>"}, "2025-02-02T02:02:02", id="something else"),
    ],
)
def test_a_time_is_told_only_when_it_is_one(told, tags, expected):
    assert told(picture((4, 4), "JPEG", exif=exif(**tags)))["taken_at"] == expected


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        pytest.param("  Canon  ", "Canon", id="filled up with blanks"),
        pytest.param("Canon\0\0hidden", "Canon", id="it ends at its zero"),
        pytest.param("a\x1b[31mb\r\nc", "a[31mbc", id="control characters"),
        pytest.param("x" * 5000, "x" * 100, id="long"),
        pytest.param(" \0", None, id="blank"),
    ],
)
def test_names_of_cameras_are_cleaned(told, make, expected):
    found = Image.Exif()
    found[0x010F] = make

    assert told(picture((4, 4), "JPEG", exif=found)).get("camera_make") == expected


JPEG_START = b"\xff\xd8\xff\xe0\0\x04ab"
FRAME = b"\xff\xc0\0\x11\x08\0\x1e\0\x28\x03" + bytes(9)


def jpeg(*parts):
    return JPEG_START + b"".join(parts) + FRAME


def with_exif(data):
    return b"\xff\xe1" + struct.pack(">H", len(data) + 2) + data


def webp(*parts):
    """Return a WEBP of 40 x 30 pixels with these parts behind the picture."""
    whole = picture((40, 30), "WEBP", "RGBA", (1, 2, 3, 4), exif=turned(1))
    body = whole[12 : whole.index(b"EXIF")]
    body += b"".join(name + struct.pack("<I", len(part)) + part + bytes(len(part) % 2) for name, part in parts)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(png(size=(2**31 - 1, 2**31 - 1)), (2**31 - 1, 2**31 - 1), id="a bomb by its header"),
        pytest.param(png(chunk(b"eXIf", turned(6)[6:] + b"x" * 300_000)), (8, 8), id="EXIF that is long"),
        pytest.param(png(*[chunk(b"tEXt", b"a\0b")] * 20_000), (8, 8), id="a PNG of 20,000 chunks"),
        pytest.param(jpeg(), (40, 30), id="the shortest JPEG"),
        pytest.param(jpeg(b"\xff" * 100), (40, 30), id="a JPEG that is filled up"),
        pytest.param(jpeg(b"\xff" * 1_000_000), (40, 30), id="a JPEG of nothing but filling"),
        pytest.param(jpeg(b"\xff\xfe\0\x02" * 100_000), (40, 30), id="a JPEG of 100,000 comments"),
        pytest.param(jpeg(b"\xff\xe0\0\0"), (40, 30), id="a segment shorter than its length"),
        pytest.param(jpeg(b"\0" * 1_000_000), (40, 30), id="a JPEG with something between its segments"),
        pytest.param(jpeg(b"\xff\xc4\0\x09" + b"tables!"), (40, 30), id="tables before the frame"),
        pytest.param(jpeg(with_exif(turned(6)), with_exif(turned(1))), (30, 40), id="the first EXIF counts"),
        pytest.param(
            jpeg(with_exif(b"http://ns.adobe.com/xap/1.0/\0"), with_exif(turned(6))), (30, 40), id="XMP before EXIF"
        ),
        pytest.param(jpeg(with_exif(b"Exif\0\0")), (40, 30), id="empty EXIF"),
        pytest.param(jpeg(with_exif(exif_of((0x8769, LONG, 1, 8)))), (40, 30), id="a directory of EXIF in itself"),
        pytest.param(jpeg(with_exif(exif_of((0x8769, LONG, 1, 2**32 - 1)))), (40, 30), id="a directory far away"),
        pytest.param(
            jpeg(with_exif(exif_of((0x010F, TEXT, 2**32 - 1, 0)))), (40, 30), id="a text longer than the file"
        ),
        pytest.param(
            jpeg(with_exif(exif_of(*[(0x010F, TEXT, 64, 8)] * 5000))), (40, 30), id="5,000 texts at one place"
        ),
        pytest.param(jpeg(with_exif(b"Exif\0\0II*\0\xff\xff\xff\xff")), (40, 30), id="a first directory far away"),
        pytest.param(jpeg(with_exif(b"Exif\0\0" + b"nonsense" * 100)), (40, 30), id="nonsense in the place of EXIF"),
        pytest.param(
            b"GIF89a\x28\0\x1e\0\0\0\0" + b"\x2c\0\0\0\0\x28\0\x1e\0\0\x02\x02\x4c\x01\0" * 100_000,
            (40, 30),
            id="a GIF of 100,000 pictures",
        ),
        pytest.param(tiff(*STRIP)[:-4] + struct.pack("<I", 8), (40, 30), id="a TIFF whose directories never end"),
        pytest.param(tiff(*STRIP, (254, LONG, 1, 1)), None, id="a small copy in a raw photograph"),
        pytest.param(tiff(*STRIP, *[(9, LONG, 1, 1)] * 60_000), (40, 30), id="60,000 tags before"),
        pytest.param(tiff(*STRIP, *[(60_000, LONG, 1, 1)] * 60_000), (40, 30), id="60,000 tags behind"),
        pytest.param(
            webp((b"ODD\0", b"odd"), (b"EXIF", turned(8)[6:])), (30, 40), id="a part of a WEBP whose length is odd"
        ),
        pytest.param(
            webp((b"EXIF", turned(1)[6:]), (b"EXIF", turned(8)[6:])), (40, 30), id="the first EXIF of a WEBP counts"
        ),
        pytest.param(webp((b"EXIF", turned(6))), (30, 40), id="EXIF of a WEBP that begins as that of a JPEG"),
        pytest.param(
            picture((40, 30), "BMP")[:22] + struct.pack("<i", -30) + picture((40, 30), "BMP")[26:],
            (40, 30),
            id="a BMP whose upper row comes first",
        ),
        pytest.param(
            b"BM" + bytes(8) + struct.pack("<IIHHHH", 26, 12, 40, 30, 1, 24) + bytes(9), (40, 30), id="a BMP of OS/2"
        ),
    ],
)
def test_a_broken_or_hostile_image_says_what_can_be_known(told, data, expected):
    found = told(data)

    assert found["format"]
    assert ((found["width"], found["height"]) if "width" in found else None) == expected


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"B", id="a byte"),
        pytest.param(b"BMW is a maker of cars and of motorcycles.", id="a text that begins as a BMP does"),
        pytest.param(b"RIFF\0\0\0\0WAVEfmt " + bytes(40), id="a sound"),
        pytest.param(b"II+\0\x08\0\0\0" + bytes(40), id="a BigTIFF"),
        pytest.param(picture((4, 4), "PPM"), id="another image"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", id="a drawing"),
        pytest.param(png(size=(0, 8)), id="a PNG without a width"),
        pytest.param(png()[:24], id="a PNG that ends after its size"),
        pytest.param(png()[:20], id="a PNG that ends within its size"),
        pytest.param(
            b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 2**32 - 1, b"IHDR", 8, 8),
            id="a chunk longer than the file",
        ),
        pytest.param(jpeg(b"\xff\xd0\xff\x01"), id="markers without a length"),
        pytest.param(JPEG_START + b"\xff\xda\0\x02" + FRAME, id="a picture before its frame"),
        pytest.param(JPEG_START[:4], id="a JPEG that ends at once"),
        pytest.param(b"II*\0" + struct.pack("<IH", 8, 65535) + bytes(100), id="a TIFF of more tags than bytes"),
        pytest.param(tiff((256, LONG, 1, 40)), id="a TIFF without a height"),
        pytest.param(b"GIF89a\x28\0", id="a GIF that ends within its size"),
        pytest.param(
            b"RIFF\xff\xff\xff\xffWEBPVP8X\xff\xff\xff\xff\x08\0\0\0" + b"\xff" * 6,
            id="a WEBP larger than any",
        ),
        pytest.param(b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0" + b"\0" * 20, id="a WEBP without its mark"),
        pytest.param(b"RIFF\0\0\0\0WEBPVP8L" + b"\0" * 20, id="a lossless WEBP without its mark"),
        pytest.param(b"RIFF\0\0\0\0WEBPVP8X", id="a WEBP that ends at once"),
        pytest.param(b"BM" + bytes(12) + struct.pack("<Iii", 40, -40, 30), id="a BMP of a negative width"),
    ],
)
def test_of_what_pillow_cannot_open_nothing_is_known(told, data):
    assert told(data) == {}


EXAMPLES = [
    *(encoded(Image.new("RGB", (5, 4)), kind, exif=exif(**TAKEN)) for kind in ("JPEG", "PNG", "WEBP", "TIFF")),
    *(picture((5, 4), kind) for kind in ("GIF", "BMP")),
]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    data=st.sampled_from(EXAMPLES),
    cut=st.integers(0, 400),
    changes=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=6),
)
def test_no_bytes_make_it_fail(told, data, cut, changes):
    spoilt = bytearray(data[: len(data) - cut])
    for place, value in changes:
        if place < len(spoilt):
            spoilt[place] = value

    found = told(bytes(spoilt))
    if not found:
        return

    assert found["format"] in FORMATS
    assert json.loads(json.dumps(found)) == found
    assert all(isinstance(value, (int, str)) for value in found.values())
