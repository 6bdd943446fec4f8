"""Images and their collections are in no list of the Galaxy dialect, and none of its routes finds or changes them."""

import itertools

import pytest

from app.accounts.caller import Role
from app.library.contract import CollectionKind, NewItem
from tests.support.galaxy import Galaxy
from tests.support.shelves import shelf_of

_numbers = itertools.count()

IMAGES = CollectionKind.IMAGES


@pytest.fixture(params=[Role.USER, Role.ADMIN])
def ann(request, service):
    return Galaxy(service, service.person(f"images-{next(_numbers)}", request.param))


@pytest.fixture
def shelf(service, ann):
    with shelf_of(service, ann.person) as shelf:
        yield shelf


@pytest.fixture
def image(shelf):
    """An image with a file."""
    library, caller = shelf.library, shelf.caller
    collection = library.image_collection(caller, None)
    [item] = library.add_items(caller, collection.number, [NewItem(name="a.jpg")], IMAGES)
    with library.filling.arriving(item.number) as path:
        path.write_bytes(b"pixels")
        return library.filling.arrive(item.number, path)


@pytest.mark.usefixtures("image")
def test_no_list_has_images(ann, shelf):
    history = shelf.history()
    dataset = shelf.ready(history)

    histories = ann.told("GET", "/api/histories")
    assert [each["id"] for each in histories] == [ann.encoded(history)]
    found = ann.told("GET", "/api/datasets")
    assert [each["id"] for each in found] == [ann.encoded(dataset.number)]


COLLECTION, IMAGE, HISTORY = "{collection}", "{image}", "{history}"
REQUESTS = [
    ("GET", f"/api/histories/{COLLECTION}", None),
    ("PUT", f"/api/histories/{COLLECTION}", {"name": "mine", "published": True}),
    ("DELETE", f"/api/histories/{COLLECTION}?purge=true", None),
    ("POST", "/api/histories", {"history_id": COLLECTION}),
    ("POST", f"/api/histories/{COLLECTION}/tags/red", {}),
    ("GET", f"/api/histories/{COLLECTION}/contents", None),
    ("POST", f"/api/histories/{COLLECTION}/contents", {"source": "hda", "content": IMAGE}),
    ("POST", f"/api/histories/{HISTORY}/contents", {"source": "hda", "content": IMAGE}),
    ("GET", f"/api/histories/{COLLECTION}/contents/{IMAGE}", None),
    ("PUT", f"/api/histories/{COLLECTION}/contents/{IMAGE}", {"name": "mine"}),
    ("DELETE", f"/api/histories/{COLLECTION}/contents/{IMAGE}?purge=true", None),
    ("GET", f"/api/histories/{COLLECTION}/contents/{IMAGE}/display", None),
    ("GET", f"/api/datasets?history_id={COLLECTION}", None),
    ("GET", f"/api/datasets/{IMAGE}", None),
    ("PUT", f"/api/datasets/{IMAGE}", {"name": "mine"}),
    ("DELETE", f"/api/datasets/{IMAGE}?purge=true", None),
    ("GET", f"/api/datasets/{IMAGE}/display", None),
]


@pytest.mark.parametrize(("method", "path", "body"), REQUESTS, ids=[f"{one[0]} {one[1]}" for one in REQUESTS])
def test_no_route_finds_an_image(ann, shelf, image, method, path, body):
    ids = {
        "collection": ann.encoded(image.collection_number),
        "image": ann.encoded(image.number),
        "history": ann.encoded(shelf.history()),
    }
    before = shelf.library.collection(shelf.caller, image.collection_number, IMAGES)

    named = None if body is None else {key: _filled(value, ids) for key, value in body.items()}
    answer = ann.call(method, _filled(path, ids), json=named)

    assert answer.status_code == 404, answer.text
    assert answer.json()["err_msg"].endswith("not found")
    assert shelf.library.image(shelf.caller, image.id) == image
    assert shelf.library.collection(shelf.caller, image.collection_number, IMAGES) == before


def _filled(text, ids):
    return text.format(**ids) if isinstance(text, str) else text
