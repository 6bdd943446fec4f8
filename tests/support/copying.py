"""The product's services in one process, with users, histories, buckets and uploads, for tests of copy jobs."""

import io
from contextlib import contextmanager

from app.copies.contract import BucketPlace, CopyKind, CopyQuery, Import, Wanted
from app.copies.handler import CopyHandler
from app.jobs.threads import ThreadRunner
from app.library.contract import CollectionKind, NewItem
from tests.support.buckets import Bucket
from tests.support.synchronisation import Synchronising


class GivenPlaces:
    """Storages by the name of their bucket, in the place of what connections and authorizations lead to."""

    def __init__(self, storages):
        self._storages = storages

    def opened(self, place, target, owner_id, *, writes, token=None):  # noqa: ARG002  # as `Places`
        return self._storages[place.bucket]


class Copying(Synchronising):
    """All services on one data folder, and a user with a history; no job runs until `run` is called."""

    def __init__(self, data_dir, **settings):
        super().__init__(data_dir, **settings)
        self.copies = self.services.copies
        self.library = self.services.library
        self.anna = self.people.user("anna")
        self.history = self.history_of(self.anna)
        self.runners = []

    def run_on(self, **storages):
        """Run jobs, on these storages instead of those that connections lead to: each has the name of a bucket."""
        services = self.services
        handler = CopyHandler(services.settings, services.database, self.library, GivenPlaces(storages))
        runner = ThreadRunner(services.database, services.box, {"copy": handler}, services.settings)
        self.jobs.tell(runner)
        runner.start()
        self.runners.append(runner)
        return runner

    def close(self):
        for runner in self.runners:
            runner.drain(10)
        super().close()

    def history_of(self, caller):
        """Make a history and return its number."""
        return self.library.create_collection(caller, CollectionKind.HISTORY, "a history").number

    def place(self, bucket, caller=None):
        """Return a bucket as a place, by a new connection."""
        connection = self.connection(caller or self.anna, bucket.server, bucket.name)
        return BucketPlace(bucket=bucket.name, connection=connection.id)

    def nowhere(self, bucket="photos"):
        """Return a place whose storage does not answer."""
        connection = self.connection(self.anna, bucket=bucket)
        return BucketPlace(bucket=connection.bucket, connection=connection.id)

    def upload(self, data, name="a file", caller=None):
        """Send a file here and return the id of the upload."""
        caller = caller or self.anna
        upload = self.library.uploads.create(caller, len(data), name)
        if data:
            self.library.uploads.append(caller, upload.id, 0, io.BytesIO(data).read)
        return upload.id

    def filled(self, *files, caller=None, history=None):
        """Put items with these names and bytes into a history; return them."""
        caller, history = caller or self.anna, history or self.history
        items = self.library.add_items(caller, history, [NewItem(name=name) for name, _ in files])
        for item, (_, data) in zip(items, files, strict=True):
            with self.library.filling.arriving(item.number) as path:
                path.write_bytes(data)
                self.library.filling.arrive(item.number, path)
        return [self.library.item(caller, item.number) for item in items]

    def wanted(self, items):
        """Return these items as what is to be sent, each under its name."""
        return [Wanted(item.number, item.name) for item in items]

    def job_of(self, copy):
        return self.finished(self.jobs.get(copy.job_id))

    def ended(self, copies):
        """Let the jobs of these copies end; return the copies as they are then."""
        for job_id in {copy.job_id for copy in copies}:
            self.finished(self.jobs.get(job_id))
        return [self.copies.show(self.anna, copy.number) for copy in copies]

    def arrived(self, items):
        """Let the jobs that fill these items end; return the items as they are then."""
        self.ended([self.made_by(item) for item in items])
        return [self.library.item(self.anna, item.number) for item in items]

    def made_by(self, item):
        """Return the copy that fills an item."""
        wanted = CopyQuery(kinds=[CopyKind.GET, CopyKind.IMPORT], item_number=item.number)
        return self.copies.find(self.anna, wanted)[0]

    def data(self, item):
        """Return the bytes of an item."""
        with self.library.filling.read(item.number) as content:
            data = content.read()
            content.verify()
        return data

    def imported(self, *uploads):
        """Bring these uploads, named by their bytes, and return items and copies."""
        imports = [Import(name=name, upload=self.upload(data, name)) for name, data in uploads]
        return self.copies.bring(self.anna, self.history, imports)

    def leftovers(self):
        """Return the files that something under way has left in the library, by their paths."""
        root = self.services.settings.data_dir / "library"
        folders = [root / "arriving", root / "uploads"]
        return [str(path.relative_to(root)) for folder in folders for path in folder.rglob("*") if path.is_file()]


@contextmanager
def copying(data_dir, **settings):
    """Put the services together; all of it ends with the block."""
    one = Copying(data_dir, **settings)
    try:
        yield one
    finally:
        one.close()


@contextmanager
def bucket_of_its_own(server, name):
    """Make a bucket; it is gone when the block ends."""
    bucket = Bucket(server, name)
    try:
        yield bucket
    finally:
        bucket.drop()
        bucket.close()
