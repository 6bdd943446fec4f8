"""Listing a bucket faster than page after page: pages are fetched ahead, and large folders side by side."""

import threading
from collections import deque
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import islice

from app.storages.base import Entry
from app.storages.s3.address import S3Address
from app.storages.s3.listing import Share, Stretch
from app.storages.s3.pages import Page, read_page
from app.storages.s3.requests import PageRequests

PAGES_AHEAD = 2
"""How many pages of one stretch are held, or under way, before the first of them is taken."""

FOLDERS_AT_ONCE = 4
"""Each hides a round trip to a server far away. On one machine with rclone, 2, 4 and 8 take the same time."""

KEYS_PER_FOLDER = 250
"""Folders with fewer keys than this, on average, are not worth a request each: one request brings 1,000 keys."""

LOOK_UP = 0.5
"""Seconds after which whoever waits for a page looks whether it is still wanted."""

MOST_PIECES = 10_000
"""Memory is bounded: a listing in so many pieces is not divided further."""


class Lister:
    """Lists one bucket. Thread-safe; several listings may run at once.

    Args:
        address: the bucket's address.
        connections: how many requests one listing may have under way.
        folders_at_once: how many folders one listing may fetch side by side.
        keys_per_folder: from how many keys on, on average, folders are fetched side by side.
    """

    def __init__(
        self,
        address: S3Address,
        connections: int,
        *,
        folders_at_once: int = FOLDERS_AT_ONCE,
        keys_per_folder: int = KEYS_PER_FOLDER,
    ) -> None:
        self._address = address
        self._at_once = max(1, min(folders_at_once, connections))
        self._keys_per_folder = keys_per_folder
        self._requests = PageRequests(address, connections)

    def entries(self, prefix: str = "", after: str = "") -> Iterator[Entry]:
        """Yield the entries, keys strictly ascending.

        Held are at most `PAGES_AHEAD` pages for each folder fetched at once, the page at hand, and the keys right
        beside the folders above it. No thread outlives the requests under way; when the listing is left early, by an
        exception too, they are dropped as soon as their next bytes arrive.

        Raises:
            ListingBroken: the pages prove to be incomplete or out of order.
            StorageError: a page cannot be had. Either way the entries before that place have been yielded.
        """
        pages = _Pages(self._address, self._requests, self._at_once, self._keys_per_folder)
        try:
            for page in pages.of(Stretch(self._address, prefix, after)):
                yield from page
        finally:
            pages.stop()

    def close(self) -> None:
        """Close the connections that are not in use; harmless when called twice."""
        self._requests.close()


class _Piece:
    """A piece of the listing and what was fetched of it.

    Args:
        stretch: where it comes from.
        known: its entries where they are all there already.

    Attributes:
        is_in_hand: a thread has it; nobody else touches its stretch meanwhile.
        asks_folders: whether its next request is for the names of its folders; None before its first page.
    """

    def __init__(self, stretch: Stretch, known: Sequence[Entry] = ()) -> None:
        self.stretch = stretch
        self.is_known = self.is_complete = bool(known)
        self.pages = deque([known] if known else [])
        self.is_in_hand = False
        self.asks_folders: bool | None = None
        self.error: BaseException | None = None

    @property
    def is_spent(self) -> bool:
        """Whether nothing more will come of it."""
        return self.is_complete and not self.pages

    @property
    def is_open(self) -> bool:
        """Whether a thread may take it in hand."""
        return not (self.is_in_hand or self.error or self.is_complete) and len(self.pages) < PAGES_AHEAD


class _Pages:
    """One listing under way: its pieces in order, and threads that live only while there is a page to fetch.

    A piece is changed under the lock, or by the thread that has it in hand.
    """

    def __init__(self, address: S3Address, requests: PageRequests, at_once: int, keys_per_folder: int) -> None:
        self._address, self._requests = address, requests
        self._at_once, self._keys_per_folder = at_once, keys_per_folder
        self._stopped = threading.Event()
        self._changed = threading.Condition()
        self._pieces: list[_Piece] = []
        self._held = 0  #: pages under way, and fetched ones that wait to be taken
        self._threads = 0

    def of(self, stretch: Stretch) -> Iterator[Sequence[Entry]]:
        """Yield the pages of entries, in order."""
        self._pieces.append(_Piece(stretch))
        with self._changed:
            first = self._claimed()
        if first is not None:
            self._fetch(first)  # most listings are one page: no thread is started for it
        while (page := self._taken()) is not None:
            yield page

    def stop(self) -> None:
        """Drop everything; the threads end by themselves."""
        self._stopped.set()
        with self._changed:
            self._pieces.clear()

    def _taken(self) -> Sequence[Entry] | None:
        """Return the next page once it is there, None at the end; raise what befell the piece whose turn it is."""
        with self._changed:
            while self._pieces:
                head = self._pieces[0]
                if head.pages:
                    return self._page_of(head)
                if head.error is not None:
                    raise head.error
                self._hire()
                while not self._changed.wait(LOOK_UP):
                    self._address.require_wanted()
        return None

    def _page_of(self, head: _Piece) -> Sequence[Entry]:
        page = head.pages.popleft()
        self._held -= not head.is_known
        self._drop_spent()
        self._hire()
        return page

    def _drop_spent(self) -> None:
        """Have the piece whose turn it is come first, after every change."""
        while self._pieces and self._pieces[0].is_spent:
            self._pieces.pop(0)

    def _hire(self) -> None:
        while self._threads < self._at_once and (piece := self._claimed()) is not None:
            self._threads += 1
            threading.Thread(target=self._work, args=(piece,), name="listing", daemon=True).start()

    def _claimed(self) -> _Piece | None:
        """Take the first piece in hand for which there is room.

        For the piece whose turn it is there always is: the others leave room for all of its pages ahead.
        """
        if self._stopped.is_set():
            return None
        has_room = self._held < PAGES_AHEAD * (self._at_once - 1)
        for piece in islice((piece for piece in self._pieces if not piece.is_complete), self._at_once):
            if piece.is_open and (has_room or piece is self._pieces[0]):
                piece.is_in_hand = True
                self._held += 1
                return piece
        return None

    def _work(self, piece: _Piece | None) -> None:
        while piece is not None:
            self._fetch(piece)
            with self._changed:
                piece = self._claimed()
                self._threads -= piece is None

    def _fetch(self, piece: _Piece) -> None:
        """Do the next request of a piece in hand, and put down what came of it."""
        entries: Sequence[Entry] = ()
        shares: list[Share] | None = None
        try:
            if piece.asks_folders:
                shares = self._shares(piece)
            else:
                entries = self._entries(piece)
        except BaseException as error:  # noqa: BLE001  # carried over to the thread that takes the pages
            piece.error = error
        with self._changed:
            self._put_down(piece, entries, shares)
            self._changed.notify_all()

    def _entries(self, piece: _Piece) -> Sequence[Entry]:
        entries = piece.stretch.accept(self._ask(piece.stretch.query))
        if piece.asks_folders is None:
            piece.asks_folders = piece.stretch.has_large_folders(self._keys_per_folder)
        return entries

    def _shares(self, piece: _Piece) -> list[Share] | None:
        piece.asks_folders = False
        page = self._ask(piece.stretch.folder_query)
        return piece.stretch.split(page) if len(page.folders) + len(self._pieces) <= MOST_PIECES else None

    def _ask(self, query: dict[str, str]) -> Page:
        return self._requests.ask(query, partial(read_page, self._address), self._stopped)

    def _put_down(self, piece: _Piece, entries: Sequence[Entry], shares: list[Share] | None) -> None:
        piece.is_in_hand = False
        if entries:
            piece.pages.append(entries)
        else:
            self._held -= 1
        piece.is_complete = piece.error is None and (piece.stretch.is_complete or shares is not None)
        if shares is not None and not self._stopped.is_set():
            place = self._pieces.index(piece) + 1
            self._pieces[place:place] = [
                _Piece(share) if isinstance(share, Stretch) else _Piece(piece.stretch, share) for share in shares
            ]
        self._drop_spent()
