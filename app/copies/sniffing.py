"""What a file holds, found out by looking at its beginning, in the words of Galaxy."""

import bz2
import lzma
import re
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

LOOKED_AT = 64 * 1024
"""So many bytes of a file are looked at."""

GZIP, BZIP2, XZ = b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00"

_PACKED = {GZIP: "gz", BZIP2: "bz2", XZ: "xz"}
_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"%PDF-", "pdf"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x89HDF\r\n\x1a\n", "h5"),
    (b"SQLite format 3\0", "sqlite"),
    (b"CRAM", "cram"),
)
_TAR, _TAR_AT = b"ustar", 257
_GZIP_KINDS = {"fastqsanger": "fastqsanger.gz", "fasta": "fasta.gz", "vcf": "vcf_bgzip"}
_KEPT_PACKED = frozenset({"bam", *_GZIP_KINDS.values()})
_CONTROL = re.compile(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f]")


def file_type_of(path: Path, name: str = "") -> str:
    """Return what a file holds as Galaxy calls it, such as ``bed``, ``txt`` or ``png``; ``data`` when nobody knows.

    Args:
        path: the file.
        name: what it is called; tells CSV from other text with commas, and nothing that the bytes contradict.
    """
    head = _head(path)
    packed = next((word for signature, word in _PACKED.items() if head.startswith(signature)), None)
    if packed:
        return _packed_type(head, packed)
    return _type_of(head, len(head) < LOOKED_AT, name)


def is_text(path: Path) -> bool:
    """Return whether the beginning of a file is text, in UTF-8 or any encoding that has ASCII in it."""
    head = _head(path)
    return not any(head.startswith(signature) for signature in (*_PACKED, *(s for s, _ in _SIGNATURES))) and not (
        _CONTROL.search(head)
    )


def is_packed(path: Path) -> bool:
    """Return whether a file is packed by gzip, bzip2 or xz."""
    return _head(path).startswith(tuple(_PACKED))


def stays_packed(path: Path, file_type: str) -> bool:
    """Return whether a file is not to be unpacked: it is not packed, or is of a kind that is kept so.

    Args:
        path: the file.
        file_type: what it shall be; ``auto``: what `file_type_of` finds.
    """
    if not is_packed(path):
        return True
    if file_type == "auto":
        return file_type_of(path) in _KEPT_PACKED
    return file_type in _KEPT_PACKED or file_type.endswith((".gz", ".bz2", ".xz")) or file_type in _PACKED.values()


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LOOKED_AT)


def _packed_type(head: bytes, word: str) -> str:
    inside = _unpacked(head, word)
    if word == "gz" and inside.startswith(b"BAM\1"):
        return "bam"
    found = _type_of(inside, whole=False, name="") if inside else ""
    return _GZIP_KINDS.get(found, word) if word == "gz" else word


def _unpacked(head: bytes, word: str) -> bytes:
    makers: dict[str, Callable[[], bytes]] = {
        "gz": lambda: zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, LOOKED_AT),
        "bz2": lambda: bz2.BZ2Decompressor().decompress(head, LOOKED_AT),
        "xz": lambda: lzma.LZMADecompressor(memlimit=128 * 1024 * 1024).decompress(head, LOOKED_AT),
    }
    with suppress(zlib.error, OSError, EOFError, lzma.LZMAError):
        return makers[word]()
    return b""


def _type_of(head: bytes, whole: bool, name: str) -> str:
    for signature, word in _SIGNATURES:
        if head.startswith(signature):
            return word
    if head[_TAR_AT : _TAR_AT + len(_TAR)] == _TAR:
        return "tar"
    if _CONTROL.search(head):
        return "data"
    text = head.decode("utf-8", "replace").removeprefix("\ufeff")
    return _text_type(text, whole, name)


def _text_type(text: str, whole: bool, name: str) -> str:
    start = text.lstrip()
    for looks_so, word in _BY_START:
        if looks_so(start):
            return word
    lines = text.splitlines()
    if not whole and not text.endswith(("\n", "\r")):
        lines = lines[:-1]  # the last one goes on behind what is looked at
    lines = [line for line in lines if line.strip()]
    return next((word for looks_so, word in _BY_LINES if lines and looks_so(lines)), _columns(lines, name))


def _is_html(start: str) -> bool:
    # *+ takes comments one way only: with * all ways to tell where one ends are tried, 2^n of n, and no thread runs.
    return re.match(r"(?:<!--.*?-->\s*)*+(?:<!doctype html|<html[\s>])", start, re.IGNORECASE | re.DOTALL) is not None


def _is_json(start: str) -> bool:
    return re.match(r'\{\s*(?:"|\})|\[\s*(?:[\[{"\]\d-]|true|false|null)', start) is not None and (
        start.rstrip().endswith(("}", "]")) or len(start) > LOOKED_AT // 2
    )


_BY_START: Sequence[tuple[Callable[[str], bool], str]] = (
    (_is_html, "html"),
    (lambda start: start.startswith("<?xml"), "xml"),
    (_is_json, "json"),
    (lambda start: start.startswith("##fileformat=VCF"), "vcf"),
    (lambda start: start.startswith("##gff-version 3"), "gff3"),
    (lambda start: start.startswith("##gff-version"), "gff"),
)


def _is_fasta(lines: Sequence[str]) -> bool:
    return (
        re.match(r">\s*\S", lines[0]) is not None
        and len(lines) > 1
        and re.fullmatch(r"[A-Za-z*.-]+", lines[1].strip()) is not None
    )


def _is_fastq(lines: Sequence[str]) -> bool:
    whole = len(lines) - len(lines) % 4
    return whole > 0 and all(
        lines[at].startswith("@")
        and re.fullmatch(r"[A-Za-z.*-]+", lines[at + 1]) is not None
        and lines[at + 2].startswith("+")
        and len(lines[at + 1]) == len(lines[at + 3])
        for at in range(0, whole, 4)
    )


def _is_sam(lines: Sequence[str]) -> bool:
    body = [line for line in lines if not re.match(r"@(?:HD|SQ|RG|PG|CO)\t", line)]
    if not body:
        return True
    fields = [line.split("\t") for line in body]
    return all(len(row) >= 11 and _are_numbers(row[1], row[3], row[4]) for row in fields)


def _is_gff(lines: Sequence[str]) -> bool:
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return bool(rows) and all(
        len(row) == 9 and _are_numbers(row[3], row[4]) and row[6] in tuple("+-.?") and row[7] in tuple("012.")
        for row in rows
    )


def _is_bed(lines: Sequence[str]) -> bool:
    rows = [line.split("\t") for line in lines if not line.startswith(("#", "track", "browser"))]
    return bool(rows) and all(
        3 <= len(row) <= 12 and _are_numbers(row[1], row[2]) and (len(row) < 6 or row[5] in tuple("+-."))
        for row in rows
    )


_BY_LINES: Sequence[tuple[Callable[[Sequence[str]], bool], str]] = (
    (_is_fasta, "fasta"),
    (_is_fastq, "fastqsanger"),
    (_is_sam, "sam"),
    (_is_gff, "gff"),
    (_is_bed, "bed"),
)


def _are_numbers(*words: str) -> bool:
    return all(word.isascii() and word.isdigit() for word in words)


def _columns(lines: Sequence[str], name: str) -> str:
    """Return ``tabular`` or ``csv`` for lines that have as many columns each, more than one; else ``txt``."""
    rows = [line for line in lines if not line.startswith("#")]
    for mark, word, least in (("\t", "tabular", 1), (",", "csv", 1 if name.lower().endswith(".csv") else 2)):
        counts = {line.count(mark) for line in rows}
        # Prose has commas too: one line of it is no table.
        enough = len(rows) > 1 or mark == "\t" or name.lower().endswith(".csv")
        if enough and len(counts) == 1 and counts.pop() >= least:
            return word
    return "txt"
