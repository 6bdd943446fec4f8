"""Keys and contents to write: odd keys, whole contents, and ones that fail at a chosen place."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from app.storages.base import Storage
from app.storages.memory import MemoryContent

MIB = 1024 * 1024

KEYS = ["a!b", "a.txt", "a/b", "a/c/d", "a/c.d", "a0", "b", "é", "\uffee", "\U0001f600"]

# Beyond ASCII and U+FFFF, code points, UTF-8 bytes and UTF-16 units order differently.
ODD = [
    pytest.param("sp ace", id="space"),
    pytest.param(" lead", id="leading space"),
    pytest.param("trail ", id="trailing space"),
    pytest.param("pct%41", id="what looks escaped"),
    pytest.param("a+b", id="plus"),
    pytest.param("a#b?c*d~e\\f", id="marks of URLs and shells"),
    pytest.param("'single' \"double\"", id="quotes"),
    pytest.param("<a>&amp;&", id="marks of XML"),
    pytest.param("caf\u00e9", id="composed"),
    pytest.param("cafe\u0301", id="decomposed"),
    pytest.param("\U0001f600/\U0001f468\u200d\U0001f469", id="emoji"),
    pytest.param("line\u2028separator", id="line separator"),
    pytest.param("no\u00a0break\u3000wide", id="spaces beyond ASCII"),
    pytest.param("⧵0A⧵E2⧵A7⧵B5⧵FF", id="spelt bytes"),
    pytest.param("a:b|c;d=e,f@g$h(i)[j]{k}^l`m", id="the rest of ASCII"),
    pytest.param("-rf", id="what looks like an option"),
    pytest.param(".hidden", id="leading dot"),
    pytest.param("dot.", id="trailing dot"),
    pytest.param("x" * 255, id="the longest name"),
    pytest.param("/".join(["y" * 40] * 24), id="nearly the longest key"),
    pytest.param("/".join("d" * 400), id="deep folders"),
]


@lru_cache(maxsize=2)
def bytes_of(size: int) -> bytes:
    """Return bytes that look random and are the same each time; to be asked for where they are needed, and not kept."""
    cipher = Cipher(algorithms.AES(size.to_bytes(16, "big")), modes.CTR(bytes(16)))  # six times as fast as `random`
    return cipher.encryptor().update(bytes(size))


def content(data: bytes = b"") -> MemoryContent:
    """Return a content that can be read."""
    return MemoryContent(data, modified_ns=1_700_000_000_250_000_000)


def digest(data: bytes) -> str:
    """Return something short to compare long contents by, so that a failing assertion can be read."""
    return hashlib.sha256(data).hexdigest()


class FailingContent(MemoryContent):
    """Raises ``error`` as soon as ``good`` bytes were read, or from `verify` when there are no more to read.

    Args:
        before: called before an error is raised from `read`; who reads ahead of other threads waits for them by it.
    """

    def __init__(self, size: int, good: int, error: BaseException, before: Callable[[], object] = lambda: None) -> None:
        super().__init__(bytes_of(size), modified_ns=0)
        self._good = good
        self._error = error
        self._before = before

    def read(self, n: int = -1, /) -> bytes:
        if self._stream.tell() >= self._good:
            self._before()
            raise self._error
        return super().read(min(n, 256 * 1024) if n >= 0 else 256 * 1024)

    def verify(self) -> None:
        raise self._error


def fill(storage: Storage, keys: Sequence[str]) -> None:
    """Store an object under each key, of which it holds the bytes."""
    with ThreadPoolExecutor(8) as pool:
        for written in pool.map(lambda key: storage.write(key, content(key.encode())), keys):
            assert written.size == len(written.key.encode())


def ordered(keys: Iterable[str]) -> list[str]:
    """Return keys in the order of a listing."""
    return sorted(keys, key=str.encode)
