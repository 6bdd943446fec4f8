"""rclone doubles U+201B in names that it reads anew: a second name of an object must not take the object along."""

import pytest

from app.errors import KeyRefused
from app.storages.s3 import S3Storage
from tests.conformance.contents import content


@pytest.fixture
def storage(moto):
    storage = S3Storage(moto.bucket("second-names"))
    storage.create()
    yield storage
    storage.delete([entry.key for entry in storage.list()][::-1])
    storage.close()


def test_what_may_be_another_name_of_an_object_is_not_deleted(storage):
    for key in ("bell‛07", "bell‛‛07"):
        storage.write(key, content(b"x"))
    kept = storage.delete(["bell‛‛07"])
    assert isinstance(kept["bell‛‛07"], KeyRefused)
    assert [entry.key for entry in storage.list()] == ["bell‛07", "bell‛‛07"]


def test_a_doubled_mark_without_such_an_object_is_a_key_like_any_other(storage):
    storage.write("bell‛‛07", content(b"x"))
    assert storage.delete(["bell‛‛07"]) == {}
    assert list(storage.list()) == []
