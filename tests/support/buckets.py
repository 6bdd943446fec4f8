"""Buckets as any other client fills and empties them."""

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager

from tests.support.servers import Server
from tests.support.trees import bucket_client, bucket_objects


class Bucket:
    """A bucket of a test's own; to be closed.

    Args:
        server: where it is made.
        name: of the bucket, which must not be there.
    """

    def __init__(self, server: Server, name: str) -> None:
        self.server, self.name = server, name
        self._client = bucket_client(server)
        self._client.create_bucket(Bucket=name)

    def put(self, objects: Mapping[str, bytes]) -> None:
        """Store these objects under their keys."""
        for key, data in objects.items():
            self._client.put_object(Bucket=self.name, Key=key, Body=data)

    def delete(self, *keys: str) -> None:
        """Delete the objects of these keys."""
        for key in keys:
            self._client.delete_object(Bucket=self.name, Key=key)

    def drop(self) -> None:
        """Delete the bucket with the up to 1,000 objects in it."""
        for item in self._client.list_objects_v2(Bucket=self.name).get("Contents", []):
            self.delete(item["Key"])
        self._client.delete_bucket(Bucket=self.name)

    def close(self) -> None:
        self._client.close()


@contextmanager
def own_bucket(server: Server, name: str, objects: Mapping[str, bytes] | None = None) -> Iterator[Bucket]:
    """Make a bucket with these objects, and remove it at the end unless the test has."""
    with closing(Bucket(server, name)) as bucket:
        bucket.put(objects or {})
        yield bucket
        if bucket_objects(server, name) is not None:
            bucket.drop()
