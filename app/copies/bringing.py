"""Carries objects into the library, from a bucket, an upload or the web: whole, and converted as was asked for."""

from contextlib import ExitStack
from functools import partial
from pathlib import Path

from app.cancellation import CancelToken
from app.connections.contract import OPERATOR
from app.copies.carrying import Carried
from app.copies.contract import AUTO, Copy, CopyState
from app.copies.lines import converted
from app.copies.receiving import NewFile, Receiver
from app.copies.rows import conversion_of
from app.copies.sniffing import file_type_of
from app.errors import NotFound, StorageFailure, StorageFull
from app.library.contract import Item, ItemState
from app.library.service import LibraryService


class IntoLibrary:
    """The `Carrier` of copies whose target is an item of the library.

    Args:
        library: has the items.
        receiver: brings what they are made from.
        stops_the_job: see `Carrier`.
    """

    def __init__(
        self,
        library: LibraryService,
        receiver: Receiver,
        stops_the_job: tuple[type[Exception], ...] = (StorageFull,),
    ) -> None:
        self.stops_the_job = stops_the_job
        self._library, self._filling = library, library.filling
        self._receiver = receiver

    def turn_of(self, copy: Copy) -> str | None:  # noqa: ARG002  # the protocol's
        """Let each come when there is room: items have no names that could be taken."""
        return None

    def carry(self, copy: Copy, token: CancelToken) -> Carried:
        """Bring the file of one item; see `Carrier`."""
        item = None if copy.item_number is None else self._filling.begin(copy.item_number)
        if item is None:
            return ended_before(self._library, copy)
        with ExitStack() as files:
            return self._brought(copy, item, partial(self._new_file, files, item.number), token)

    def _brought(self, copy: Copy, item: Item, new_file: NewFile, token: CancelToken) -> Carried:
        received, conversion = self._receiver.receive(copy, item, new_file, token), conversion_of(copy.options)
        room = self._filling.room(item.number) if conversion.decompress else None
        path = converted(received.path, conversion, new_file, room, token.raise_if_cancelled)
        file_type = file_type_of(path, item.name) if conversion.file_type == AUTO else conversion.file_type
        token.raise_if_cancelled()
        arrived = self._filling.arrive(item.number, path, file_type)
        if arrived is None:
            return ended_before(self._library, copy)
        return Carried(CopyState.DONE, arrived.size, arrived.sha256, untold=received.untold)

    def _new_file(self, files: ExitStack, item_number: int) -> Path:
        return files.enter_context(self._filling.arriving(item_number))


def ended_before(library: LibraryService, copy: Copy) -> Carried:
    """Tell of an item that no file is wanted for: somebody let it go, or an attempt that died had filled it.

    Raises:
        StorageFailure: its file had failed to come.
    """
    try:
        item = library.item(OPERATOR, copy.item_number or 0, kind=None)
    except NotFound:
        return _UNWANTED
    if item.state is ItemState.READY and not item.purged:
        return Carried(CopyState.DONE, item.size, item.sha256)
    if item.state is ItemState.FAILED:
        raise StorageFailure(item.message)
    return _UNWANTED


_UNWANTED = Carried(CopyState.CANCELLED, message="The item is not wanted any more.")
