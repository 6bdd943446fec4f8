import gzip
import random

import pytest

from app.copies.contract import Conversion
from app.copies.lines import converted, posix_lines, tabbed
from app.errors import FileUnreadable, QuotaExceeded

BOTH = Conversion(posix_lines=True, tabs=True)


@pytest.fixture
def convert(tmp_path):
    """Convert these bytes; return what is kept and whether it is the very file that came."""
    made = []

    def scratch():
        made.append(tmp_path / f"scratch-{len(made)}")
        made[-1].touch()
        return made[-1]

    def run(content, conversion, **options):
        source = tmp_path / "came"
        source.write_bytes(content)
        kept = converted(source, conversion, scratch, **options)
        assert source.read_bytes() == content, "what came is never changed"
        return kept.read_bytes(), kept == source

    return run


@pytest.mark.parametrize(
    ("came", "kept"),
    [
        pytest.param(
            b"line 1\nline 2\rline 3\r\nline 4", b"line 1\nline 2\nline 3\nline 4\n", id="all three line ends"
        ),
        pytest.param(b"a\r\r\nb\n\r", b"a\n\nb\n\n", id="empty lines stay"),
        pytest.param(b"a\n", b"a\n", id="nothing to do"),
        pytest.param(b"", b"", id="an empty file stays empty"),
        pytest.param(b"\r", b"\n", id="one carriage return"),
        pytest.param("gr\u00fc\u00dfe\r\n".encode(), "gr\u00fc\u00dfe\n".encode(), id="UTF-8"),
        pytest.param(b"caf\xe9\r", b"caf\xe9\n", id="Latin-1"),
    ],
)
def test_line_ends_become_line_feeds(convert, came, kept):
    assert convert(came, Conversion(posix_lines=True))[0] == kept


@pytest.mark.parametrize(
    ("came", "kept"),
    [
        pytest.param(b"1 2  3\n", b"1\t2\t3\n", id="runs of spaces"),
        pytest.param(b"  a \t b  \n\n c", b"a\tb\n\nc\n", id="none at the start or end of a line"),
        pytest.param(b" \r\n \r\n", b"\n\n", id="lines of nothing but spaces"),
        pytest.param(b"a\x0bb\x0cc", b"a\tb\tc\n", id="vertical tab and form feed"),
    ],
)
def test_white_space_becomes_tabs(convert, came, kept):
    assert convert(came, BOTH)[0] == kept


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_what_comes_out_does_not_depend_on_how_it_is_cut(size):
    chance = random.Random(size)
    for _ in range(300):
        text = bytes(chance.choices(b"ab \t\r\n", k=chance.randrange(40)))
        pieces = [text[at : at + size] for at in range(0, len(text), size)]
        lines = b"".join(posix_lines(iter(pieces)))
        assert lines.decode() == "".join(line + "\n" for line in text.decode().splitlines())
        tabs = b"".join(tabbed(posix_lines(iter(pieces))))
        assert tabs.decode() == "".join("\t".join(line.split()) + "\n" for line in text.decode().splitlines())


def test_a_line_of_any_length_is_never_held_whole():
    piece = b"x" * 1000
    largest = max(map(len, tabbed(posix_lines(piece for _ in range(10_000)))))
    assert largest <= len(piece)


def test_white_space_of_any_length_is_never_held_whole():
    assert b"".join(tabbed(posix_lines(b"a" if at in (0, 9_999) else b" " * 1000 for at in range(10_000)))) == b"a\ta\n"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\r\n", id="a picture"),
        pytest.param(b"\x1f\x8b\x08\r\n", id="a packed file"),
        pytest.param(b"a\r\n\0", id="a zero byte"),
        pytest.param(b"a b\r\n" * 300_000 + b"\0", id="a zero byte far from the start"),
        pytest.param("a b\r\n".encode("utf-16"), id="UTF-16"),
    ],
)
def test_what_is_no_text_stays_as_it_is(convert, content):
    assert convert(content, BOTH) == (content, True)


def test_nothing_happens_to_a_file_unless_that_is_wanted(convert):
    assert convert(b"a b\r\n", Conversion()) == (b"a b\r\n", True)


def test_unpacking_comes_before_the_lines(convert):
    wanted = Conversion(decompress=True, posix_lines=True)
    assert convert(gzip.compress(b"a\r\nb"), wanted) == (b"a\nb\n", False)


def test_what_its_kind_keeps_packed_is_not_unpacked(convert):
    packed = gzip.compress(b"@r1\nACGT\n+\nIIII\n")
    assert convert(packed, Conversion(decompress=True)) == (packed, True)
    assert convert(packed, Conversion(decompress=True, file_type="fastqsanger.gz")) == (packed, True)
    assert convert(packed, Conversion(decompress=True, file_type="txt"))[0] == b"@r1\nACGT\n+\nIIII\n"


def test_unpacking_ends_where_the_room_does(convert):
    with pytest.raises(QuotaExceeded):
        convert(gzip.compress(b"a" * 3_000_000), Conversion(decompress=True), room=2_999_999)
    assert len(convert(gzip.compress(b"a" * 3_000_000), Conversion(decompress=True), room=3_000_000)[0]) == 3_000_000


def test_work_ends_when_it_is_cancelled(convert):
    class Stop(Exception):
        pass

    def stop():
        raise Stop

    with pytest.raises(Stop):
        convert(b"a\r\n", Conversion(posix_lines=True), check=stop)


def test_a_damaged_packed_file_fails(convert):
    with pytest.raises(FileUnreadable, match="damaged"):
        convert(gzip.compress(b"a" * 1000)[:-5], Conversion(decompress=True))
