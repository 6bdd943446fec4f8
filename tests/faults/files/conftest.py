"""One service for all tests, before an S3 server that they may meddle with; each has a folder and a bucket of its own."""

import hashlib

import pytest

from tests.support.meddling import meddling
from tests.support.service import running_service
from tests.support.trees import bucket_client, bucket_objects


class Mirrored:
    """A folder below UPLOADS_DIR and the bucket that it is mirrored with."""

    def __init__(self, service, proxy, name):
        self.service, self.proxy, self.source, self.bucket = service, proxy, name, name
        self.folder = service.uploads / name
        self.folder.mkdir()

    def start(self, **parameters):
        """Start a job; return its id."""
        return self.service.sync(**{"source": self.source, "dest": self.bucket} | parameters)["id"]

    def mirror(self, **parameters):
        """Run a job to its end; return state and reason."""
        return self.end_of(self.start(**parameters))

    def end_of(self, job_id):
        """Return state and reason of a job once it has finished."""
        job = self.service.finished(job_id)
        return job["status"], job["reason"]

    def steps(self, job_id):
        """Return status and reason of each key that a job has done something with."""
        steps = self.service.get("/steps", id=job_id, limit=1000)
        return {step["key"]: (step["status"], step["reason"]) for step in steps}

    @property
    def objects(self):
        return bucket_objects(self.proxy.server, self.bucket)

    @property
    def open_uploads(self):
        """The keys of the multipart uploads that are open in the bucket."""
        client = bucket_client(self.proxy.server)
        try:
            return [each["Key"] for each in client.list_multipart_uploads(Bucket=self.bucket).get("Uploads", [])]
        finally:
            client.close()


@pytest.fixture(scope="session")
def standing(tmp_path_factory, rclone):
    with meddling(rclone) as proxy, running_service(tmp_path_factory.mktemp("files"), proxy.as_server) as service:
        yield service, proxy


@pytest.fixture
def mirrored(standing, request):
    service, proxy = standing
    yield Mirrored(service, proxy, "files-" + hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:16])
    proxy.forget()
