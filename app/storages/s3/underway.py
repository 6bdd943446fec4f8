"""One upload under way: which parts have arrived already, which are to be sent, and in what order they are told."""

import hashlib
from collections.abc import Mapping
from concurrent.futures import Future, wait
from functools import partial

from app.storages.base import Content
from app.storages.contents import read_exactly
from app.storages.s3.etags import is_md5
from app.storages.s3.notes import Note
from app.storages.s3.parts import Division, Part
from app.storages.s3.sending import PartSender, PartTags, Sent, Target
from app.storages.s3.uploads import Arrived


class Underway:
    """An upload that was begun. Used by one thread, which reads; others send.

    Args:
        sender: sends the parts.
        target: where they go.
        content: read once, from its start; `skip` passes over what has arrived.
        note: takes down what arrives.
        arrived: what the storage had of this content before.
    """

    def __init__(
        self, sender: PartSender, target: Target, content: Content, note: Note | None, arrived: Mapping[int, Arrived]
    ) -> None:
        self._sender, self._target, self._content, self._note = sender, target, content, note
        self._arrived = arrived
        self._tags = PartTags()
        self._stored: dict[int, Sent] = {}
        self._flying: list[Future[Sent]] = []

    def bring(self, division: Division) -> list[Sent]:
        """Return all parts in their order, once the storage has them.

        Raises:
            FileChanged: the content ended early.
            StorageFailure: a part arrived damaged.
            StorageError: a part could not be sent.
        """
        for part in division:
            self._pass_over(part) if self._is_known(part) else self._send(part)
        self._collect(self._flying)
        if self._tags.contradict:
            raise self._sender.damaged(self._target)
        return [self._stored[part.number] for part in division]

    def settle(self) -> None:
        """Return when nothing is on its way any more; what waits is not sent."""
        for future in self._flying:
            future.cancel()
        wait(self._flying)

    def _is_known(self, part: Part) -> bool:
        """Return whether this very part has arrived, by what was noted then, so that it need not even be read."""
        etag = self._etag_of_arrived(part)
        return etag is not None and self._note is not None and self._note.etags.get(part.number) == etag

    def _etag_of_arrived(self, part: Part) -> str | None:
        arrived = self._arrived.get(part.number)
        return arrived.etag if arrived and arrived.length == part.length else None

    def _pass_over(self, part: Part) -> None:
        self._content.skip(part.length)
        etag = self._arrived[part.number].etag
        self._stored[part.number] = Sent(part.number, etag, _told_md5(etag))

    def _send(self, part: Part) -> None:
        read, send = partial(self._read, part), partial(self._deliver, part)
        self._flying.append(self._sender.submit(part.length, read, send))

    def _read(self, part: Part) -> bytes:
        self._collect([future for future in self._flying if future.done()])
        return read_exactly(self._content, part.length)

    def _collect(self, futures: list[Future[Sent]]) -> None:
        """Take in these results; the first error of one is raised."""
        for future in list(futures):
            sent = future.result()
            self._flying.remove(future)
            self._stored[sent.number] = sent

    def _deliver(self, part: Part, data: bytes) -> Sent:
        sent = self._found(part, data) or self._sender.send(self._target, part.number, data, self._tags)
        if self._note:
            self._note.add(sent.number, sent.etag)
        return sent

    def _found(self, part: Part, data: bytes) -> Sent | None:
        """Return the part if it had arrived before anybody noted that: then its etag is the MD5 of these bytes."""
        etag = self._etag_of_arrived(part)
        if etag is None or _told_md5(etag) != hashlib.md5(data, usedforsecurity=False).hexdigest():
            return None
        return Sent(part.number, etag, _told_md5(etag))


def _told_md5(etag: str) -> str:
    """Return the MD5 that an etag tells, nothing when it tells none."""
    bare = etag.strip('"')
    return bare if is_md5(bare) else ""
