"""The product's services in one process, with a user who has connected his account at the fake Google."""

from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

from app.copies.drive.contract import DriveImport
from app.grants.contract import Provider
from app.grants.origins import own_callback
from app.jobs.threads import ThreadRunner
from app.library.contract import CollectionKind, NewItem
from tests.support.copying import Copying

DRIVE_READONLY = "https://www.googleapis.com/auth/drive.readonly"
DRIVE_FILE = "https://www.googleapis.com/auth/drive.file"


class Driving(Copying):
    """All services on one data folder, and the connection of a user; no job runs until `run` is called."""

    def __init__(self, data_dir, fake, **settings):
        scopes = f"openid {DRIVE_READONLY} {DRIVE_FILE}"
        super().__init__(data_dir, **{**fake.settings, "GOOGLE_SCOPES": scopes, **settings})
        self.fake = fake
        self.drives = self.services.drive_copies
        fake.redirect_uris.add(own_callback(self.services.settings, Provider.GOOGLE_DRIVE))
        self.connection_id = self.connected(self.anna)

    def another_runner(self):
        """Run jobs in this process once more, after `drain` has ended the first runner."""
        services = self.services
        runner = ThreadRunner(services.database, services.box, services.handlers, services.settings)
        self.jobs.tell(runner)
        runner.start()
        self.runners.append(runner)

    def connected(self, caller):
        """Have a user connect the account; return the id of the connection."""
        begun = self.services.grants.begin(caller, Provider.GOOGLE_DRIVE, None, None)
        answer = parse_qs(urlsplit(self.fake.consent(begun.url)).query)
        completed = self.services.grants.complete(
            caller, Provider.GOOGLE_DRIVE, answer["code"][0], answer["state"][0], None
        )
        return completed.grant.connection_id

    def brought(self, *files, **wishes):
        """Import files, named by their ids or given as `DriveImport`; return what came of the request."""
        named = [each if isinstance(each, DriveImport) else DriveImport(each) for each in files]
        return self.drives.import_files(self.anna, self.connection_id, named, **wishes)

    def ended_job(self, job):
        """Return an import or an export once it has ended."""
        self.finished(job)
        return self.drives.job(self.anna, job.id)

    def imported(self, *files, **wishes):
        """Import files, and return the job at its end."""
        return self.ended_job(self.brought(*files, **wishes).job)

    def exported(self, *items, **where):
        """Export images, and return the job at its end."""
        ids = [item.id for item in items]
        return self.ended_job(self.drives.export_items(self.anna, self.connection_id, ids, **where))

    def images(self, *files, caller=None, **attributes):
        """Put images with these names and bytes into the library; return them."""
        caller = caller or self.anna
        collection = self.library.image_collection(caller, None)
        found = []
        for name, data in files:
            found.append(self._image(caller, collection.number, name, data, attributes))
        return found

    def image(self, copy):
        """Return the image that a copy has filled."""
        return self.library.item(self.anna, copy.item_number, CollectionKind.IMAGES)

    def stored(self, copy):
        """Return the file that an export has made."""
        return self.fake.drive.files[copy.stored_key]

    def named(self, name):
        """Return all files of this name that are in the account, in the bin or not."""
        return [file for file in self.fake.drive.files.values() if file.name == name]

    def _image(self, caller, collection_number, name, data, attributes):
        new = NewItem(name=name, attributes=attributes)
        (item,) = self.library.add_items(caller, collection_number, [new], CollectionKind.IMAGES)
        with self.library.filling.arriving(item.number) as path:
            path.write_bytes(data)
            return self.library.filling.arrive(item.number, path)


@contextmanager
def driving(data_dir, fake, **settings):
    """Put the services together; all of it ends with the block."""
    one = Driving(data_dir, fake, **settings)
    try:
        yield one
    finally:
        one.close()
