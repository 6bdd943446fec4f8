"""Images: found by their UUIDs by who may know of them, kept in collections of their own, and apart from histories."""

import threading
from dataclasses import replace

import pytest

from app.accounts.caller import Role
from app.errors import InvalidInput, NotAllowed, NotFound, NotReady
from app.library.contract import (
    CollectionChanges,
    CollectionKind,
    CollectionQuery,
    ItemChanges,
    ItemQuery,
    ItemState,
    NewItem,
)

HISTORY, IMAGES = CollectionKind.HISTORY, CollectionKind.IMAGES


@pytest.fixture
def mine(library, ann):
    return library.image_collection(ann, None)


@pytest.fixture
def waiting(library, ann, mine):
    [item] = library.add_items(ann, mine.number, [NewItem(name="a.jpg", tags=["drive"])], IMAGES)
    return item


@pytest.fixture
def ready(shelf, waiting):
    return shelf.fill(waiting.number, b"pixels")


def test_an_image_is_found_by_its_id_with_or_without_its_file(shelf, library, ann, waiting):
    assert library.image(ann, waiting.id) == waiting
    with pytest.raises(NotReady):
        library.opened_image(ann, waiting.id)

    ready = shelf.fill(waiting.number, b"pixels")

    assert ready.state is ItemState.READY
    assert library.image(ann, waiting.id.upper()) == ready
    opened = library.opened_image(ann, waiting.id)
    with opened.file as file:
        assert (opened.item, file.read()) == (ready, b"pixels")


def test_images_come_in_the_order_of_their_ids(library, ann, mine):
    made = library.add_items(ann, mine.number, [NewItem(name=name) for name in "abc"], IMAGES)

    found = library.images(ann, [made[2].id, made[0].id, made[2].id])

    assert [item.name for item in found] == ["c", "a", "c"]
    assert library.images(ann, []) == []


def test_the_first_image_that_is_missing_is_named(library, ann, waiting):
    with pytest.raises(NotFound, match="There is no image gone-1"):
        library.images(ann, [waiting.id, "gone-1", "gone-2"])


@pytest.mark.parametrize("item_id", ["", "1", "x" * 5000, "a\x00b", "\ud800", "%", "' OR 1=1 --"])
@pytest.mark.usefixtures("waiting")
def test_what_is_no_id_is_not_found(library, ann, item_id):
    with pytest.raises(NotFound):
        library.image(ann, item_id)
    with pytest.raises(NotFound):
        library.opened_image(ann, item_id)


def test_only_its_owner_and_admins_know_of_an_image(library, bob, admin, ready):
    with pytest.raises(NotFound):
        library.image(bob, ready.id)
    with pytest.raises(NotFound):
        library.opened_image(bob, ready.id)
    assert library.image(admin, ready.id) == ready


def delete(library, ann, item):
    library.delete_item(ann, item.number, kind=IMAGES)


def purge(library, ann, item):
    library.delete_item(ann, item.number, purge=True, kind=IMAGES)


def delete_collection(library, ann, item):
    library.delete_collection(ann, item.collection_number, kind=IMAGES)


@pytest.mark.parametrize("gone", [delete, purge, delete_collection])
def test_a_deleted_image_is_not_found_by_anybody(library, ann, admin, ready, gone):
    gone(library, ann, ready)

    for caller in (ann, admin):
        with pytest.raises(NotFound):
            library.image(caller, ready.id)


def test_an_item_of_a_history_is_no_image(shelf, library, ann):
    item = library.item(ann, shelf.ready(ann, shelf.history(ann)))

    with pytest.raises(NotFound):
        library.image(ann, item.id)


def as_item(library, caller, item):
    library.item(caller, item.number)


def as_file(library, caller, item):
    library.opened(caller, item.number)


def as_changed(library, caller, item):
    library.change_item(caller, item.number, ItemChanges(name="b"))


def as_deleted(library, caller, item):
    library.delete_item(caller, item.number, purge=True)


def as_copied(library, caller, item):
    history = library.create_collection(caller, HISTORY, "h").number
    library.copy_item(caller, item.number, history)


def as_collection(library, caller, item):
    library.collection(caller, item.collection_number)


def as_own_collection(library, caller, item):
    library.own_collection(caller, item.collection_number)


def as_listed(library, caller, item):
    library.items(caller, ItemQuery(collection_number=item.collection_number))


def as_changed_collection(library, caller, item):
    library.change_collection(caller, item.collection_number, CollectionChanges(published=True))


def as_deleted_collection(library, caller, item):
    library.delete_collection(caller, item.collection_number, purge=True)


def as_copied_collection(library, caller, item):
    library.copy_collection(caller, item.collection_number, None)


def as_filled_collection(library, caller, item):
    library.add_items(caller, item.collection_number, [NewItem(name="b")])


@pytest.mark.parametrize(
    "meet",
    [
        as_item,
        as_file,
        as_changed,
        as_deleted,
        as_copied,
        as_collection,
        as_own_collection,
        as_listed,
        as_changed_collection,
        as_deleted_collection,
        as_copied_collection,
        as_filled_collection,
    ],
)
def test_whoever_knows_histories_only_meets_no_image(library, ann, mine, ready, meet):
    with pytest.raises(NotFound):
        meet(library, ann, ready)
    assert library.image(ann, ready.id) == ready
    assert library.collection(ann, mine.number, IMAGES).published is False


def test_lists_are_of_one_kind(shelf, library, ann, ready):
    history = shelf.history(ann)
    dataset = library.item(ann, shelf.ready(ann, history))

    assert library.items(ann, ItemQuery()) == [dataset]
    assert library.items(ann, ItemQuery(numbers=[ready.number])) == []
    assert library.items(ann, ItemQuery(), IMAGES) == [ready]
    assert [each.number for each in library.collections(ann, HISTORY, CollectionQuery())] == [history]
    assert [each.number for each in library.collections(ann, IMAGES, CollectionQuery())] == [ready.collection_number]


def test_a_job_finds_an_item_of_any_kind(shelf, library, ann, ready):
    dataset = library.item(ann, shelf.ready(ann, shelf.history(ann)))

    assert [library.item(ann, item.number, kind=None) for item in (ready, dataset)] == [ready, dataset]


def test_images_count_for_the_quota_of_their_owner(library, ann, ready):
    assert library.usage(ann.user_id).used == ready.size == len(b"pixels")


def test_images_without_a_collection_go_into_one_of_their_own(library, ann):
    first = library.image_collection(ann, None)

    assert (first.name, first.kind, first.owner_id) == ("Images", IMAGES, ann.user_id)
    for name in (None, "", "Images"):
        assert library.image_collection(ann, name) == first


@pytest.mark.parametrize("name", ["spring", "550e8400", "a\x00b", "💐", "x" * 255, "\ud800"])
def test_a_collection_is_made_once_and_found_by_name_and_id(library, ann, name):
    made = library.image_collection(ann, name)

    assert made.name == name.replace("\ud800", "?")
    assert library.image_collection(ann, name) == made
    assert library.image_collection(ann, made.id) == made
    assert library.image_collection(ann, made.id.upper()) == made


def test_collections_of_others_and_deleted_ones_are_not_used(library, ann, bob, admin):
    mine = library.image_collection(ann, "spring")

    assert library.image_collection(bob, "spring").number != mine.number
    assert library.image_collection(admin, mine.id).number != mine.number
    library.delete_collection(ann, mine.number, kind=IMAGES)
    assert library.image_collection(ann, "spring").number != mine.number


def test_a_history_is_no_collection_of_images(shelf, library, ann):
    history = library.collection(ann, shelf.history(ann, "spring"))

    for name in ("spring", history.id):
        assert library.image_collection(ann, name).number != history.number


def test_a_name_of_a_collection_can_be_too_long(library, ann):
    with pytest.raises(InvalidInput, match="name"):
        library.image_collection(ann, "x" * 256)
    assert library.collections(ann, IMAGES, CollectionQuery()) == []


def test_who_makes_no_collections_puts_images_into_those_that_he_has(library, ann, mine):
    worker = replace(ann, role=Role.WORKER)

    assert library.image_collection(worker, None) == mine
    with pytest.raises(NotAllowed):
        library.image_collection(worker, "another")


@pytest.mark.parametrize("name", [pytest.param(None, id="there"), pytest.param("another", id="to be made")])
@pytest.mark.usefixtures("mine")
def test_a_key_that_may_only_read_gets_no_collection(library, ann, name):
    with pytest.raises(NotAllowed):
        library.image_collection(replace(ann, read_only=True), name)


def test_requests_at_once_make_one_collection(new_shelf, ann):
    shelves = [new_shelf() for _ in range(4)]
    start, found = threading.Barrier(len(shelves)), []

    def ask(shelf):
        start.wait(30)
        found.append(shelf.library.image_collection(ann, "spring").number)

    threads = [threading.Thread(target=ask, args=[shelf]) for shelf in shelves]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert len(found) == len(shelves)
    assert len(set(found)) == 1


def test_items_and_their_collection_come_to_be_together_or_not_at_all(shelf, library, ann):
    def make(name):
        with shelf.database.writing() as session:
            made = library.image_collection_within(session, ann, "spring")
            library.add_items_within(session, ann, made.number, [NewItem(name=name)], IMAGES)

    with pytest.raises(InvalidInput):
        make("n" * 5000)
    assert library.collections(ann, IMAGES, CollectionQuery()) == []
    make("n")
    assert [item.name for item in library.items(ann, ItemQuery(), IMAGES)] == ["n"]
