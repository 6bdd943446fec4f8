"""Copying an object within its bucket, by the server, which may want to be asked several times for a large one."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from app.errors import FileChanged
from app.storages.base import Entry
from app.storages.gcs.address import GcsAddress
from app.storages.gcs.api import Api
from app.storages.gcs.errors import NOT_GCS, said
from app.storages.gcs.keys import require_possible
from app.storages.gcs.reading import find_object
from app.storages.gcs.requests import rewrite_path
from app.storages.gcs.resources import FIELDS, Resource, resource_of, text_of
from app.storages.gcs.writing import withdraw
from app.storages.http_api.exchange import Request
from app.storages.http_api.meanings import ANYTHING_ELSE, DAMAGED

ROUNDS = 10_000
"""So often a server is asked to go on at most: enough for 5 TiB, Google's limit, where a round copies 550 MB."""

_UNKNOWN = (404, 405, 501)


class Copier:
    """Copies objects within one bucket. Thread-safe.

    Args:
        api: sends the requests.
        address: the bucket's address.
    """

    def __init__(self, api: Api, address: GcsAddress) -> None:
        self._api, self._address = api, address

    def copy(self, source: str, key: str) -> Entry | None:
        """Copy an object with its metadata; None where the server does not know such requests.

        Nobody sees anything of a copy that ends early: the object is made with the last round.

        Raises:
            ObjectMissing: there is no object ``source``.
            FileChanged: it was replaced meanwhile.
            KeyRefused: Google cannot hold ``key``.
            StorageFailure: what was made is not what was copied.
        """
        require_possible(key)
        version = find_object(self._api, self._address, source)
        if source == key:
            return version.entry
        made = self._rewritten(version, key)
        if made is not None and not _is_copy(made, version, key):
            withdraw(self._api, self._address, key, made)
            raise said(DAMAGED, self._address, key)
        return made.entry if made else None

    def _rewritten(self, source: Resource, key: str) -> Resource | None:
        token = ""
        for _ in range(ROUNDS):
            told = self._asked(source, key, token)
            if told is None:
                return None
            if told.get("done") is True:
                return self._made(key, told.get("resource"))
            token = self._token(key, told.get("rewriteToken"))
        raise said(ANYTHING_ELSE, self._address, key, "a copy that does not end")

    def _token(self, key: str, told: object) -> str:
        with suppress(TypeError, ValueError):
            if token := text_of(told):
                return token
        raise said(NOT_GCS, self._address, key)

    def _asked(self, source: Resource, key: str, token: str) -> Mapping[str, Any] | None:
        query = {"ifSourceGenerationMatch": source.generation, "fields": f"done,rewriteToken,resource({FIELDS})"}
        query |= {"rewriteToken": token} if token else {}
        path = rewrite_path(self._address.bucket, source.entry.key, key)
        answer = self._api.ask(Request("POST", path, query, key=key, accepted=(200, 412, *_UNKNOWN)))
        if answer.status == 412:
            raise FileChanged(f"{source.entry.key!r} was replaced while it was copied.")
        if answer.status in _UNKNOWN:
            find_object(self._api, self._address, source.entry.key)  # or it is the object that is not known any more
            return None
        return self._api.parsed(answer.data)

    def _made(self, key: str, told: object) -> Resource:
        try:
            return resource_of(told)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
            raise said(NOT_GCS, self._address, key) from None


def _is_copy(made: Resource, source: Resource, key: str) -> bool:
    told = {made.crc32c, source.crc32c} - {None}
    return (made.entry.key, made.entry.size) == (key, source.entry.size) and len(told) < 2
