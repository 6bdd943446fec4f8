"""What is known of an image without any AI: of good ones what Pillow knows too, of broken and hostile ones less."""

import os
import struct

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from app.library.description import Described
from app.library.known import describe_without_ai
from app.library.peeking import BYTES_MAX, READS_MAX, Peek, PeekFailed
from tests.support.pictures import chunk, encoded, exif_of, picture, png, tiff, turned

SHORT, LONG, TEXT = 3, 4, 2


@pytest.fixture
def known(tmp_path):
    """Describe a file of these bytes."""

    def describe(data, name="a", mime_type=""):
        path = tmp_path / "file"
        path.write_bytes(data)
        return describe_without_ai(Described(path, name, mime_type, len(data)))

    return describe


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
def test_width_height_and_format_are_those_that_the_image_has(known, kind):
    written, mode, options = KINDS[kind]
    name = "JPEG" if written == "MPO" else written

    found = known(picture((301, 203), written, mode, **options), "wrong.txt", "text/plain")

    assert found.attributes == {"mime_type": f"image/{name.lower()}", "format": name, "width": 301, "height": 203}
    assert found.text.startswith(f"{name} image, 301 x 203 pixels, ")
    assert found.tags == ()


@pytest.mark.parametrize("kind", ["JPEG", "MPO", "PNG", "WEBP"])
def test_what_the_camera_wrote_is_told(known, kind):
    found = known(picture((40, 30), kind, exif=exif(**TAKEN)))

    assert found.attributes["taken_at"] == "2025-01-14T08:00:00"
    assert (found.attributes["camera_make"], found.attributes["camera_model"]) == ("Canon", "EOS 80D")
    assert found.text.endswith(", taken 2025-01-14 08:00:00")


def test_what_the_camera_wrote_into_a_tiff_is_told(known):
    directory = struct.pack("<HHHII", 1, 0x9003, TEXT, 20, 8) + bytes(4)
    body = b"2025:01:14 08:00:00\0" + directory
    tags = [(256, SHORT, 1, 40), (257, SHORT, 1, 30), (0x8769, LONG, 1, 28)]

    found = known(tiff(*tags, body=body))

    assert found.attributes["taken_at"] == "2025-01-14T08:00:00"
    assert (found.attributes["width"], found.attributes["height"]) == (40, 30)


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
        (exif_of((0x0112, SHORT, 2, 6)), (40, 30)),
        (exif_of((0x0112, TEXT, 1, 6)), (40, 30)),
    ],
)
def test_width_and_height_are_those_that_people_see(known, kind, written, size):
    found = known(picture((40, 30), kind, exif=written)).attributes

    assert (found["width"], found["height"]) == size


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
def test_a_time_is_told_only_when_it_is_one(known, tags, expected):
    assert known(picture((4, 4), "JPEG", exif=exif(**tags))).attributes["taken_at"] == expected


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
def test_names_of_cameras_are_cleaned(known, make, expected):
    found = Image.Exif()
    found[0x010F] = make

    assert known(picture((4, 4), "JPEG", exif=found)).attributes.get("camera_make") == expected


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1.0 kB"),
        (999_949, "999.9 kB"),
        (999_950, "1.0 MB"),
        (2_048_576, "2.0 MB"),
        (5 * 10**15, "5000.0 TB"),
    ],
)
def test_a_size_is_told_in_words(tmp_path, size, words):
    path = tmp_path / "file"
    path.touch()

    assert describe_without_ai(Described(path, "a.pdf", "", size)).text == f"File of the type application/pdf, {words}"


@pytest.mark.parametrize(
    ("name", "mime_type", "expected"),
    [
        pytest.param("a.pdf", "", "application/pdf", id="by its name"),
        pytest.param("a.pdf", "application/octet-stream", "application/pdf", id="the sender does not know"),
        pytest.param("a.pdf", "image/heic", "image/heic", id="as the sender says"),
        pytest.param("a", "", "application/octet-stream", id="nobody knows"),
        pytest.param("data:text/html,a", "", "application/octet-stream", id="a name that looks like an address"),
        pytest.param("\ud800/../.", "", "application/octet-stream", id="an odd name"),
    ],
)
def test_what_is_no_image_has_the_type_of_its_name(known, name, mime_type, expected):
    found = known(b"%PDF-1.7", name, mime_type)

    assert found.attributes == {"mime_type": expected}


JPEG_START = b"\xff\xd8\xff\xe0\0\x04ab"
FRAME = b"\xff\xc0\0\x11\x08\0\x1e\0\x28\x03" + bytes(9)


def jpeg(*parts):
    return JPEG_START + b"".join(parts) + FRAME


def with_exif(data):
    return b"\xff\xe1" + struct.pack(">H", len(data) + 2) + data


def webp(name, data):
    """Return a WEBP of 40 x 30 pixels with a part of this name, and behind it EXIF that turns the image."""
    parts = ((b"VP8X", bytes(4) + b"\x27\0\0\x1d\0\0"), (name, data), (b"EXIF", turned(8)[6:]))
    written = b"".join(kind + struct.pack("<I", len(part)) + part + bytes(len(part) % 2) for kind, part in parts)
    return b"RIFF" + struct.pack("<I", len(written) + 4) + b"WEBP" + written


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(png(size=(2**31 - 1, 2**31 - 1)), (2**31 - 1, 2**31 - 1), id="a bomb by its header"),
        pytest.param(png(size=(0, 8)), None, id="a PNG without a width"),
        pytest.param(png(chunk(b"eXIf", turned(6)[6:] + b"x" * 300_000)), (8, 8), id="EXIF that is long"),
        pytest.param(png(*[chunk(b"tEXt", b"a\0b")] * 20_000), (8, 8), id="a PNG of 20,000 chunks"),
        pytest.param(png()[:24], (8, 8), id="a PNG that ends after its size"),
        pytest.param(png()[:20], None, id="a PNG that ends within its size"),
        pytest.param(
            b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 2**32 - 1, b"IHDR", 8, 8),
            (8, 8),
            id="a chunk longer than the file",
        ),
        pytest.param(jpeg(), (40, 30), id="the shortest JPEG"),
        pytest.param(jpeg(b"\xff" * 100), (40, 30), id="a JPEG that is filled up"),
        pytest.param(jpeg(b"\xff" * 1_000_000), None, id="a JPEG of nothing but filling"),
        pytest.param(jpeg(b"\xff\xfe\0\x02" * 100_000), None, id="a JPEG of 100,000 comments"),
        pytest.param(jpeg(b"\xff\xe0\0\0"), (40, 30), id="a segment shorter than its length"),
        pytest.param(jpeg(b"\0" * 1_000_000), None, id="a JPEG with something between its segments"),
        pytest.param(jpeg(b"\xff\xd0\xff\x01"), (40, 30), id="markers without a length"),
        pytest.param(JPEG_START + b"\xff\xda\0\x02" + FRAME, None, id="a picture before its frame"),
        pytest.param(jpeg(b"\xff\xc4\0\x09" + b"tables!"), (40, 30), id="tables before the frame"),
        pytest.param(jpeg(with_exif(turned(6)), with_exif(turned(1))), (30, 40), id="the first EXIF counts"),
        pytest.param(
            jpeg(with_exif(b"http://ns.adobe.com/xap/1.0/\0"), with_exif(turned(6))), (30, 40), id="XMP before EXIF"
        ),
        pytest.param(JPEG_START[:4], None, id="a JPEG that ends at once"),
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
            tiff((256, LONG, 1, 40), (257, LONG, 1, 30))[:-4] + struct.pack("<I", 8),
            (40, 30),
            id="a TIFF whose directories never end",
        ),
        pytest.param(b"II*\0" + struct.pack("<IH", 8, 65535) + bytes(100), None, id="a TIFF of more tags than bytes"),
        pytest.param(
            tiff((256, LONG, 1, 40), (257, LONG, 1, 30), (254, LONG, 1, 1)), None, id="a small copy in a raw photograph"
        ),
        pytest.param(tiff((256, LONG, 1, 40)), None, id="a TIFF without a height"),
        pytest.param(
            tiff(*[(9, LONG, 1, 1)] * 60_000, (256, LONG, 1, 40), (257, LONG, 1, 30)), None, id="60,000 tags before"
        ),
        pytest.param(
            b"GIF89a\x28\0\x1e\0\0\0\0" + b"\x2c\0\0\0\0\x28\0\x1e\0\0\x02\x02\x4c\x01\0" * 100_000,
            (40, 30),
            id="a GIF of 100,000 pictures",
        ),
        pytest.param(
            tiff((256, LONG, 1, 40), (257, LONG, 1, 30), *[(60_000, LONG, 1, 1)] * 60_000),
            (40, 30),
            id="60,000 tags behind",
        ),
        pytest.param(webp(b"ODD\0", b"odd"), (30, 40), id="a part of a WEBP whose length is odd"),
        pytest.param(webp(b"EXIF", turned(1)), (40, 30), id="the first EXIF of a WEBP counts"),
        pytest.param(webp(b"XMP ", b""), (30, 40), id="an empty part of a WEBP"),
        pytest.param(
            webp(b"EXIF", turned(6)).replace(turned(8)[6:], turned(1)[6:]),
            (30, 40),
            id="EXIF of a WEBP that begins as that of a JPEG",
        ),
        pytest.param(b"GIF89a\x28\0", None, id="a GIF that ends within its size"),
        pytest.param(
            b"RIFF\xff\xff\xff\xffWEBPVP8X\xff\xff\xff\xff\x08\0\0\0" + b"\xff" * 6,
            (2**24, 2**24),
            id="a WEBP larger than any",
        ),
        pytest.param(b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0" + b"\0" * 20, None, id="a WEBP without its mark"),
        pytest.param(b"RIFF\0\0\0\0WEBPVP8L" + b"\0" * 20, None, id="a lossless WEBP without its mark"),
        pytest.param(b"RIFF\0\0\0\0WEBPVP8X", None, id="a WEBP that ends at once"),
        pytest.param(
            b"BM" + bytes(12) + struct.pack("<Iii", 40, 40, -30), (40, 30), id="a BMP whose upper row comes first"
        ),
        pytest.param(b"BM" + bytes(12) + struct.pack("<Iii", 40, -40, 30), None, id="a BMP of a negative width"),
        pytest.param(b"BM" + bytes(12) + struct.pack("<IHH", 12, 40, 30) + bytes(9), (40, 30), id="a BMP of OS/2"),
    ],
)
def test_a_broken_or_hostile_image_says_less_and_costs_no_more(known, data, expected):
    found = known(data).attributes

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
    ],
)
def test_what_is_in_none_of_the_six_formats_is_no_image(known, data):
    assert known(data, "a.bin").attributes == {"mime_type": "application/octet-stream"}


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
def test_no_bytes_make_it_fail(known, data, cut, changes):
    spoilt = bytearray(data[: len(data) - cut])
    for place, value in changes:
        if place < len(spoilt):
            spoilt[place] = value

    found = known(bytes(spoilt))

    assert found.text
    assert all(isinstance(value, (int, str)) for value in found.attributes.values())


@pytest.fixture
def ten_bytes(tmp_path):
    (tmp_path / "ten").write_bytes(b"0123456789")
    descriptor = os.open(tmp_path / "ten", os.O_RDONLY)
    yield descriptor
    os.close(descriptor)


def test_no_more_is_read_of_a_file_than_that(ten_bytes):
    file = Peek.of(ten_bytes)
    inner = file.part(2, 5)

    assert inner.at(0, 5) == b"23456"
    for _ in range(READS_MAX - 1):
        assert file.at(9, 1) == b"9"
    for part in (file, inner):
        with pytest.raises(PeekFailed):
            part.at(0, 1)


@pytest.mark.parametrize(("offset", "n"), [(0, 6), (5, 1), (-1, 1), (2**70, 1)])
def test_a_part_shows_nothing_beside_it(ten_bytes, offset, n):
    with pytest.raises(PeekFailed):
        Peek.of(ten_bytes).part(2, 5).at(offset, n)


def test_a_read_has_an_end(tmp_path, ten_bytes):
    os.truncate(tmp_path / "ten", 2 * BYTES_MAX)
    file = Peek.of(ten_bytes)

    assert len(file.at(1, BYTES_MAX)) == BYTES_MAX
    with pytest.raises(PeekFailed):
        file.at(1, BYTES_MAX + 1)


def test_a_file_that_became_shorter_ends(tmp_path, ten_bytes):
    file = Peek.of(ten_bytes)
    os.truncate(tmp_path / "ten", 3)

    with pytest.raises(PeekFailed):
        file.at(2, 2)
