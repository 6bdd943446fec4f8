"""A resumable upload in the protocol that Google's APIs share: a session that takes one piece after the other."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from itertools import chain, repeat
from typing import Protocol
from urllib.parse import SplitResult, parse_qsl, urlsplit

from app.errors import StorageError
from app.storages.base import Content
from app.storages.contents import read_exactly
from app.storages.http_api.exchange import Answer, Request
from app.storages.http_api.meanings import ANYTHING_ELSE, FORGOTTEN, Meaning, Passing

PIECE = 8 * 1024 * 1024
"""Bytes, a multiple of 256 KiB as Google wants it; one piece is in memory for each object under way."""

_UNDER_WAY = 308
_IS_GONE = (404, 410)
_ENDED = (200, 204, *_IS_GONE, 499)


class Line(Protocol):
    """What a session is sent by. Thread-safe."""

    @property
    def foreign(self) -> Meaning:
        """What an answer means that none of the API's servers would give."""
        ...

    def once(self, request: Request) -> Answer:
        """Send a request once; raises `Passing` where another attempt may help, else a `StorageError`."""
        ...

    def ask(self, request: Request) -> Answer:
        """Send a request until it is answered; raises a `StorageError`."""
        ...

    def until_answered(self, attempt: Callable[[], Answer]) -> Answer:
        """Do something until it does not raise `Passing`, with waits between; raises a `StorageError`."""
        ...

    def tell(self, meaning: Meaning, key: str, code: str) -> StorageError:
        """Return the error of a meaning."""
        ...


class Session:
    """A resumable upload. Used by one thread at a time.

    Args:
        line: sends the requests.
        key: of the object that it shall make, for messages.
        request: leads to the session.
        size: bytes of the whole object; not none, since a piece of none cannot be told.
    """

    def __init__(self, line: Line, key: str, request: Request, size: int) -> None:
        self._line, self._key, self._request, self._size = line, key, request, size

    def send(self, data: bytes, at: int, headers: Mapping[str, str]) -> Answer:
        """Send one piece until the server has it.

        Args:
            data: the piece.
            at: how many bytes are before it.
            headers: to go with its end.

        Raises:
            ObjectMissing: the server knows the session no more.
            StorageError: it does not take the piece.
        """
        begin, end = at, at + len(data)
        while True:  # what has arrived begins the attempts anew
            answer = self._moved(data[begin - at :], begin, headers)
            is_complete = answer.status != _UNDER_WAY
            arrived = self._size if is_complete else self._arrived(answer)
            if arrived == end and is_complete == (end == self._size):
                return answer
            if not begin < arrived < end:
                raise self._stuck()
            begin = arrived

    def cancel(self) -> None:
        """End it, so that what it has taken is removed; harmless where it has ended. Google answers 499 to that.

        Raises:
            Passing, StorageError: it may go on; it is asked once.
        """
        self._line.once(self._asking("DELETE", {}, (), _ENDED))

    def _moved(self, data: bytes, begin: int, headers: Mapping[str, str]) -> Answer:
        """Send until the server is elsewhere than at ``begin``; after the first attempt, it is asked where it is."""
        span = f"bytes {begin}-{begin + len(data) - 1}/{self._size}"
        request = self._asking("PUT", {**headers, "Content-Range": span}, [data])
        is_repeat = chain([False], repeat(True))
        return self._line.until_answered(
            lambda: self._resumed(request, begin) if next(is_repeat) else self._sent(request, begin)
        )

    def _sent(self, request: Request, begin: int) -> Answer:
        answer = self._known(self._line.once(request))
        if self._stands(answer, begin):
            raise Passing(self._stuck())
        return answer

    def _resumed(self, request: Request, begin: int) -> Answer:
        where = self._asking("PUT", {"Content-Range": f"bytes */{self._size}"}, ())
        answer = self._known(self._line.ask(where))
        return self._sent(request, begin) if self._stands(answer, begin) else answer

    def _stands(self, answer: Answer, begin: int) -> bool:
        return answer.status == _UNDER_WAY and self._arrived(answer) == begin

    def _stuck(self) -> StorageError:
        return self._line.tell(ANYTHING_ELSE, self._key, "an upload that does not go on")

    def _known(self, answer: Answer) -> Answer:
        if answer.status in _IS_GONE:
            raise self._line.tell(FORGOTTEN, self._key, str(answer.status))
        return answer

    def _arrived(self, answer: Answer) -> int:
        """Return how many bytes the server has, told by an answer that more are wanted; without a range it has none."""
        told = answer.headers.get("Range")
        if told is None:
            return 0
        match = re.fullmatch(r"bytes=0-([0-9]{1,15})", told)
        if match is None:
            raise self._line.tell(self._line.foreign, self._key, "a range that is none")
        return int(match[1]) + 1

    def _asking(
        self, method: str, headers: Mapping[str, str], body: Sequence[bytes], accepted: tuple[int, ...] = ()
    ) -> Request:
        path, query = self._request.path, self._request.query
        good = accepted or (200, 201, _UNDER_WAY, *_IS_GONE)
        return Request(method, path, query, headers, body, key=self._key, accepted=good)


def send_content(
    session: Session,
    content: Content,
    take: Callable[[bytes], None],
    at_the_end: Callable[[], Mapping[str, str]] = dict,
) -> Answer:
    """Send all of a content, and return the answer to its last piece, which makes the object.

    The last piece is sent only once ``content`` has been verified. Whatever is raised, the session is cancelled, and
    what it had taken is gone; where it cannot be cancelled, Google forgets it within a week.

    Args:
        session: to which nothing was sent yet.
        content: of more than no bytes.
        take: is given each piece before it is sent.
        at_the_end: gives the headers of the last piece, once all were taken.
    """
    try:
        return _send_all(session, content, take, at_the_end)
    except BaseException:
        with suppress(StorageError, Passing):
            session.cancel()
        raise


def _send_all(
    session: Session, content: Content, take: Callable[[bytes], None], at_the_end: Callable[[], Mapping[str, str]]
) -> Answer:
    at = 0
    while True:
        data = read_exactly(content, min(PIECE, content.size - at))
        take(data)
        is_last = at + len(data) == content.size
        if is_last:
            content.verify()
        answer = session.send(data, at, at_the_end() if is_last else {})
        at += len(data)
        del data  # or it would stay in memory beside the next one
        if is_last:
            return answer


def followed(location: str, endpoint: str, path: str) -> Request | None:
    """Return a request to where a session is said to be; None: that is elsewhere, and no byte or token may go there.

    Args:
        location: as the server told it.
        endpoint: a URL whose scheme, host and port it must have.
        path: which it must have too.
    """
    try:
        told = urlsplit(location)
        is_ours = _origin(told) == _origin(urlsplit(endpoint)) and told.path == path
    except ValueError:
        return None
    return Request("PUT", path, dict(parse_qsl(told.query, keep_blank_values=True))) if is_ours else None


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or {"http": 80, "https": 443}.get(parts.scheme)
