"""Items in the library of a running service, put there without a job: by the library itself, on the service's files."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.accounts.authentication import Authentication
from app.db import Database, SqliteDatabase
from app.library.contract import CollectionKind, Item, NewItem
from app.library.service import LibraryService
from app.settings import Settings
from tests.support.service import Person, Service


class Shelf:
    """What one person has in the library of a running service."""

    def __init__(self, database: Database, settings: Settings, person: Person) -> None:
        self.library = LibraryService(database, settings)
        self.caller = Authentication(database, settings).by_key(person.key)

    def history(self, name: str = "A history") -> int:
        """Make a history; return its number."""
        return self.library.create_collection(self.caller, CollectionKind.HISTORY, name).number

    def waiting(self, history: int, name: str = "a.txt", **more: Any) -> Item:
        """Make an item without a file."""
        [item] = self.library.add_items(self.caller, history, [NewItem(name=name, **more)])
        return item

    def ready(self, history: int, name: str = "a.txt", content: bytes = b"content", **more: Any) -> Item:
        """Make an item with a file."""
        number, filling = self.waiting(history, name, **more).number, self.library.filling
        assert filling.begin(number) is not None
        with filling.arriving(number) as path:
            path.write_bytes(content)
            item = filling.arrive(number, path)
        assert item is not None
        return item


@contextmanager
def shelf_of(service: Service, person: Person) -> Iterator[Shelf]:
    """Open the library of a running service for one person."""
    settings = Settings.load(service.environ, Path(service.environ["DATA_DIR"]) / "no.env")
    database = SqliteDatabase(settings.data_dir / "sluice.db")
    try:
        yield Shelf(database, settings, person)
    finally:
        database.close()
