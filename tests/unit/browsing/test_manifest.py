"""What a manifest names, and everything that makes it none."""

import json

import pytest

from app.browsing import manifest
from app.browsing.manifest import names_in
from app.errors import ManifestUnusable
from app.storages.memory import MemoryContent
from tests.support.browsing import HEAD, manifest_of

LINE = '{"name": "a", "extension": ".jpg"}\n'


def names_of(text):
    return list(names_in(MemoryContent(text if isinstance(text, bytes) else text.encode(), 0)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(manifest_of(["a.jpg", "x/b.png"]), ["a.jpg", "x/b.png"], id="as CVAT writes it"),
        pytest.param(HEAD + LINE.rstrip(), ["a.jpg"], id="no line end at the end"),
        pytest.param(HEAD + "\n \t\n" + LINE + "\n\n" + LINE, ["a.jpg", "a.jpg"], id="empty lines between"),
        pytest.param((HEAD + LINE).replace("\n", "\r\n"), ["a.jpg"], id="line ends of Windows"),
        pytest.param("what\never\n" + LINE, ["a.jpg"], id="the head is not looked at"),
        pytest.param(b"\xff\xfe\n\xff\n" + LINE.encode(), ["a.jpg"], id="not even whether it is text"),
        pytest.param("\n\n" + LINE, ["a.jpg"], id="an empty line is a line of the head"),
        pytest.param(HEAD, [], id="a head alone"),
        pytest.param(LINE, [], id="one line"),
        pytest.param("", [], id="empty"),
        pytest.param("\n" * 10, [], id="empty lines alone"),
        pytest.param(HEAD + '{"name": "a", "extension": ""}', ["a"], id="no extension"),
        pytest.param(HEAD + '{"name": "\\u00e9", "extension": ".jpg"}', ["é.jpg"], id="an escape"),
        pytest.param(HEAD + '{"name": "é", "extension": ".jpg"}', ["é.jpg"], id="beyond ASCII"),
        pytest.param(HEAD + '{"name": "../a", "extension": ".jpg"}', ["../a.jpg"], id="dots are a name like any other"),
        pytest.param(HEAD + LINE.replace("}", ', "meta": {"x": [1, NaN]}}'), ["a.jpg"], id="whatever else is said of it"),
        pytest.param(HEAD + LINE * 5000, ["a.jpg"] * 5000, id="over several chunks"),
        pytest.param(HEAD + LINE.replace("}", ', "x": "' + "y" * 900_000 + '"}') + LINE, ["a.jpg"] * 2, id="a long line"),
    ],
)  # fmt: skip
def test_it_names(text, expected):
    assert names_of(text) == expected


VIDEO = (
    '{"version": "1.1"}\n{"type": "video"}\n{"properties": {"name": "v.mp4", "length": 9}}\n{"number": 0, "pts": 0}\n'
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(VIDEO, "Line 3 .* no name", id="a video"),
        pytest.param(HEAD + LINE + "nonsense\n", "Line 4 .* not JSON", id="no JSON"),
        pytest.param(HEAD + LINE + '{"name": "a", "extension": ".j', "Line 4 .* not JSON", id="cut short"),
        pytest.param(HEAD + "\n\n" + "nonsense", "Line 5 .* not JSON", id="empty lines count"),
        pytest.param(HEAD + "[1]", "Line 3 .* no JSON object", id="a list"),
        pytest.param(HEAD + "null", "Line 3 .* no JSON object", id="null"),
        pytest.param(HEAD + '{"extension": ".jpg"}', "Line 3 .* no name", id="no name"),
        pytest.param(HEAD + '{"name": "", "extension": ".jpg"}', "Line 3 .* no name", id="empty name"),
        pytest.param(HEAD + '{"name": 7, "extension": ".jpg"}', "Line 3 .* no name", id="the name is a number"),
        pytest.param(HEAD + '{"name": null, "extension": ".jpg"}', "Line 3 .* no name", id="the name is null"),
        pytest.param(HEAD + '{"name": "a"}', "Line 3 .* no extension", id="no extension"),
        pytest.param(HEAD + '{"name": "a", "extension": []}', "Line 3 .* no extension", id="the extension is a list"),
        pytest.param(HEAD.encode() + b'{"name": "\xe9", "extension": ""}', "Line 3 .* not UTF-8", id="Latin-1"),
        pytest.param(HEAD.encode() + '{"name": "a"}'.encode("utf-16"), "Line 3 .* not UTF-8", id="UTF-16"),
        pytest.param(HEAD.encode() + b"\x1f\x8b\x08\x00binary", "Line 3 .* not UTF-8", id="compressed"),
        pytest.param(HEAD + "[" * 100_000, "Line 3 .* not JSON", id="nested too deeply"),
        pytest.param(HEAD + '{"a":' * 100_000, "Line 3 .* not JSON", id="objects nested too deeply"),
        pytest.param(HEAD + '{"name": ' + "9" * 5000 + "}", "Line 3 .* not JSON", id="a number without end"),
        pytest.param(HEAD + '{"name": "\\ud800", "extension": ""}', "Line 3 .* no object can have", id="half a character"),
        pytest.param(HEAD + '{"name": "a\\u0000", "extension": ""}', "Line 3 .* no object can have", id="NUL"),
        pytest.param(HEAD + json.dumps({"name": "n" * 1021, "extension": ".jpg"}), "more than 1,024", id="a long name"),
        pytest.param(HEAD + "x" * (2 * 1024 * 1024), "Line 3 .* longer than", id="a line that does not end"),
        pytest.param(b"\0" * (2 * 1024 * 1024), "Line 1 .* longer than", id="no lines at all"),
    ],
)  # fmt: skip
def test_it_is_none_and_the_line_is_named(text, said):
    with pytest.raises(ManifestUnusable, match=said) as caught:
        names_of(text)
    assert len(str(caught.value)) < 200


class Endless(MemoryContent):
    """Says that it is short, or long, and gives empty lines as long as it is asked."""

    def __init__(self, size):
        super().__init__(b"", 0)
        self.size = size
        self.given = 0

    def read(self, n=-1, /):
        self.given += n
        return b"\n" * n


def test_too_large_a_one_is_not_read():
    content = Endless(manifest.MAX_BYTES + 1)
    with pytest.raises(ManifestUnusable, match="bytes"):
        list(names_in(content))
    assert content.given == 0


def test_of_too_many_lines_no_more_is_read():
    content = Endless(1)
    with pytest.raises(ManifestUnusable, match="2,000,000 lines"):
        list(names_in(content))
    assert content.given < manifest.MAX_LINES + 100_000


def test_whoever_wants_one_name_reads_one_chunk():
    content = MemoryContent(manifest_of(f"{number}.jpg" for number in range(10_000)), 0)
    names = names_in(content)
    assert next(names) == "0.jpg"
    names.close()
    assert len(content.read()) > 500_000
