"""The preview of a storage: which image it shows, when it is made anew, and what is kept of it."""

import stat as modes
import threading

import pytest

from app.browsing.previews import PreviewFiles, fingerprint
from app.browsing.service import BrowsingService
from app.errors import (
    AccessDenied,
    CheckFailed,
    ImageUnusable,
    ManifestUnusable,
    NoImages,
    NoManifest,
    NotFound,
    ObjectMissing,
    StorageFailure,
    StorageMissing,
)
from app.storages.memory import MemoryStorage
from tests.support.browsing import CONNECTION_ID, HEAD, manifest_of, put
from tests.support.jobs import settings_for
from tests.support.pictures import decoded, picture
from tests.support.storages import Reads, WrappedStorage

RED, BLUE, GREEN = (255, 0, 0), (0, 0, 255), (0, 255, 0)


def colour_of(jpeg):
    pixel = decoded(jpeg).getpixel((0, 0))
    return min((RED, BLUE, GREEN), key=lambda colour: sum(abs(a - b) for a, b in zip(pixel, colour, strict=True)))


@pytest.fixture
def filled(storage, connections):
    """A storage with a manifest that names a red picture first."""
    put(storage, "sub/m.jsonl", manifest_of(["red.png", "blue.png"]))
    put(storage, "sub/red.png", picture(colour=RED))
    put(storage, "sub/blue.png", picture(colour=BLUE))
    connections.change(manifests=("sub/m.jsonl",))
    return storage


@pytest.fixture
def preview(browsing, anna):
    return lambda: browsing.preview(anna, CONNECTION_ID)


@pytest.fixture
def kept(data_dir):
    return lambda: sorted(path.name for path in (data_dir / "previews").glob("*"))


class TestTheImage:
    @pytest.mark.usefixtures("filled")
    def test_is_the_first_of_the_manifest_in_the_manifest_s_folder(self, preview):
        image = decoded(preview())
        assert (image.format, image.size) == ("JPEG", (256, 128))
        assert colour_of(preview()) == RED

    def test_is_the_first_as_the_manifest_has_it_and_not_in_natural_order(self, filled, preview):
        put(filled, "sub/m.jsonl", manifest_of(["red.png", "9.png", "10.png"]))
        assert colour_of(preview()) == RED

    def test_is_of_the_first_manifest_that_names_one(self, filled, connections, preview):
        put(filled, "empty.jsonl", HEAD.encode())
        put(filled, "blue.jsonl", manifest_of(["sub/blue.png"]))
        connections.change(manifests=("empty.jsonl", "blue.jsonl", "sub/m.jsonl", "gone.jsonl"))
        assert colour_of(preview()) == BLUE

    def test_needs_no_more_of_the_manifest_than_its_start(self, filled, preview):
        put(filled, "sub/m.jsonl", manifest_of(["red.png"]) + b"nonsense")
        assert colour_of(preview()) == RED


class TestThereIsNone:
    def test_without_a_manifest(self, connections, preview):
        with pytest.raises(NoManifest):
            preview()
        assert connections.asked == 0

    def test_when_the_manifests_name_none(self, filled, connections, preview):
        for key, data in {"a.jsonl": b"", "b.jsonl": HEAD.encode()}.items():
            put(filled, key, data)
        connections.change(manifests=("a.jsonl", "b.jsonl"))
        with pytest.raises(NoImages):
            preview()

    @pytest.mark.parametrize("gone", ["sub/m.jsonl", "sub/red.png"])
    def test_when_an_object_is_missing_which_is_named(self, filled, preview, gone):
        preview()
        filled.delete([gone])
        with pytest.raises(CheckFailed) as caught:
            preview()
        assert caught.value.manifest == gone
        assert isinstance(caught.value.found, ObjectMissing)

    def test_when_an_object_is_forbidden_which_is_named(self, filled, connections, preview):
        class Forbidden(WrappedStorage):
            def read(self, key):
                if key.endswith(".png"):
                    raise AccessDenied("no")
                return self.inner.read(key)

        connections.storage = Forbidden(filled)
        with pytest.raises(CheckFailed) as caught:
            preview()
        assert caught.value.manifest == "sub/red.png"

    @pytest.mark.usefixtures("filled")
    def test_when_the_storage_is_gone(self, connections, preview):
        preview()
        connections.storage = MemoryStorage()
        with pytest.raises(StorageMissing):
            preview()

    def test_when_a_manifest_is_none(self, filled, preview):
        put(filled, "sub/m.jsonl", HEAD.encode() + b"nonsense")
        with pytest.raises(ManifestUnusable):
            preview()

    def test_when_the_image_is_broken_and_nothing_is_kept(self, filled, preview, kept):
        put(filled, "sub/red.png", b"no picture")
        for _ in range(2):
            with pytest.raises(ImageUnusable):
                preview()
        assert kept() == []

    def test_when_the_image_is_too_large_and_it_is_not_read(self, filled, connections, preview):
        class Huge(Reads):
            def stat(self, key):
                entry = self.inner.stat(key)
                return entry._replace(size=2**26 + 1) if key.endswith(".png") else entry

        connections.storage = reads = Huge(filled)
        with pytest.raises(ImageUnusable, match="bytes"):
            preview()
        assert reads.keys == ["sub/m.jsonl"]


class TestItIsKept:
    def test_and_neither_the_manifest_nor_the_image_is_read_again(self, filled, connections, preview, kept):
        connections.storage = reads = Reads(filled)
        assert preview() == preview() == preview()
        assert reads.keys == ["sub/m.jsonl", "sub/red.png"]
        assert len(kept()) == 1
        assert kept()[0].startswith(CONNECTION_ID + "-")

    def test_for_other_processes_too(self, filled, connections, anna, data_dir, preview):
        first = preview()
        connections.storage = reads = Reads(filled)
        another = BrowsingService(settings_for(data_dir), connections)
        assert another.preview(anna, CONNECTION_ID) == first
        assert reads.keys == ["sub/m.jsonl"]

    @pytest.mark.usefixtures("filled")
    def test_for_this_user_of_the_machine_only(self, preview, data_dir):
        preview()
        (file,) = (data_dir / "previews").iterdir()
        assert modes.S_IMODE(file.stat().st_mode) == 0o600
        assert modes.S_IMODE(file.parent.stat().st_mode) == 0o700

    def test_until_the_image_is_replaced(self, filled, preview, kept):
        preview()
        put(filled, "sub/red.png", picture(colour=GREEN))
        assert colour_of(preview()) == GREEN
        assert len(kept()) == 1

    def test_until_the_manifest_is_replaced(self, filled, preview, kept):
        preview()
        put(filled, "sub/m.jsonl", manifest_of(["blue.png"]))
        assert colour_of(preview()) == BLUE
        assert len(kept()) == 1

    def test_until_a_manifest_before_it_names_an_image(self, filled, connections, preview, kept):
        put(filled, "sub/first.jsonl", HEAD.encode())
        connections.change(manifests=("sub/first.jsonl", "sub/m.jsonl"))
        assert colour_of(preview()) == RED
        put(filled, "sub/first.jsonl", manifest_of(["blue.png"]))
        assert colour_of(preview()) == BLUE
        assert len(kept()) == 1

    def test_until_the_connection_leads_elsewhere(self, filled, connections, preview, kept):
        preview()
        connections.storage = reads = Reads(filled)
        connections.change(address={"bucket": "other"})
        preview()
        assert reads.keys == ["sub/m.jsonl", "sub/red.png"]
        assert len(kept()) == 1

    @pytest.mark.usefixtures("filled")
    @pytest.mark.parametrize("told", ["connection_deleted", "connection_changed"])
    def test_until_the_service_is_told(self, browsing, preview, kept, told, data_dir):
        preview()
        leftover = data_dir / "previews" / f".{CONNECTION_ID}-0.x.part"
        leftover.touch()
        getattr(browsing, told)("another")
        assert len(kept()) == 2
        getattr(browsing, told)(CONNECTION_ID)
        getattr(browsing, told)(CONNECTION_ID)
        assert kept() == []

    def test_not_of_a_connection_that_was_deleted_while_it_was_made(self, filled, connections, browsing, preview, kept):
        def delete(key):
            if key.endswith(".png"):
                connections.connection = None
                browsing.connection_deleted(CONNECTION_ID)

        connections.storage = Reads(filled, delete)
        with pytest.raises(NotFound):
            preview()
        assert kept() == []

    def test_not_of_an_image_that_was_replaced_between_the_look_and_the_reading(
        self, filled, connections, preview, kept
    ):
        def replace(key):
            if key.endswith(".png"):
                put(filled, key, picture(colour=GREEN))

        connections.storage = Reads(filled, replace)
        with pytest.raises(StorageFailure, match="Try again"):
            preview()
        assert kept() == []

    def test_on_a_disk_that_fails_it_is_made_each_time(self, filled, connections, preview, data_dir):
        data_dir.mkdir()
        (data_dir / "previews").write_text("a file in the folder's place")
        connections.storage = reads = Reads(filled)
        assert colour_of(preview()) == colour_of(preview()) == RED
        assert reads.keys == ["sub/m.jsonl", "sub/red.png", "sub/red.png"]

    @pytest.mark.usefixtures("filled")
    @pytest.mark.parametrize("damage", [lambda jpeg: jpeg[:0], lambda jpeg: jpeg[:100], lambda jpeg: b"\0" * len(jpeg)])
    def test_and_made_anew_when_the_file_was_damaged(self, preview, data_dir, damage):
        first = preview()
        (file,) = (data_dir / "previews").iterdir()
        file.write_bytes(damage(first))
        assert preview() == first
        assert file.read_bytes() == first


class TestFiles:
    def test_of_two_that_write_at_once_one_stays_whole(self, tmp_path):
        jpegs = [b"\xff\xd8" + bytes([number]) * 100_000 + b"\xff\xd9" for number in range(8)]
        start = threading.Barrier(8)

        def write(number):
            files = PreviewFiles(tmp_path)
            start.wait()
            for _ in range(20):
                files.keep(CONNECTION_ID, str(number), jpegs[number])
                assert files.get(CONNECTION_ID, str(number)) in (None, jpegs[number])

        threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        left = [path.read_bytes() for path in (tmp_path / "previews").iterdir()]
        assert len(left) <= 1
        assert all(jpeg in jpegs for jpeg in left)

    def test_of_another_connection_are_left_alone(self, tmp_path):
        files = PreviewFiles(tmp_path)
        jpeg = b"\xff\xd8\xff\xd9"
        files.keep("a", "1", jpeg)
        files.keep("b", "1", jpeg)
        files.keep("b", "2", jpeg)
        assert files.get("a", "1") == files.get("b", "2") == jpeg
        assert files.get("b", "1") is None

    def test_have_another_name_for_anything_that_is_another(self):
        made_of = [("a", "b"), ("ab", ""), (1.0, "a"), ("1.0", "a"), ("\udcff",), ("é",), ()]
        assert len({fingerprint(one) for one in made_of}) == len(made_of)
