"""The product's services in one process, with users, connections and an S3 server, for tests of synchronisations."""

from contextlib import contextmanager

from app.bootstrap import build_services
from app.settings import Settings
from tests.support.empty_database import with_database
from tests.support.jobs import eventually
from tests.support.people import People, new_connection
from tests.support.servers import ACCESS_KEY


class Synchronising:
    """All services on one data folder; nothing runs until `run` is called."""

    def __init__(self, data_dir, **settings):
        environ = {"DATA_DIR": str(data_dir), "UPLOADS_DIR": str(data_dir / "uploads")}
        environ |= {"STORAGE_URL": "http://127.0.0.1:9", "MINIO_ACCESS_KEY": "nobody", "MINIO_SECRET_KEY": "nothing"}
        environ |= {name: str(value) for name, value in settings.items()}
        self.services = build_services(Settings.load(environ, with_database(data_dir) / "no.env"))
        self.people = People(self.services.database)
        self.jobs = self.services.jobs
        self.schedules = self.services.schedules
        self.connections = self.services.connections
        self.synchronisation = self.services.synchronisation
        self.storages = self.services.storages

    def connection(self, caller, server=None, bucket="photos", organisation_id=None):
        """Make a connection of this caller, to a bucket of ``server`` or to one that does not answer."""
        if server is None:
            return self.connections.create(caller, new_connection(organisation_id, bucket=bucket))
        credentials = {"access_key": ACCESS_KEY, "secret_key": server.secret_key}
        new = new_connection(organisation_id, endpoint=server.endpoint, bucket=bucket, credentials=credentials)
        return self.connections.create(caller, new)

    def schedule(self, connection):
        return self.schedules.get(f"connection:{connection.id}")

    def unfinished(self):
        return self.jobs.list(include_finished=False, limit=100)

    def look(self):
        """Have the scheduler look, as its thread does each second."""
        self.services.scheduler.look()

    def make_due(self, connection):
        self.schedules.due_now(f"connection:{connection.id}")

    def run(self):
        self.services.runner.start()

    def finished(self, job, seconds=60):
        """Return the job once it has finished."""

        def look():
            now = self.jobs.get(job.id)
            return now if now.state.is_final else None

        return eventually(look, seconds)

    def synchronised(self, caller, connection):
        """Synchronise now; return the job once it has finished."""
        return self.finished(self.synchronisation.run_now(caller, connection.id))

    def mirrored(self, connection):
        """Return the files of the mirror, by their paths."""
        folder = self.synchronisation.folder(connection.id)
        return {
            str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
        }

    def close(self):
        self.services.scheduler.stop(10)
        self.services.runner.drain(10)
        self.services.database.close()


@contextmanager
def synchronising(data_dir, **settings):
    """Put the services together; all of it ends with the block."""
    one = Synchronising(data_dir, **settings)
    try:
        yield one
    finally:
        one.close()
