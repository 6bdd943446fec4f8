"""What a test has the fake Google do wrong, or late: which request it meets, and how the answer to it differs."""

import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.gcs_answers import Answer, Seen

Match = str | Callable[[Seen], bool]
"""Which requests: a pattern that is searched in ``METHOD /path?query`` as it was sent, or a function of the request."""

LONGEST = 300
"""Seconds after which what a test waits for has not come, and what a test holds goes on."""


def meets(match: Match, seen: Seen) -> bool:
    """Tell whether a request is one of those."""
    if callable(match):
        return match(seen)
    return re.search(match, f"{seen.method} {seen.headers['X-Target']}") is not None


class Held:
    """A place where requests wait for a test. Thread-safe; leaving it as a context manager lets them go."""

    def __init__(self) -> None:
        self._arrived, self._released = threading.Event(), threading.Event()

    def wait(self) -> None:
        """Stay until `release`, for `LONGEST` seconds at most."""
        self._arrived.set()
        self._released.wait(LONGEST)

    def arrived(self, seconds: float = 90) -> None:
        """Wait until a request is here; AssertionError after ``seconds``."""
        assert self._arrived.wait(seconds), f"no request came within {seconds} s"

    def release(self) -> None:
        """Let all go on, also those that come later."""
        self._released.set()

    def __enter__(self) -> "Held":
        return self

    def __exit__(self, *_: object) -> None:
        self.release()


@dataclass(eq=False)
class Fault:
    """How the answer to some requests differs.

    Attributes:
        match: which requests.
        times: how many of them are left.
        answer: sent instead.
        drops: the connection ends without an answer.
        after: the request takes effect before that.
        held: where it waits: before it takes effect, or with ``after`` before it is answered.
        keep: how many bytes of a piece of a resumable upload are stored.
        cut: the connection ends after so many bytes of the body.
        piece: the body comes in pieces of so many bytes, a hundredth of a second apart.
        stalled: where the body waits after its first ``piece`` bytes.
    """

    match: Match
    times: int = 1
    answer: Answer | None = None
    drops: bool = False
    after: bool = False
    held: Held | None = None
    keep: int | None = None
    cut: int | None = None
    piece: int | None = None
    stalled: Held | None = None

    def pieces(self, body: bytes) -> Iterator[bytes]:
        """Yield the body as it is sent."""
        body = body if self.cut is None else body[: self.cut]
        if self.piece is None:
            yield body
            return
        yield body[: self.piece]
        if self.stalled is not None:
            self.stalled.wait()
            yield body[self.piece :]
            return
        for begin in range(self.piece, len(body), self.piece):
            threading.Event().wait(0.01)
            yield body[begin : begin + self.piece]


NO_FAULT = Fault(match="$^", times=0)


@dataclass
class Faults:
    """What is still to go wrong, first told first done; a request meets one fault at most. Thread-safe."""

    waiting: list[Fault] = field(default_factory=list)
    _held: list[Held] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, fault: Fault) -> None:
        """Have it happen."""
        with self._lock:
            self.waiting.append(fault)
            self._held += [held for held in (fault.held, fault.stalled) if held is not None]

    def met_by(self, seen: Seen) -> Fault:
        """Return the fault of a request, which has then happened once more."""
        with self._lock:
            for fault in self.waiting:
                if meets(fault.match, seen):
                    fault.times -= 1
                    if fault.times == 0:
                        self.waiting.remove(fault)
                    return fault
        return NO_FAULT

    def end(self) -> None:
        """Have nothing go wrong any more, and let go whatever is held."""
        with self._lock:
            self.waiting, held = [], self._held
        for one in held:
            one.release()


def told_headers(headers: Mapping[str, str] | None, body: Any) -> dict[str, str]:
    """Return the headers of a scripted answer: the type follows from the body unless it is given."""
    kind = "application/json; charset=UTF-8" if isinstance(body, dict) else "text/html; charset=UTF-8"
    return {"Content-Type": kind, **(headers or {})}
