"""Small pictures of single objects, for whoever looks through a folder of images."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.browsing.decoder import Decoder
from app.browsing.objects import looking_at
from app.browsing.picturing import MAX_BYTES
from app.browsing.places import PATIENCE_SECONDS, RETRY_AFTER
from app.connections.shares import Shares
from app.errors import CheckFailed, ImageUnusable, TooBusy
from app.storages.base import Storage

ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff")

_IN_MEMORY = 4
_AGAIN_SECONDS = 1


class Thumbnails:
    """Makes them, two at once, with four images in memory. Thread-safe.

    A page of images asks for all of them at once. Whoever waits here holds a thread of the server, so that no more than
    a quarter of ``threads`` may wait, and of one person no more than three quarters of those. Of the images in memory
    one is always left to others too: who reads from a storage that never answers keeps nobody else waiting.

    Args:
        threads: how many requests this process serves at once.
        decoder: what makes images small; one of its own, so that previews and thumbnails do not wait for each other.
    """

    def __init__(self, threads: int, decoder: Decoder | None = None) -> None:
        waiting = max(2, threads // 4)
        self._waiting = Shares(waiting, max(1, waiting * 3 // 4))
        self._in_memory = Shares(_IN_MEMORY, _IN_MEMORY * 3 // 4)
        self._decoder = decoder or Decoder()

    def made(self, who: int, read: Callable[[], bytes]) -> bytes:
        """Return the small picture of an image.

        Args:
            who: the id of the person who asks.
            read: returns the image; what it raises is raised here.

        Raises:
            ImageUnusable: it is broken, of an unknown kind or too large.
            TooBusy: too many are being made, for this person or for all.
        """
        if not self._waiting.take(who, 0):
            raise TooBusy(_AGAIN_SECONDS)
        try:
            with self._room(who):
                return self._decoder.thumbnail(read())
        finally:
            self._waiting.give_back(who)

    @contextmanager
    def _room(self, who: int) -> Iterator[None]:
        if not self._in_memory.take(who, PATIENCE_SECONDS):
            raise TooBusy(RETRY_AFTER)
        try:
            yield
        finally:
            self._in_memory.give_back(who)


def has_image_name(key: str) -> bool:
    """Return whether a key ends as that of an image does."""
    return key.lower().endswith(ENDINGS)


def require_image_name(key: str) -> None:
    """Return when a key ends as that of an image does.

    Raises:
        ImageUnusable: it does not.
    """
    if not has_image_name(key):
        raise ImageUnusable(f"Only names that end with {', '.join(ENDINGS)} are taken for images.")


def read_image(storage: Storage, key: str) -> bytes:
    """Return all bytes of an object.

    Raises:
        ImageUnusable: they are too many to be looked at.
        StorageError: of the storage, or about this object.
    """
    try:
        with looking_at(storage, key), storage.read(key) as content:
            if content.size > MAX_BYTES:
                raise ImageUnusable(f"It has {content.size:,} bytes, and {MAX_BYTES:,} are the most that is read.")
            data = content.read()
            content.verify()
            return data
    except CheckFailed as error:
        raise error.found from None
