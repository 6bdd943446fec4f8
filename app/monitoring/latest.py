"""Keeps many who ask from waiting for one who does not answer: one question at a time, on a thread of its own."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Found(Generic[T]):
    value: T
    at: float


@dataclass(frozen=True, slots=True)
class _Question(Generic[T]):
    began: float
    answer: Future[T]


class Latest(Generic[T]):
    """What was found last, and is looked for once in a while, however many ask. Thread-safe.

    Args:
        name: of the thread.
        find: looks; it may take for ever, and nothing else is begun meanwhile.
        patience: seconds that anybody waits for it.
        fresh: seconds for which it is not looked for again.
    """

    def __init__(self, name: str, find: Callable[[], T], patience: float, fresh: float = 1.0) -> None:
        self._name = name
        self._find = find
        self._patience = patience
        self._fresh = fresh
        self._lock = threading.Lock()  # held for moments alone
        self._found: _Found[T] | None = None
        self._question: _Question[T] | None = None

    def get(self) -> T | None:
        """Return what was found, a few seconds old at most; None when the looking takes longer than the patience.

        Whoever comes when the patience with a question has ended does not wait at all.

        Raises:
            Exception: what `find` has raised.
        """
        with self._lock:
            age = time.monotonic() - self._found.at if self._found else float("inf")
            is_good = age < self._fresh + (self._patience if self._question else 0)
            if self._found and is_good:
                return self._found.value
            question = self._question = self._question or self._asked()
        try:
            return question.answer.result(max(0.0, question.began + self._patience - time.monotonic()))
        except TimeoutError:
            return None

    def _asked(self) -> _Question[T]:
        question: _Question[T] = _Question(time.monotonic(), Future())
        threading.Thread(target=self._look, args=(question.answer,), name=self._name, daemon=True).start()
        return question

    def _look(self, answer: Future[T]) -> None:
        try:
            found = self._find()
        except Exception as error:  # noqa: BLE001  # whoever asks gets it
            self._end(self._found)
            answer.set_exception(error)
        else:
            self._end(_Found(found, time.monotonic()))
            answer.set_result(found)

    def _end(self, found: _Found[T] | None) -> None:
        with self._lock:
            self._found, self._question = found, None
