"""A library on a real database and a real folder, and its users."""

import pytest

from app.library.contract import CollectionKind, NewItem
from app.library.files import LibraryFiles
from app.library.service import LibraryService
from app.library.sweeping import LibrarySweep
from tests.support.empty_database import opened_database
from tests.support.jobs import settings_for
from tests.support.people import People


class Shelf:
    """One service of the library, and what tests do with it again and again."""

    def __init__(self, settings):
        self.settings = settings
        self.database = opened_database(settings)
        self.people = People(self.database)
        self.library = LibraryService(self.database, settings)

    @property
    def files(self):
        """The files of items that are on the disk."""
        return sorted(path for path in (self.settings.data_dir / "library" / "files").rglob("*") if path.is_file())

    @property
    def arriving(self):
        """What is being written."""
        return sorted((self.settings.data_dir / "library" / "arriving").glob("*"))

    def history(self, owner, name="a history"):
        return self.library.create_collection(owner, CollectionKind.HISTORY, name).number

    def waiting(self, owner, history, *names):
        """Make items without a file; return their numbers."""
        made = self.library.add_items(owner, history, [NewItem(name=name) for name in names or ["a.txt"]])
        return [item.number for item in made]

    def fill(self, number, content=b"content", **words):
        """Bring a file; return what `arrive` returns."""
        with self.library.filling.arriving(number) as path:
            path.write_bytes(content)
            return self.library.filling.arrive(number, path, **words)

    def ready(self, owner, history, name="a.txt", content=b"content"):
        """Make an item with a file; return its number."""
        [number] = self.waiting(owner, history, name)
        assert self.fill(number, content) is not None
        return number

    def bytes_of(self, number):
        with self.library.filling.read(number) as content:
            data = content.read()
            content.verify()
        return data

    def sweep(self):
        """Do the chores as if an hour had passed."""
        for chore in LibrarySweep(self.database, LibraryFiles(self.settings.data_dir), patience_seconds=0).chores:
            chore()

    def quota(self, user, quota):
        self.people.change(user, quota=quota)


@pytest.fixture
def settings(tmp_path):
    return settings_for(tmp_path / "data")


@pytest.fixture
def new_shelf(settings):
    """Make services of one DATA_DIR, as several processes would; all are closed at the end."""
    made = []

    def make(given=settings):
        made.append(Shelf(given))
        return made[-1]

    yield make
    for shelf in made:
        shelf.database.close()


@pytest.fixture
def shelf(new_shelf):
    return new_shelf()


@pytest.fixture
def library(shelf):
    return shelf.library


@pytest.fixture
def ann(shelf):
    return shelf.people.user("ann")


@pytest.fixture
def bob(shelf):
    return shelf.people.user("bob")


@pytest.fixture
def admin(shelf):
    return shelf.people.user("admin", role="admin")
