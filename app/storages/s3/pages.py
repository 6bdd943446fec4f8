"""One page of a listing, read from XML as it arrives: no entities, no files, no network, and a bounded tree."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import unquote_plus

from lxml import etree

from app.errors import ListingBroken
from app.storages.base import Entry
from app.storages.s3.address import S3Address

# The bytes are taken for UTF-8 whatever the document declares, so that what is counted is what is parsed.
_SAFE: dict[str, Any] = {
    "encoding": "utf-8",
    "resolve_entities": False,
    "load_dtd": False,
    "no_network": True,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
_DECLARED_ENCODING = re.compile(rb"""(?:\xef\xbb\xbf)?<\?xml[^>]*?encoding\s*=\s*["']([^"'>]*)["']""")
_UTF_8 = (b"UTF-8", b"UTF8", b"US-ASCII", b"ASCII")
_ROOT = "ListBucketResult"
_HEAD = 500
"""Bytes at the start of a document that are searched for its encoding and its first element."""

_MARKS = 250_000
"""How many ``<`` and ``=`` a page may have: libxml2 takes some 150 bytes for each element or attribute, however short.
A page of 1,000 keys has 20,000."""

_SIZE = re.compile(r"[0-9]{1,18}")

_Decode = Callable[[Iterable[str]], list[str]]


class CutShort(ListingBroken):
    """The document ends before its last element does."""


class ErrorInstead(ListingBroken):
    """The document is the error document of S3, whatever the status.

    Attributes:
        code: the error's.
    """

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class Page(NamedTuple):
    """What one request was answered with; nothing of it is checked but its form.

    Attributes:
        entries: the objects in the order in which they came.
        folders: what the keys with a delimiter behind the prefix start with, up to and with that delimiter.
        token: leads to the next page; None on the last one.
    """

    entries: list[Entry]
    folders: list[str]
    token: str | None


def read_page(address: S3Address, chunks: Iterable[bytes]) -> Page:
    """Return the page that the chunks of a document add up to.

    Raises:
        ListingBroken: it is no listing of S3's, has a document type, or leaves out or misspells what S3 tells.
        CutShort: it ends too early.
    """
    return _Columns(address, _Document(address).root(chunks)).page()


def told_by(document: bytes) -> tuple[str, str]:
    """Return the code and the region that an S3 error document holds, each empty where there is none."""
    try:
        root = etree.fromstring(document, etree.XMLParser(**_SAFE))
    except etree.XMLSyntaxError:
        return "", ""
    if root.getroottree().docinfo.internalDTD is not None:
        return "", ""
    return root.findtext("{*}Code") or "", root.findtext("{*}Region") or ""


class _Document:
    """Makes a tree of the chunks, as long as they are a listing of reasonable size."""

    def __init__(self, address: S3Address) -> None:
        self._host, self._of_bucket = address.host, f"the listing of {address.bucket!r}"
        self._parser = etree.XMLParser(**_SAFE)
        self._head = b""
        self._marks = 0

    def root(self, chunks: Iterable[bytes]) -> Any:
        """Return the root element of the whole document."""
        try:
            for chunk in chunks:
                self._feed(chunk)
        except etree.XMLSyntaxError:
            raise self._refusal(ListingBroken(f"A page of {self._of_bucket} is no well-formed XML.")) from None
        try:
            root = self._parser.close()
        except etree.XMLSyntaxError:
            raise self._refusal(CutShort(f"A page of {self._of_bucket} ends in the middle.")) from None
        name = root.tag.rpartition("}")[2]
        if name == "Error":
            raise ErrorInstead(
                f"{self._host} answered {self._of_bucket} with an error.", root.findtext("{*}Code") or ""
            )
        if root.getroottree().docinfo.internalDTD is not None or name != _ROOT:
            raise self._not_s3()
        return root

    def _feed(self, chunk: bytes) -> None:
        if len(self._head) < _HEAD:
            self._head += chunk[: _HEAD - len(self._head)]
            self._require_utf_8()
        self._marks += chunk.count(b"<") + chunk.count(b"=")
        if self._marks > _MARKS:
            raise ListingBroken(f"A page of {self._of_bucket} has too many elements.")
        self._parser.feed(chunk)

    def _require_utf_8(self) -> None:
        declared = _DECLARED_ENCODING.match(self._head)
        if declared and declared[1].upper() not in _UTF_8:
            raise ListingBroken(f"{self._host} sends {self._of_bucket} in another encoding than UTF-8.")

    def _refusal(self, otherwise: ListingBroken) -> ListingBroken:
        return otherwise if _ROOT.encode() in self._head else self._not_s3()

    def _not_s3(self) -> ListingBroken:
        return ListingBroken(f"{self._host} answered {self._of_bucket}, but not as S3 does.")


class _Columns:
    """Reads a page column by column (all keys, all sizes): half the price of doing so object by object."""

    def __init__(self, address: S3Address, root: Any) -> None:
        self._host, self._listing = address.host, f"The listing of {address.bucket!r}"
        self._root = root
        space = etree.QName(root).namespace
        self._spaces = {"s": space} if space else None
        self._prefix = "s:" if space else ""

    def page(self) -> Page:
        """Return the page.

        Raises:
            ListingBroken: something is left out or misspelt.
        """
        decoded = _decoded if self._first("EncodingType") == "url" else list
        try:
            folders = [folder or "" for folder in self._texts("CommonPrefixes", "Prefix")]
            return Page(self._entries(decoded), decoded(folders), self._token())
        except UnicodeDecodeError:
            raise ListingBroken(f"{self._listing} has a key that is not UTF-8.") from None

    def _token(self) -> str | None:
        truncated = self._first("IsTruncated")
        if truncated not in ("true", "false"):
            raise ListingBroken(f"{self._listing} does not tell whether it goes on.")
        if truncated == "false":
            return None
        token = self._first("NextContinuationToken")
        if not token:
            raise ListingBroken(f"{self._listing} is cut short: its next page has no address.")
        return token

    def _entries(self, decoded: _Decode) -> list[Entry]:
        sizes = self._told("Size")
        for size in sizes:
            if not _SIZE.fullmatch(size):
                raise ListingBroken(f"{self._listing} gives {size[:40]!r} for the size of an object.")
        seconds = map(self._seconds, self._told("LastModified"))
        return list(map(Entry, decoded(self._told("Key")), map(int, sizes), seconds, self._etags()))

    def _told(self, name: str) -> list[str]:
        """Return the texts of the child of this name that each object must have."""
        told = [text for text in self._texts("Contents", name) if text]
        if len(told) != self._count:
            raise ListingBroken(f"{self._listing} leaves out the {name!r} of an object.")
        return told

    def _etags(self) -> list[str | None]:
        etags = self._texts("Contents", "ETag")
        if len(etags) != self._count:  # some servers give none to some objects
            etags = [found.findtext("{*}ETag") for found in self._found("Contents")]
        return [(etag or "").strip('"') or None for etag in etags]

    def _seconds(self, text: str) -> float:
        try:
            time = datetime.fromisoformat(text)
        except ValueError:
            raise ListingBroken(f"{self._listing} gives {text[:40]!r} for a time.") from None
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()

    def _first(self, name: str) -> str | None:
        return next(iter(self._texts(name)), None)

    def _texts(self, *path: str) -> list[str | None]:
        return [element.text for element in self._found(*path)]

    def _found(self, *path: str) -> list[Any]:
        found: list[Any] = self._root.xpath("/".join(self._prefix + name for name in path), namespaces=self._spaces)
        return found

    @cached_property
    def _count(self) -> int:
        return len(self._found("Contents"))


def _decoded(texts: Iterable[str]) -> list[str]:
    # As botocore does it ("+" is a space, as S3 writes it), but bytes that are no UTF-8 are not replaced silently.
    return [unquote_plus(text, errors="strict") if "%" in text or "+" in text else text for text in texts]
