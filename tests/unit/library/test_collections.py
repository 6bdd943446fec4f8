"""Collections: who may do what with them, how they are found, changed, deleted, purged and copied."""

from dataclasses import replace

import pytest

from app.errors import CallerUnknown, InvalidInput, NotAllowed, NotFound, QuotaExceeded
from app.library.contract import (
    CollectionChanges,
    CollectionKind,
    CollectionQuery,
    Contents,
    ItemChanges,
    ItemQuery,
    ItemState,
    Span,
)
from tests.support.databases import kept

pytestmark = pytest.mark.usefixtures("each_database")

HISTORY = CollectionKind.HISTORY


def names(found):
    return [each.name for each in found]


@pytest.fixture
def mine(shelf, ann):
    return shelf.history(ann)


def test_a_new_collection_is_its_makers_and_empty(library, ann):
    made = library.create_collection(ann, HISTORY, "flowers", "of spring", ["red", "red", "blue"])

    assert (made.owner_id, made.name, made.description, made.tags) == (
        ann.user_id,
        "flowers",
        "of spring",
        ("red", "blue"),
    )
    assert [made.published, made.deleted, made.purged] == [False, False, False]
    assert library.collection(ann, made.number) == made
    assert library.contents([made.number]) == {made.number: Contents({}, 0)}


def test_nobody_needs_to_name_a_collection(library, ann):
    assert library.create_collection(ann, HISTORY, None).name is None


@pytest.mark.parametrize(
    "values",
    [
        pytest.param({"name": "n" * 256}, id="the name"),
        pytest.param({"name": "n", "description": "d" * 100_001}, id="the description"),
        pytest.param({"name": "n", "tags": ["t" * 256]}, id="a tag"),
        pytest.param({"name": "n", "tags": [str(n) for n in range(1001)]}, id="the number of tags"),
    ],
)
def test_a_text_that_is_too_long_is_refused(library, ann, values):
    with pytest.raises(InvalidInput):
        library.create_collection(ann, HISTORY, **values)
    assert library.collections(ann, HISTORY, CollectionQuery()) == []


@pytest.mark.parametrize("name", ["", "ä/b\\c", "a\x00b", "\ud800", "日本", "a\nb", "💐"])
def test_a_name_has_any_characters_but_a_lone_surrogate(library, ann, each_database, name):
    made = library.create_collection(ann, HISTORY, name, name, [name])

    found = library.collection(ann, made.number)
    assert found.name == found.description == kept(name, each_database)
    assert [*found.tags] == [*made.tags] == [name.replace("\ud800", "?")]
    assert (found == made) == (found.name == made.name)
    assert names(library.collections(ann, HISTORY, CollectionQuery(name=name))) == [found.name]


def test_the_owner_and_an_admin_may_look_and_change(library, ann, admin, mine):
    for caller in (ann, admin):
        assert library.collection(caller, mine).number == mine
        assert library.own_collection(caller, mine).number == mine
        assert library.change_collection(caller, mine, CollectionChanges(name=caller.name)).name == caller.name


DOINGS = [
    pytest.param(lambda library, caller, number: library.own_collection(caller, number), id="take to change"),
    pytest.param(lambda library, caller, number: library.change_collection(caller, number, CollectionChanges(name="x")), id="change"),
    pytest.param(lambda library, caller, number: library.delete_collection(caller, number), id="delete"),
    pytest.param(lambda library, caller, number: library.delete_collection(caller, number, purge=True), id="purge"),
    pytest.param(lambda library, caller, number: library.add_items(caller, number, []), id="add items"),
]  # fmt: skip


@pytest.mark.parametrize("do", DOINGS)
def test_nobody_else_may_change_it_even_when_it_is_published(library, ann, bob, mine, do):
    for published in (False, True):
        library.change_collection(ann, mine, CollectionChanges(published=published))
        before = library.collection(ann, mine)
        with pytest.raises(NotAllowed):
            do(library, bob, mine)
        assert library.collection(ann, mine) == before


@pytest.mark.parametrize("do", DOINGS)
def test_a_key_that_may_only_read_changes_nothing(library, ann, mine, do):
    before = library.collection(ann, mine)

    with pytest.raises(NotAllowed):
        do(library, replace(ann, read_only=True), mine)
    assert library.collection(replace(ann, read_only=True), mine) == before


@pytest.mark.parametrize("do", DOINGS)
@pytest.mark.parametrize("number", [99, 0, -1, 2**63, 2**200])
def test_what_is_not_there_is_not_found(library, ann, do, number):
    with pytest.raises(NotFound):
        do(library, ann, number)
    with pytest.raises(NotFound):
        library.collection(ann, number)


@pytest.mark.parametrize("do", DOINGS)
def test_a_collection_of_another_kind_is_not_found(library, ann, do):
    dataset = library.create_collection(ann, CollectionKind.DATASET, "of another dialect")

    with pytest.raises(NotFound):
        do(library, ann, dataset.number)
    assert library.collection(ann, dataset.number, CollectionKind.DATASET) == dataset


def test_workers_and_keys_that_only_read_make_no_collection(shelf, library, ann, mine):
    for caller in (shelf.people.user("worker", role="worker"), replace(ann, read_only=True)):
        with pytest.raises(NotAllowed):
            library.create_collection(caller, HISTORY, "x")
        with pytest.raises(NotAllowed):
            library.copy_collection(caller, mine, "x")


def test_who_may_look_at_a_collection_depends_on_whether_it_is_published(library, ann, bob, mine):
    with pytest.raises(CallerUnknown):
        library.collection(None, mine)
    with pytest.raises(NotAllowed):
        library.collection(bob, mine)
    with pytest.raises(CallerUnknown):
        library.items(None, ItemQuery(collection_number=mine))

    library.change_collection(ann, mine, CollectionChanges(published=True))

    assert [library.collection(caller, mine).number for caller in (None, bob)] == [mine, mine]
    assert library.items(None, ItemQuery(collection_number=mine)) == []


def test_everybody_gets_his_own_and_what_is_published_when_he_asks_for_that(shelf, library, ann, bob, admin):
    hers, his = shelf.history(ann, "hers"), shelf.history(bob, "his")
    library.change_collection(bob, his, CollectionChanges(published=True))

    assert names(library.collections(ann, HISTORY, CollectionQuery())) == ["hers"]
    assert names(library.collections(admin, HISTORY, CollectionQuery())) == []
    assert names(library.collections(admin, HISTORY, CollectionQuery(everybodys=True))) == ["his", "hers"]
    assert names(library.collections(None, HISTORY, CollectionQuery(published=True))) == ["his"]
    assert names(library.collections(ann, HISTORY, CollectionQuery(published=False))) == ["hers"]
    with pytest.raises(NotAllowed):
        library.collections(ann, HISTORY, CollectionQuery(everybodys=True))
    for query in (CollectionQuery(), CollectionQuery(everybodys=True), CollectionQuery(published=False)):
        with pytest.raises(CallerUnknown):
            library.collections(None, HISTORY, query)
    assert hers != his


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param(CollectionQuery(), ["c", "b", "a"], id="newest first, without the deleted"),
        pytest.param(CollectionQuery(deleted=None), ["deleted", "c", "b", "a"], id="all"),
        pytest.param(CollectionQuery(deleted=True), ["deleted"], id="the deleted"),
        pytest.param(CollectionQuery(deleted=None, purged=True), [], id="the purged"),
        pytest.param(CollectionQuery(order=["name"]), ["a", "b", "c"], id="by name"),
        pytest.param(CollectionQuery(order=["-name"]), ["c", "b", "a"], id="by name, reversed"),
        pytest.param(CollectionQuery(order=["updated_at"]), ["b", "c", "a"], id="by the last change"),
        pytest.param(CollectionQuery(limit=1), ["c"], id="a first page"),
        pytest.param(CollectionQuery(limit=1, offset=1), ["b"], id="a second page"),
        pytest.param(CollectionQuery(offset=2), ["a"], id="all behind"),
        pytest.param(CollectionQuery(limit=0), [], id="none"),
        pytest.param(CollectionQuery(limit=2**80, offset=2**80), [], id="numbers beyond SQLite"),
        pytest.param(CollectionQuery(name="b"), ["b"], id="of one name"),
        pytest.param(CollectionQuery(created=Span(since=2**40)), [], id="made later"),
        pytest.param(CollectionQuery(created=Span(until=2**40)), ["c", "b", "a"], id="made before"),
        pytest.param(CollectionQuery(updated=Span(since=0, until=1)), [], id="changed long ago"),
    ],
)
def test_a_query_says_which_collections_are_wanted(shelf, library, ann, query, expected):
    made = {name: shelf.history(ann, name) for name in ("a", "b", "c", "deleted")}
    library.change_collection(ann, made["a"], CollectionChanges(description="changed last"))
    library.delete_collection(ann, made["deleted"])

    assert names(library.collections(ann, HISTORY, query)) == expected


@pytest.mark.parametrize("order", ["size", "number; DROP TABLE items", "-", ""])
def test_an_order_that_is_none_is_refused(library, ann, order, mine):
    with pytest.raises(InvalidInput):
        library.collections(ann, HISTORY, CollectionQuery(order=[order]))
    with pytest.raises(InvalidInput):
        library.items(ann, ItemQuery(collection_number=mine, order=["name", order if order != "size" else "file"]))


def test_a_change_leaves_what_it_does_not_name(library, ann):
    made = library.create_collection(ann, HISTORY, "n", "d", ["t"])

    changed = library.change_collection(ann, made.number, CollectionChanges(description=""))

    assert (changed.name, changed.description, changed.tags) == ("n", "", ("t",))
    assert changed.updated_at >= made.updated_at
    assert changed == library.collection(ann, made.number)


def test_a_deleted_collection_can_be_had_back_with_its_items(shelf, library, ann, mine):
    number = shelf.ready(ann, mine)
    deleted = library.delete_collection(ann, mine)

    assert deleted.deleted
    assert not deleted.purged
    assert library.delete_collection(ann, mine) == deleted
    back = library.change_collection(ann, mine, CollectionChanges(deleted=False))
    assert not back.deleted
    assert not library.item(ann, number).deleted
    assert shelf.bytes_of(number) == b"content"


def test_nothing_is_put_into_a_deleted_collection(shelf, library, ann, mine):
    number = shelf.ready(ann, shelf.history(ann))
    library.delete_collection(ann, mine)

    with pytest.raises(InvalidInput):
        shelf.waiting(ann, mine, "late.txt")
    with pytest.raises(InvalidInput):
        library.copy_item(ann, number, mine)
    assert library.items(ann, ItemQuery(collection_number=mine)) == []


def test_a_purged_collection_has_no_files_any_more_and_never_comes_back(shelf, library, ann, mine):
    kept = shelf.history(ann)
    own, shared = shelf.ready(ann, mine, "own.txt"), shelf.ready(ann, mine, "shared.txt")
    [waiting] = shelf.waiting(ann, mine)
    copied = library.copy_item(ann, shared, kept)

    purged = library.delete_collection(ann, mine, purge=True)

    assert (purged.deleted, purged.purged) == (True, True)
    items = library.items(ann, ItemQuery(collection_number=mine))
    assert [(item.number, item.deleted, item.purged) for item in items] == [
        (n, True, True) for n in (own, shared, waiting)
    ]
    assert [item.state for item in items] == [ItemState.READY, ItemState.READY, ItemState.DISCARDED]
    assert len(shelf.files) == 1
    assert shelf.bytes_of(copied.number) == b"content"
    assert library.delete_collection(ann, mine, purge=True) == purged
    with pytest.raises(InvalidInput):
        library.change_collection(ann, mine, CollectionChanges(deleted=False))
    with pytest.raises(InvalidInput):
        library.change_item(ann, own, ItemChanges(deleted=False))


def test_contents_count_what_is_not_deleted_by_state(shelf, library, ann, mine):
    other, empty = shelf.history(ann), shelf.history(ann)
    first = shelf.ready(ann, mine, content=b"12345")
    shelf.ready(ann, mine, content=b"123")
    library.copy_item(ann, first, mine)
    shelf.waiting(ann, mine, "a", "b")
    library.delete_item(ann, shelf.ready(ann, mine, content=b"deleted"))
    shelf.ready(ann, other, content=b"1")

    assert library.contents([mine, other, empty, 2**70]) == {
        mine: Contents({ItemState.READY: 3, ItemState.WAITING: 2}, 13),
        other: Contents({ItemState.READY: 1}, 1),
        empty: Contents({}, 0),
        2**70: Contents({}, 0),
    }


def test_what_happens_to_an_item_is_a_change_of_its_collection(shelf, library, ann, mine):
    [number] = shelf.waiting(ann, mine)
    for change in (
        lambda: shelf.waiting(ann, mine),
        lambda: library.filling.begin(number),
        lambda: shelf.fill(number),
        lambda: library.change_item(ann, number, ItemChanges(name="b")),
        lambda: library.copy_item(ann, number, mine),
        lambda: library.delete_item(ann, number),
    ):
        before = library.collection(ann, mine).updated_at
        change()
        assert library.collection(ann, mine).updated_at > before


def test_a_copy_of_a_collection_has_its_ready_items_and_shares_their_files(shelf, library, ann, mine):
    library.change_collection(ann, mine, CollectionChanges(description="d", tags=["t"]))
    first = shelf.ready(ann, mine, "first", b"1")
    shelf.waiting(ann, mine, "waiting")
    library.delete_item(ann, shelf.ready(ann, mine, "deleted"))
    library.delete_item(ann, shelf.ready(ann, mine, "purged"), purge=True)
    library.change_item(ann, first, ItemChanges(attributes={"dbkey": "hg38"}, tags=["x"], visible=False))
    last = shelf.ready(ann, mine, "last", b"")
    files = shelf.files

    copied = library.copy_collection(ann, mine, "copy")

    assert (copied.name, copied.description, copied.tags) == ("copy", "d", ("t",))
    one, two = library.items(ann, ItemQuery(collection_number=copied.number))
    assert (one.position, two.position) == (1, 5)
    for item, source in ((one, library.item(ann, first)), (two, library.item(ann, last))):
        same = ("name", "state", "size", "md5", "sha256", "file_type", "attributes", "tags", "visible", "message")
        assert [getattr(item, name) for name in same] == [getattr(source, name) for name in same]
        assert item.id != source.id
    assert shelf.files == files
    assert len(one.id) == 36
    assert one.id[14] == "4"
    assert one.id[19] in "89ab"
    assert library.add_items(ann, copied.number, []) == []
    [next_one] = shelf.waiting(ann, copied.number)
    assert library.item(ann, next_one).position == 6


def test_what_is_published_can_be_copied_by_everybody_and_counts_against_his_quota(shelf, library, ann, bob, mine):
    number = shelf.ready(ann, mine, content=b"123")
    with pytest.raises(NotAllowed):
        library.copy_collection(bob, mine, None)
    library.change_collection(ann, mine, CollectionChanges(published=True))
    shelf.quota(bob, 2)
    with pytest.raises(QuotaExceeded):
        library.copy_collection(bob, mine, None)
    assert library.collections(bob, HISTORY, CollectionQuery()) == []
    shelf.quota(bob, 3)

    copied = library.copy_collection(bob, mine, None)

    assert copied.name == "a history"
    assert not copied.published
    assert (library.usage(ann.user_id).used, library.usage(bob.user_id).used) == (3, 3)
    library.delete_collection(ann, mine, purge=True)
    [item] = library.items(bob, ItemQuery(collection_number=copied.number))
    assert shelf.bytes_of(item.number) == b"123"
    assert item.number != number


def test_the_collections_of_a_removed_user_go_and_their_files_are_swept(shelf, ann, bob):
    shelf.ready(ann, shelf.history(ann), content=b"hers")
    his = shelf.ready(bob, shelf.history(bob), content=b"his")

    shelf.people.remove(ann)

    assert [path.read_bytes() for path in shelf.files] != [b"his"]
    shelf.sweep()
    assert [path.read_bytes() for path in shelf.files] == [b"his"]
    assert shelf.bytes_of(his) == b"his"
