"""Imports from a Drive and exports to it in a running service that is killed in the middle: each file comes once."""

from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from app.bootstrap import build_services
from app.copies.contract import CopyState
from app.copies.drive.contract import DriveImport
from app.grants.contract import Provider
from app.grants.origins import own_callback
from app.library.contract import CollectionKind, CollectionQuery, ItemQuery, ItemState, NewItem
from app.settings import Settings
from tests.support.driving import DRIVE_FILE, DRIVE_READONLY
from tests.support.google_fake import google
from tests.support.service import eventually

pytestmark = pytest.mark.slow

FILES = 60
FOLDER = "application/vnd.google-apps.folder"


class World:
    """A running service, and a person in it who has connected his account; what he asks for, another process asks."""

    def __init__(self, service, fake):
        self.service, self.fake = service, fake
        settings = Settings.load(service.environ, Path("no.env"))
        fake.redirect_uris.add(own_callback(settings, Provider.GOOGLE_DRIVE))
        self.services = build_services(settings)
        self.library, self.drives = self.services.library, self.services.drive_copies
        self.person = service.person("anna")
        service.session.headers.update(self.person.headers)
        self.anna = self.services.authentication.by_key(self.person.key)
        self.connection_id = self._connected()

    def _connected(self):
        begun = self.services.grants.begin(self.anna, Provider.GOOGLE_DRIVE, None, None)
        answer = parse_qs(urlsplit(self.fake.consent(begun.url)).query)
        code, state = answer["code"][0], answer["state"][0]
        done = self.services.grants.complete(self.anna, Provider.GOOGLE_DRIVE, code, state, None)
        return done.grant.connection_id

    def images(self, contents):
        """Put images of these bytes into the library, and return their ids."""
        collection = self.library.image_collection(self.anna, "to be sent").number
        new = [NewItem(name=f"f{number:03}") for number in range(len(contents))]
        items = self.library.add_items(self.anna, collection, new, CollectionKind.IMAGES)
        for item, data in zip(items, contents, strict=True):
            with self.library.filling.arriving(item.number) as path:
                path.write_bytes(data)
                self.library.filling.arrive(item.number, path)
        return [item.id for item in items]

    def data(self, item):
        """Return the bytes of an image."""
        with self.library.filling.read(item.number) as content:
            return content.read()

    def done(self, job_id):
        """Return how many files of a job are done."""
        return sum(copy.state is CopyState.DONE for copy in self.drives.job(self.anna, job_id).copies)

    def killed_in_the_middle(self, job_id, held):
        """Kill the service while requests are held, let these go on without it, and start it again."""
        held.arrived()
        eventually(lambda: self.done(job_id) > 10, what="some files")
        self.service.kill()
        before = self.done(job_id)
        assert 10 < before < FILES
        held.release()
        self.service.start()
        return before

    def ended(self, job_id):
        """Return a job once it has ended."""

        def look():
            job = self.drives.job(self.anna, job_id)
            return job if job.job.state.is_final else None

        return eventually(look, 60, "the end of the job")


@pytest.fixture
def world(start):
    with google() as fake:
        scopes = f"openid {DRIVE_READONLY} {DRIVE_FILE}"
        service = start(**fake.settings, GOOGLE_SCOPES=scopes, DRIVE_MULTIPART_LIMIT="300")
        with closed(World(service, fake)) as world:
            yield world


@contextmanager
def closed(world):
    try:
        yield world
    finally:
        world.services.database.close()


CONTENTS = [b"content %d " % number * (1 + number % 50) for number in range(FILES)]


def test_after_kill_9_an_import_goes_on_and_brings_each_file_once(world):
    ids = [world.fake.drive.add(f"f{number:03}", data) for number, data in enumerate(CONTENTS)]
    with world.fake.hold(rf"({'|'.join(ids[20:40])}).*alt=media", times=20) as held:
        answer = world.drives.import_files(
            world.anna, world.connection_id, [DriveImport(each) for each in ids], "brought", ["drive"]
        )
        before = world.killed_in_the_middle(answer.job.id, held)
        asked = len(world.fake.asked("alt=media"))
        job = world.ended(answer.job.id)

    assert (job.job.state, job.job.message) == ("succeeded", f"{FILES} copied.")
    assert len(world.fake.asked("alt=media")) - asked <= FILES - before
    (collection,) = world.library.collections(world.anna, CollectionKind.IMAGES, CollectionQuery())
    items = world.library.items(world.anna, ItemQuery(collection_number=collection.number), CollectionKind.IMAGES)
    assert [item.number for item in items] == [copy.item_number for copy in job.copies]
    assert {item.state for item in items} == {ItemState.READY}
    assert [world.data(item) for item in items] == CONTENTS


@pytest.mark.parametrize("after", [False, True], ids=["before they are made", "before it hears that they are made"])
def test_after_kill_9_an_export_goes_on_and_makes_each_file_once(world, after):
    images = world.images(CONTENTS)
    with world.fake.hold(r"^(POST|PUT) /upload/", times=20, after=after) as first:
        first.release()
        held = world.fake.hold(r"^(POST|PUT) /upload/", times=8, after=after)
        job = world.drives.export_items(world.anna, world.connection_id, images, None, "Aionvision Export")
        world.killed_in_the_middle(job.id, held)
        ended = world.ended(job.id)

    assert (ended.job.state, ended.job.message) == ("succeeded", f"{FILES} copied.")
    files = world.fake.drive.files
    made = [files[copy.stored_key] for copy in ended.copies]
    assert [file.data for file in made] == CONTENTS
    (folder,) = [file for file in files.values() if file.mime_type == FOLDER and file.name == "Aionvision Export"]
    assert {file.parent for file in made} == {folder.id}
    assert len([file for file in files.values() if file.parent == folder.id]) == FILES


@pytest.mark.parametrize("after", [False, True], ids=["before it is made", "before it hears that it is made"])
def test_after_kill_9_an_export_makes_its_folder_once(world, after):
    with world.fake.hold(r"^POST /drive/v3/files", after=after) as held:
        job = world.drives.export_items(world.anna, world.connection_id, world.images([b"1"]), None, "once")
        held.arrived()
        world.service.kill()
        held.release()
        world.service.start()
        (copy,) = world.ended(job.id).copies

    files = world.fake.drive.files
    (folder,) = [file for file in files.values() if file.name == "once"]
    assert files[copy.stored_key].parent == folder.id


def test_neither_shows_up_among_the_jobs_and_datasets_of_galaxy(world):
    file_id = world.fake.drive.add("a", b"1")
    answer = world.drives.import_files(world.anna, world.connection_id, [DriveImport(file_id, "mine")])
    (image,) = world.images([b"1"])
    job = world.drives.export_items(world.anna, world.connection_id, [image])
    world.ended(answer.job.id)
    world.ended(job.id)

    assert world.service.get("/api/jobs") == []
    assert world.service.get("/api/histories") == []
    assert [step["key"] for step in world.service.get("/steps", id=answer.job.id)] == ["mine"]
    assert [step["key"] for step in world.service.get("/steps", id=job.id)] == ["f000"]
