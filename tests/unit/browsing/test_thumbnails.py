"""Small pictures of single objects: which are made, of which no byte is read, and how many at once."""

import threading

import pytest

from app.browsing.decoder import Decoder
from app.browsing.places import Places
from app.browsing.thumbnails import Thumbnails, has_image_name
from app.errors import AccessDenied, ImageUnusable, ObjectMissing, StorageFailure, StorageMissing, TooBusy
from app.storages.memory import MemoryContent, MemoryStorage
from tests.support.browsing import CONNECTION_ID, put
from tests.support.pictures import decoded, picture
from tests.support.storages import Reads, WrappedStorage


@pytest.fixture
def thumbnail(browsing, anna):
    return lambda key: browsing.thumbnail(anna, CONNECTION_ID, key)


class Huge(Reads):
    """Says that each object is larger than any image that is read."""

    def read(self, key):
        content = super().read(key)
        content.size = 64 * 1024 * 1024 + 1
        return content


class CutShort(WrappedStorage):
    def read(self, key):
        whole = self.inner.read(key)
        content = MemoryContent(whole.read()[:-9], 0, whole.mark)
        content.size = whole.size
        return content


class Forbidden(WrappedStorage):
    def read(self, key):
        raise AccessDenied(f"You may not read {key}.")


@pytest.mark.parametrize(
    ("name", "is_image"),
    [
        *(
            (f"a/b.{ending}", True)
            for ending in ("jpg", "jpeg", "png", "webp", "gif", "bmp", "tif", "tiff", "PNG", "JpG")
        ),
        *((name, False) for name in ("", "png", "a.txt", "a.png.txt", "a.png/", "a.svg", "a.pdf", "a png")),
    ],
)
def test_images_are_told_by_the_end_of_their_names(name, is_image):
    assert has_image_name(name) is is_image


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
def test_an_image_becomes_a_small_jpeg(storage, thumbnail, kind):
    put(storage, "a/b.png", picture((800, 400), kind))
    made = decoded(thumbnail("a/b.png"))
    assert (made.format, made.size) == ("JPEG", (256, 128))


@pytest.mark.parametrize(
    "data", [b"", b"<svg onload='alert(1)'/>", picture()[:60]], ids=["nothing", "no image", "half of one"]
)
def test_what_is_no_image_is_refused(storage, thumbnail, data):
    put(storage, "a.png", data)
    with pytest.raises(ImageUnusable):
        thumbnail("a.png")


def test_what_is_not_called_an_image_is_not_read(storage, connections, thumbnail):
    put(storage, "a.txt", picture())
    with pytest.raises(ImageUnusable, match="end with"):
        thumbnail("a.txt")
    assert connections.asked == 0


def test_what_is_too_large_is_not_read_to_its_end(storage, connections, thumbnail):
    put(storage, "a.png", picture())
    connections.storage = Huge(storage)
    with pytest.raises(ImageUnusable, match="bytes"):
        thumbnail("a.png")


def test_an_object_that_is_not_there_is_missing(thumbnail):
    with pytest.raises(ObjectMissing):
        thumbnail("gone.png")


@pytest.mark.parametrize(
    ("prefix", "is_shown"), [("a/", True), ("a", True), ("a/b", True), ("b/", False), ("a/c", False)]
)
def test_what_lies_outside_of_the_prefix_is_missing(storage, connections, thumbnail, prefix, is_shown):
    put(storage, "a/b.png", picture())
    connections.change(address={"bucket": "photos", "prefix": prefix})
    if is_shown:
        assert decoded(thumbnail("a/b.png")).format == "JPEG"
        return
    with pytest.raises(ObjectMissing, match="prefix"):
        thumbnail("a/b.png")
    assert connections.asked == 0


@pytest.mark.parametrize(("wrapper", "error"), [(Forbidden, AccessDenied), (CutShort, StorageFailure)])
def test_what_the_storage_does_not_give_is_its_error(storage, connections, thumbnail, wrapper, error):
    put(storage, "a.png", picture())
    connections.storage = wrapper(storage)
    with pytest.raises(error):
        thumbnail("a.png")


def test_a_storage_that_is_gone_is_told(connections, thumbnail):
    connections.storage = MemoryStorage()
    with pytest.raises((StorageMissing, ObjectMissing)):
        thumbnail("a.png")


class Held:
    """Reads that wait until the test lets them go on."""

    def __init__(self):
        self.begun, self.go_on = threading.Semaphore(0), threading.Event()

    def read(self):
        self.begun.release()
        assert self.go_on.wait(30)
        return picture()


@pytest.fixture
def held():
    return Held()


def asking(thumbnails, who, held, answers):
    def ask():
        try:
            answers.append(thumbnails.made(who, held.read))
        except TooBusy as error:
            answers.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    return thread


def test_of_one_person_so_many_wait_and_no_more_and_others_come_all_the_same(held):
    thumbnails, answers = Thumbnails(16, Decoder(Places(1, patience=30))), []
    threads = [asking(thumbnails, 1, held, answers) for _ in range(3)]
    for _ in threads:
        assert held.begun.acquire(timeout=30)
    with pytest.raises(TooBusy) as caught:
        thumbnails.made(1, held.read)
    other = asking(thumbnails, 2, held, answers)
    assert held.begun.acquire(timeout=30)
    with pytest.raises(TooBusy):
        thumbnails.made(3, held.read)
    held.go_on.set()
    for thread in (*threads, other):
        thread.join()

    assert caught.value.retry_after == 1
    assert [decoded(jpeg).format for jpeg in answers] == ["JPEG"] * 4


def test_whose_storage_never_answers_leaves_room_for_the_images_of_others(held):
    thumbnails, answers = Thumbnails(32), []
    threads = [asking(thumbnails, 1, held, answers) for _ in range(6)]
    for _ in range(3):
        assert held.begun.acquire(timeout=30)
    assert decoded(thumbnails.made(2, picture)).format == "JPEG"
    held.go_on.set()
    for thread in threads:
        thread.join()
    assert len(answers) == len(threads)


def test_a_place_is_given_back_whatever_happens(held):
    thumbnails = Thumbnails(4)

    def fails():
        raise StorageFailure("no")

    for _ in range(5):
        with pytest.raises(StorageFailure):
            thumbnails.made(1, fails)
    held.go_on.set()
    assert decoded(thumbnails.made(1, held.read)).format == "JPEG"
