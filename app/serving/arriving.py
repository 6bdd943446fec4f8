"""Whether so much of a request has come that a thread can answer it without waiting for its sender; nothing waits here.

What is unsound or odd counts as complete: gunicorn parses the same bytes again, and it alone judges them.
"""

import re

HEAD_BYTES = 128 * 1024
"""Longer heads are refused; gunicorn has limits of its own for each line, and for their number."""

BODY_BYTES = 1024 * 1024
"""Longer bodies do not wait here: they are refused by their length alone, or read bit by bit by who wants them."""

_CHUNKS_BYTES = BODY_BYTES + BODY_BYTES // 8  # sizes and ends of chunks beside what they hold
_LINE_BYTES = 8190
_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*0*+([0-9]{0,18})[ \t]*(?=\r\n)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding:[^\r\n]*chunked", re.IGNORECASE)
_RESUMABLE = re.compile(rb"\r\ncontent-type:[ \t]*application/offset\+octet-stream", re.IGNORECASE)  # tus
_EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*(?=\r\n)", re.IGNORECASE)
_OLD = re.compile(rb"[^\r]* HTTP/1\.0\r\n")
_SIZE = re.compile(rb"[0-9a-fA-F]++(?=[ \t]*(?:;|$))")


class Arriving:
    """The bytes of one request, as they come.

    Attributes:
        is_complete: whether a thread may have it now.
        has_head: whether its head has come, so that only its body may be missing.
        is_too_long: its head has no end within `HEAD_BYTES`, or its chunks are hardly more than their sizes.
        wants_word: its sender waits for "100 Continue" before it sends the body; whoever reads this sends that.
    """

    def __init__(self) -> None:
        self._data = bytearray()
        self._at = 0  # in the head: how far was looked; in a chunked body: where the next chunk begins
        self._needs: int | None = None
        self._in_chunks = 0
        self._is_last = False  # the chunk without content has begun
        self.is_complete = self.has_head = self.is_too_long = self.wants_word = False

    def __len__(self) -> int:
        return len(self._data)

    def add(self, piece: bytes) -> None:
        """Take what has come."""
        self._data += piece
        if not self.has_head:
            self._look_for_head()
        if self.has_head and not self.is_complete:
            self.is_complete = self._has_body()

    def taken(self) -> bytes:
        """Return all that has come, and keep nothing of it."""
        data, self._data = bytes(self._data), bytearray()
        return data

    def _look_for_head(self) -> None:
        start = 2 if self._data.startswith(b"\r\n") else 0  # an empty line before a request is passed over
        end = self._data.find(_END, max(start, self._at - 3))
        seen, self._at = self._at, len(self._data)
        if end >= 0:
            self.has_head = True
            self._begin_body(end + len(_END))
        elif self._data.count(b"\n", seen) != self._data.count(b"\r\n", max(0, seen - 1)):
            self.has_head = self.is_complete = True  # it never ends as it should, and is refused at once
        elif len(self._data) > HEAD_BYTES:
            self.is_too_long = True

    def _begin_body(self, begin: int) -> None:
        head = bytes(self._data[: begin - 2])
        length = _LENGTH.search(head)
        if head.startswith(b"PATCH ") and _RESUMABLE.search(head):
            self.is_complete = True  # of an upload that breaks off stays what came: it is read as it comes
        elif _CHUNKED.search(head):
            self._at = begin
        elif length and int(length[1] or b"0") <= BODY_BYTES:
            self._needs = begin + int(length[1] or b"0")
        else:
            self.is_complete = True
        expects = None if self.is_complete or _OLD.match(head) else _EXPECTS.search(head)
        if expects:
            self._let_it_send(*expects.span())

    def _let_it_send(self, begin: int, end: int) -> None:
        """Take the wish out of the head, or gunicorn would fulfil it a second time."""
        del self._data[begin:end]
        self._at -= end - begin
        if self._needs is not None:
            self._needs -= end - begin
        self.wants_word = True

    def _has_body(self) -> bool:
        if self._needs is not None:
            return len(self._data) >= self._needs
        has_all = self._has_all_chunks()
        self.is_too_long = not has_all and len(self._data) > _CHUNKS_BYTES and self._in_chunks <= BODY_BYTES
        return has_all or (len(self._data) > _CHUNKS_BYTES and not self.is_too_long)

    def _has_all_chunks(self) -> bool:
        while not self._is_last and (end := self._data.find(b"\r\n", self._at)) >= 0:
            found = _SIZE.match(bytes(self._data[self._at : end]))
            if found is None:
                return True
            size = int(found[0], 16)
            self._is_last = size == 0
            self._in_chunks += size
            self._at = end + 2 + size + 2 if size else end
        return self._has_end() if self._is_last else len(self._data) - self._at > _LINE_BYTES

    def _has_end(self) -> bool:
        has_end = self._data.find(_END, self._at) >= 0
        self._at = max(self._at, len(self._data) - 3)
        return has_end
