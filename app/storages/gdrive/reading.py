"""Reading files that have bytes: small ones whole, large ones in pieces ahead of the reader, and checked."""

import hashlib
import re
from collections.abc import Callable
from functools import partial

from app.errors import FileChanged
from app.storages.base import Content
from app.storages.contents import PiecedContent, Proof, Version, WholeContent
from app.storages.gdrive.address import DriveAddress
from app.storages.gdrive.api import Api
from app.storages.gdrive.errors import NO_BYTES, NO_DOWNLOAD, NOT_DRIVE, said
from app.storages.gdrive.finding import find_file
from app.storages.gdrive.requests import ALL_DRIVES, path_below
from app.storages.gdrive.resources import DriveFile
from app.storages.http_api.exchange import Answer, Request
from app.storages.http_api.fetching import PIECE, Pieces
from app.storages.http_api.meanings import BROKEN_OFF

LIMIT = PIECE
"""Bytes up to which a file is read in one request."""

_PART, _BEYOND = 206, 416


class Reader:
    """Reads files of one account. Thread-safe.

    Args:
        api: sends the requests.
        address: of the account.
        pieces: fetches those of large files.
    """

    def __init__(self, api: Api, address: DriveAddress, pieces: Pieces) -> None:
        self._api, self._address, self._pieces = api, address, pieces

    def open(self, found: DriveFile) -> Content:
        """Start to read a file, in the version that was found.

        Raises:
            AccessDenied: it has no bytes, or they may not be had.
            FileChanged: it is another version by now.
        """
        if found.size is None:
            raise said(NO_BYTES, self._address, found.name, found.mime_type)
        if not found.can_download:
            raise said(NO_DOWNLOAD, self._address, found.name, "its owner forbids it")
        version, proof = Version(found.name, found.size, found.modified_ns, found.md5), self._proof(found)
        fetch = partial(self._piece, found, found.size)
        if found.size > LIMIT:
            return PiecedContent(version, partial(self._pieces.of, fetch), proof)
        data = fetch(0, found.size) if found.size else b""
        proof.update(data)
        proof.require(found.name)
        return WholeContent(version, data)

    def _piece(self, found: DriveFile, size: int, begin: int, end: int) -> bytes:
        is_whole = (begin, end) == (0, size)
        answer = self._api.ask(
            Request(
                "GET",
                path_below(self._address.endpoint, "files", found.id),
                {"alt": "media", **ALL_DRIVES},
                {"Range": f"bytes={begin}-{end - 1}"},  # of all of it too, or a file that grew would come whole
                key=found.name,
                accepted=(200, _PART, _BEYOND) if is_whole else (_PART, _BEYOND),
                most=end - begin,
                is_media=True,
            )
        )
        if answer.status == _BEYOND:
            raise _changed(found)
        if answer.status == _PART:
            self._require_span(answer, found, f"{begin}-{end - 1}")
        if len(answer.data) != end - begin:
            raise said(BROKEN_OFF, self._address, found.name)
        return answer.data

    def _require_span(self, answer: Answer, found: DriveFile, span: str) -> None:
        told = re.fullmatch(r"bytes ([0-9]+-[0-9]+)/([0-9]+)", answer.headers.get("Content-Range", ""))
        if told and told[2] != str(found.size):
            raise _changed(found)
        if not told or told[1] != span:
            raise said(NOT_DRIVE, self._address, found.name)

    def _proof(self, found: DriveFile) -> Proof:
        if found.md5 is None:
            return Proof("its version", _nothing, self._is_still(found))
        digest = hashlib.md5(usedforsecurity=False)
        return Proof("its MD5", digest.update, lambda: digest.hexdigest() == found.md5)

    def _is_still(self, found: DriveFile) -> Callable[[], bool]:
        return lambda: find_file(self._api, self._address, found.id).version == found.version


def _nothing(_: bytes) -> None:
    """Take bytes that prove nothing."""


def _changed(found: DriveFile) -> FileChanged:
    return FileChanged(f"{found.name!r} was replaced while it was read.")
