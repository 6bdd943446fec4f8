"""Looking around in real buckets, with the services as every entrance has them."""

import shutil

import pytest

from app.bootstrap import build_services
from app.browsing.contract import ContentQuery
from app.connections.contract import OPERATOR, Changes, CredentialsForm, NewConnection
from app.errors import CheckFailed, NoManifest, NotFound, StorageMissing, StorageUnreachable
from app.storages.base import Rights
from tests.support.browsing import manifest_of
from tests.support.buckets import Bucket
from tests.support.jobs import settings_for
from tests.support.pictures import decoded, picture
from tests.support.servers import ACCESS_KEY, black_hole, rclone_server
from tests.support.trees import make_empty_files

pytestmark = pytest.mark.slow


@pytest.fixture
def services(tmp_path):
    services = build_services(settings_for(tmp_path / "data"))
    yield services
    services.database.close()


@pytest.fixture
def connect(services):
    def made(server, bucket, **more):
        credentials = {"access_key": ACCESS_KEY, "secret_key": server.secret_key}
        address = {"endpoint": server.endpoint, "bucket": bucket, "region": "us-east-1", **more.pop("address", {})}
        new = NewConnection("s3", bucket, address, credentials, form=CredentialsForm.KEYS, **more)
        return services.connections.create(OPERATOR, new).id

    return made


@pytest.fixture
def pages(services):
    def all_of_them(connection_id, prefix="", manifest=None, limit=500):
        found, token = [], None
        while True:
            page = services.browsing.content(OPERATOR, connection_id, ContentQuery(prefix, limit, token, manifest))
            found.append([item.name + ("/" if item.is_folder else "") for item in page.items])
            token = page.next_token
            if token is None:
                return found

    return all_of_them


@pytest.fixture(params=["rclone", "moto"])
def bucket(request):
    bucket = Bucket(request.getfixturevalue(request.param), "looked-at")
    yield bucket
    bucket.drop()
    bucket.close()


OBJECTS = {
    "top.txt": b"text",
    "sub/image_1.png": picture(colour=(255, 0, 0)),
    "sub/image_2.png": picture(),
    "sub/deep/x.png": picture(),
    "sub/m.jsonl": manifest_of(["image_1.png", "image_10.png", "image_2.png", "deep/x.png"]),
}


def test_a_bucket_is_looked_at(services, connect, pages, bucket):
    bucket.put(OBJECTS)
    one = connect(bucket.server, bucket.name, manifests=["sub/m.jsonl"])

    assert pages(one) == [["sub/", "top.txt"]]
    assert pages(one, "sub/") == [["deep/", "image_1.png", "image_2.png", "m.jsonl"]]
    assert pages(one, "sub/im", limit=1) == [["image_1.png"], ["image_2.png"]]
    assert pages(one, "sub/", "sub/m.jsonl", limit=3) == [["deep/", "image_1.png", "image_2.png"], ["image_10.png"]]
    assert services.browsing.rights(OPERATOR, one) == Rights(reads=True, writes=True)
    preview = decoded(services.browsing.preview(OPERATOR, one))
    assert (preview.format, preview.size) == ("JPEG", (256, 128))
    assert preview.getpixel((0, 0))[0] > 200
    with pytest.raises(CheckFailed) as caught:
        pages(one, manifest="gone.jsonl")
    assert caught.value.manifest == "gone.jsonl"


def test_the_default_prefix_is_where_it_begins(connect, pages, bucket):
    bucket.put(OBJECTS)
    one = connect(bucket.server, bucket.name, address={"prefix": "sub/im"})

    assert pages(one) == [["image_1.png", "image_2.png"]]
    assert pages(one, "s") == [["sub/"]]
    assert pages(one, "other/") == [[]]


def test_a_change_and_a_deletion_take_the_preview_along(services, connect, bucket, tmp_path):
    bucket.put(OBJECTS)
    one = connect(bucket.server, bucket.name, manifests=["sub/m.jsonl"])
    folder = tmp_path / "data" / "previews"

    services.browsing.preview(OPERATOR, one)
    assert len(list(folder.iterdir())) == 1
    services.connections.change(OPERATOR, one, Changes(address={"endpoint": bucket.server.endpoint, "bucket": "gone"}))
    assert list(folder.iterdir()) == []
    with pytest.raises(StorageMissing):
        services.browsing.preview(OPERATOR, one)
    services.connections.change(
        OPERATOR, one, Changes(address={"endpoint": bucket.server.endpoint, "bucket": bucket.name})
    )
    services.browsing.preview(OPERATOR, one)
    services.connections.delete(OPERATOR, one)
    assert list(folder.iterdir()) == []
    with pytest.raises(NotFound):
        services.browsing.preview(OPERATOR, one)


def test_without_a_manifest_nothing_is_asked(services, connect, rclone):
    with pytest.raises(NoManifest):
        services.browsing.preview(OPERATOR, connect(rclone, "not-there"))


def test_a_storage_that_never_answers_is_waited_for_no_longer_than_promised(services, connect, rclone):
    with black_hole() as address:
        one = connect(rclone, "silent", address={"endpoint": address})
        with pytest.raises(StorageUnreachable):
            services.browsing.rights(OPERATOR, one)


def test_a_large_bucket_is_paged(connect, pages, tmp_path):
    """In folders, whose keys are on two pages each; of 100,000 keys: tests/api/test_cvat_content.py."""
    names = [f"{number:06}.png" for number in range(10_000)]
    with rclone_server(tmp_path / "server") as server:
        bucket = tmp_path / "server" / "objects" / "large"
        for folder in range(100):
            make_empty_files(bucket / f"{folder:02}", names[folder * 100 : folder * 100 + 100])
        one = connect(server, "large")
        assert pages(one, limit=30) == [
            [f"{folder:02}/" for folder in range(n, min(n + 30, 100))] for n in (0, 30, 60, 90)
        ]
        found = [page for folder in range(100) for page in pages(one, f"{folder:02}/", limit=50)]
    shutil.rmtree(bucket)

    assert {len(page) for page in found} == {50}
    assert [name for page in found for name in page] == names
