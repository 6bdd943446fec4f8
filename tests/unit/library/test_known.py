"""What is known of an image without any AI and how it is said; what cannot be known costs nothing but knowledge."""

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from app.library.description import Described
from app.library.known import describe_without_ai
from tests.support.pictures import chunk, exif_of, picture, png, tiff

ROOT = Path(__file__).parents[3]
ROSE = picture((301, 203), "JPEG")


@pytest.fixture
def known(tmp_path):
    """Describe a file of these bytes."""

    def describe(data, name="a", mime_type=""):
        path = tmp_path / "file"
        path.write_bytes(data)
        return describe_without_ai(Described(path, name, mime_type, len(data)))

    return describe


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "TIFF", "BMP"])
def test_of_every_format_type_width_and_height_are_known(known, kind):
    found = known(picture((301, 203), kind))

    assert found.attributes == {"mime_type": f"image/{kind.lower()}", "format": kind, "width": 301, "height": 203}
    assert found.text.startswith(f"{kind} image, 301 x 203 pixels, ")
    assert found.tags == ()


def test_what_the_camera_wrote_is_told(known):
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Canon", "EOS 80D"
    exif.get_ifd(0x8769).update({0x9003: "2025:01:14 08:00:00", 0x9011: "+02:00"})

    found = known(picture((4, 4), "JPEG", exif=exif))

    assert found.attributes["taken_at"] == "2025-01-14T08:00:00+02:00"
    assert (found.attributes["camera_make"], found.attributes["camera_model"]) == ("Canon", "EOS 80D")
    assert found.text.endswith(", taken 2025-01-14 08:00:00+02:00")


@pytest.mark.parametrize(
    ("name", "mime_type", "looked"),
    [
        pytest.param("rose.jpg", "image/jpeg", True, id="an image"),
        pytest.param("rose.gif", "image/gif", True, id="another image than is said"),
        pytest.param("rose.heic", "IMAGE/heic", True, id="in capitals"),
        pytest.param("rose", "", True, id="nobody knows"),
        pytest.param("rose", "application/octet-stream", True, id="the sender does not know"),
        pytest.param("rose.xyz", "application/octet-stream", True, id="a name that says nothing"),
        pytest.param("rose.jpg", "text/plain", True, id="only the name says so"),
        pytest.param("rose.txt", "image/jpeg", True, id="only the sender says so"),
        pytest.param("rose.txt", "", False, id="a text by its name"),
        pytest.param("rose", "application/pdf", False, id="a PDF, as the sender says"),
        pytest.param("rose.pdf", "text/plain", False, id="two say something else"),
    ],
)
def test_a_file_is_looked_into_unless_it_is_said_to_be_something_else(known, name, mime_type, looked):
    assert ("format" in known(ROSE, name, mime_type).attributes) == looked


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


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"B", id="a byte"),
        pytest.param(b"BMW is a maker of cars and of motorcycles.", id="a text that begins as a BMP does"),
        pytest.param(b"RIFF\0\0\0\0WAVEfmt " + bytes(40), id="a sound"),
        pytest.param(picture((4, 4), "PPM"), id="another image"),
        pytest.param(ROSE[:20], id="the start of a JPEG"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", id="a drawing"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", id="EPS would start another program"),
    ],
)
def test_what_cannot_be_looked_into_is_no_image(known, data):
    assert known(data, "a.bin").attributes == {"mime_type": "application/octet-stream"}


BLOATED = b"\0" * 1_000_000
SHARED = [(number, 7, len(BLOATED), 8) for number in range(40_000, 60_000)]
SIZE = {"width": 8, "height": 8}


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(png(size=(60_000, 60_000)), {"width": 60_000, "height": 60_000}, id="a PNG of 3,600 megapixels"),
        pytest.param(png(chunk(b"eXIf", tiff(*SHARED, body=BLOATED))), SIZE, id="20,000 tags that share a megabyte"),
        pytest.param(
            picture((8, 8), "JPEG", exif=exif_of((0x8769, 4, 1, 8))), SIZE, id="a directory of EXIF in itself"
        ),
        pytest.param(b"II*\0" + (4).to_bytes(4, "little"), None, id="a TIFF whose directory is its head"),
        pytest.param(tiff(*SHARED, body=BLOATED), None, id="a TIFF of 20,000 tags that share a megabyte"),
    ],
)
def test_a_hostile_image_says_less(known, data, expected):
    found = known(data, "a.bin").attributes

    assert {name: found[name] for name in ("width", "height") if name in found} == (expected or {})
    assert ("format" in found) == (expected is not None)


def test_where_no_process_can_be_started_less_is_known(tmp_path):
    (tmp_path / "rose").write_bytes(ROSE)
    code = (
        "import resource; from pathlib import Path\n"
        "from app.library.known import Described, describe_without_ai\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (4, 4))\n"
        f"found = describe_without_ai(Described(Path({str(tmp_path / 'rose')!r}), 'rose.jpg', '', 9))\n"
        "assert found.attributes == {'mime_type': 'image/jpeg'}, found"
    )

    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_a_file_that_is_gone_is_an_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        describe_without_ai(Described(tmp_path / "gone", "rose.jpg", "", 9))
