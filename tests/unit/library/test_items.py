"""Items: who may do what with them, how they are found, changed, copied, deleted and purged."""

from dataclasses import replace

import pytest

from app.errors import CallerUnknown, FileUnreadable, InvalidInput, NotAllowed, NotFound, NotReady, QuotaExceeded
from app.library.contract import CollectionChanges, ItemChanges, ItemQuery, ItemState, NewItem, Span
from tests.support.databases import kept

pytestmark = pytest.mark.usefixtures("each_database")


@pytest.fixture
def mine(shelf, ann):
    return shelf.history(ann)


def names(items):
    return [item.name for item in items]


def test_new_items_wait_at_the_next_positions(library, ann, mine):
    new = [NewItem(name="a", file_type="txt", attributes={"dbkey": "?"}, tags=["t"]), NewItem(name="b", visible=False)]

    one, two = library.add_items(ann, mine, new)

    assert [one.position, two.position, library.add_items(ann, mine, [new[0]])[0].position] == [1, 2, 3]
    assert [one.name, one.file_type, one.attributes, one.tags, one.visible] == [
        "a",
        "txt",
        {"dbkey": "?"},
        ("t",),
        True,
    ]
    assert [two.name, two.file_type, two.attributes, two.tags, two.visible] == ["b", "data", {}, (), False]
    assert [one.state, one.size, one.md5, one.sha256, one.message] == [ItemState.WAITING, 0, None, None, ""]
    assert [one.owner_id, one.collection_number, one.deleted, one.purged] == [ann.user_id, mine, False, False]
    assert library.items(ann, ItemQuery(collection_number=mine))[:2] == [one, two]
    assert library.item(ann, one.number) == one


def test_an_admin_adds_items_that_are_the_owners(shelf, library, ann, admin, mine):
    [number] = shelf.waiting(admin, mine)

    assert library.item(ann, number).owner_id == ann.user_id


def test_positions_are_never_given_again(shelf, library, ann, mine):
    shelf.ready(ann, mine)
    library.delete_item(ann, shelf.ready(ann, mine), purge=True)

    [number] = shelf.waiting(ann, mine)

    assert library.item(ann, number).position == 3


def test_attributes_of_any_length_are_not_kept(library, shelf, ann, mine):
    long = {"dbkey": "x" * 10_000}
    with pytest.raises(InvalidInput, match="attributes"):
        library.add_items(ann, mine, [NewItem(name="a", attributes=long)])
    number = shelf.ready(ann, mine)
    with pytest.raises(InvalidInput, match="attributes"):
        library.change_item(ann, number, ItemChanges(attributes=long))
    assert library.item(ann, number).attributes == {}


@pytest.mark.parametrize("name", ["", "../x", "/lead", "a\x00b", "\ud800", "x" * 4096, "a\r\nb", "💐", "⧵E9"])
def test_a_name_has_any_characters_but_a_lone_surrogate(shelf, library, ann, mine, each_database, name):
    number = shelf.ready(ann, mine, name)

    item = library.item(ann, number)
    assert item.name == kept(name, each_database)
    assert shelf.bytes_of(number) == b"content"
    for query in (ItemQuery(name=name), ItemQuery(name_contains=name)):
        assert library.items(ann, query) == [item]


@pytest.mark.parametrize(
    "words",
    [
        pytest.param({"name": "n" * 4097}, id="the name"),
        pytest.param({"name": "n", "file_type": "t" * 65}, id="the file type"),
        pytest.param({"name": "n", "tags": ["t" * 256]}, id="a tag"),
    ],
)
def test_of_items_with_texts_that_are_too_long_none_is_made(library, ann, mine, words):
    with pytest.raises(InvalidInput):
        library.add_items(ann, mine, [NewItem(name="fine"), NewItem(**words)])
    assert library.items(ann, ItemQuery(collection_number=mine)) == []


DOINGS = [
    pytest.param(lambda library, caller, number, _: library.change_item(caller, number, ItemChanges(name="x")), id="change"),
    pytest.param(lambda library, caller, number, _: library.delete_item(caller, number), id="delete"),
    pytest.param(lambda library, caller, number, _: library.delete_item(caller, number, purge=True), id="purge"),
    pytest.param(lambda library, caller, number, history: library.copy_item(caller, number, history), id="copy into it"),
]  # fmt: skip


@pytest.mark.parametrize("do", DOINGS)
def test_nobody_else_may_change_it_even_when_it_is_published(shelf, library, ann, bob, mine, do):
    number = shelf.ready(ann, mine)
    for published in (False, True):
        library.change_collection(ann, mine, CollectionChanges(published=published))
        before = library.item(ann, number)
        with pytest.raises(NotAllowed):
            do(library, bob, number, mine)
        assert library.items(ann, ItemQuery(collection_number=mine)) == [before]


@pytest.mark.parametrize("do", DOINGS)
def test_a_key_that_may_only_read_changes_nothing(shelf, library, ann, mine, do):
    number = shelf.ready(ann, mine)
    before = library.item(ann, number)

    with pytest.raises(NotAllowed):
        do(library, replace(ann, read_only=True), number, mine)
    assert library.items(ann, ItemQuery(collection_number=mine)) == [before]


@pytest.mark.parametrize("do", DOINGS)
@pytest.mark.parametrize("number", [99, 0, -1, 2**63])
def test_what_is_not_there_is_not_found(library, ann, mine, do, number):
    with pytest.raises(NotFound):
        do(library, ann, number, mine)
    for look in (library.item, library.opened):
        with pytest.raises(NotFound):
            look(ann, number)


@pytest.mark.parametrize("do", DOINGS)
def test_an_admin_may_do_everything(shelf, library, ann, admin, mine, do):
    do(library, admin, shelf.ready(ann, mine), mine)


def test_who_may_look_at_an_item_depends_on_whether_its_collection_is_published(shelf, library, ann, bob, mine):
    number = shelf.ready(ann, mine)
    for look in (library.item, library.opened):
        with pytest.raises(CallerUnknown):
            look(None, number)
        with pytest.raises(NotAllowed):
            look(bob, number)

    library.change_collection(ann, mine, CollectionChanges(published=True))

    for caller in (None, bob):
        assert library.item(caller, number).number == number
        with library.opened(caller, number).file as file:
            assert file.read() == b"content"


def test_everybody_is_shown_his_own_items(shelf, library, ann, bob, admin, mine):
    [hers], [his] = shelf.waiting(ann, mine), shelf.waiting(bob, shelf.history(bob))

    assert [item.number for item in library.items(ann, ItemQuery())] == [hers]
    assert [item.number for item in library.items(bob, ItemQuery(numbers=[hers, his]))] == [his]
    assert library.items(admin, ItemQuery()) == []
    assert [item.number for item in library.items(admin, ItemQuery(collection_number=mine))] == [hers]
    with pytest.raises(CallerUnknown):
        library.items(None, ItemQuery())
    with pytest.raises(NotAllowed):
        library.items(bob, ItemQuery(collection_number=mine))
    with pytest.raises(NotFound):
        library.items(bob, ItemQuery(collection_number=99))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param({}, "abcde", id="all, by position"),
        pytest.param({"deleted": False}, "abde", id="not deleted"),
        pytest.param({"deleted": True}, "c", id="deleted"),
        pytest.param({"purged": True}, "", id="purged"),
        pytest.param({"visible": False}, "d", id="hidden"),
        pytest.param({"states": [ItemState.READY]}, "ab", id="of a state"),
        pytest.param({"states": [ItemState.READY, ItemState.FAILED]}, "abe", id="of two states"),
        pytest.param({"states": []}, "", id="of no state"),
        pytest.param({"file_types": ["bed", "txt"]}, "ab", id="of two types"),
        pytest.param({"name": "b"}, "b", id="of a name"),
        pytest.param({"name": "B"}, "", id="of a name in another case"),
        pytest.param({"name_contains": "%"}, "", id="a sign of LIKE is a character"),
        pytest.param({"attributes": {"dbkey": "hg38"}}, "a", id="of an attribute"),
        pytest.param({"attributes": {"dbkey": "hg38", "tool": "x"}}, "", id="of two attributes"),
        pytest.param({"attributes": {'od"d': "1"}}, "", id="of an attribute that is hard to quote"),
        pytest.param({"tag": "red"}, "b", id="with a tag"),
        pytest.param({"tag": "re"}, "", id="with a part of a tag"),
        pytest.param({"order": ["-position"]}, "edcba", id="reversed"),
        pytest.param({"order": ["-size", "name"]}, "bacde", id="by size, then name"),
        pytest.param({"order": ["visible"]}, None, id="by what nobody sorts by"),
        pytest.param({"order": ["-number"], "limit": 2}, "ed", id="a page"),
        pytest.param({"order": ["-number"], "limit": 2, "offset": 2}, "cb", id="the next page"),
        pytest.param({"created": Span(until=1)}, "", id="made long ago"),
        pytest.param({"updated": Span(since=1)}, "abcde", id="changed since"),
    ],
)
def test_a_query_says_which_items_are_wanted(shelf, library, ann, mine, query, expected):
    a, b, c, d, e = shelf.waiting(ann, mine, *"abcde")
    shelf.fill(a, b"1", file_type="txt", attributes={"dbkey": "hg38"})
    shelf.fill(b, b"12", file_type="bed")
    library.change_item(ann, b, ItemChanges(tags=["red", "blue"]))
    library.delete_item(ann, c)
    library.change_item(ann, d, ItemChanges(visible=False))
    library.filling.fail(e, "why")

    wanted = ItemQuery(collection_number=mine, **query)

    if expected is None:
        with pytest.raises(InvalidInput):
            library.items(ann, wanted)
    else:
        assert "".join(names(library.items(ann, wanted))) == expected


def test_more_items_are_asked_for_than_sqlite_takes_parameters(shelf, library, ann, mine):
    shelf.waiting(ann, mine, "a", "b")

    assert names(library.items(ann, ItemQuery(numbers=[*range(2, 50_000), 2**70, -1]))) == ["b"]
    assert names(library.items(ann, ItemQuery(numbers=[]))) == []


def test_a_change_leaves_what_it_does_not_name(library, ann, mine):
    new = NewItem(name="n", file_type="txt", attributes={"a": "1", "b": "2"}, tags=["t"])
    [made] = library.add_items(ann, mine, [new])

    changed = library.change_item(ann, made.number, ItemChanges(attributes={"b": "3"}, description="\ud800"))

    assert changed == library.item(ann, made.number)
    assert replace(changed, updated_at=made.updated_at) == replace(
        made, attributes={"a": "1", "b": "3"}, description="?"
    )
    assert library.change_item(ann, made.number, ItemChanges(file_type="bed", tags=[])).tags == ()


def test_a_deleted_item_can_be_had_back(shelf, library, ann, mine):
    number = shelf.ready(ann, mine)
    deleted = library.delete_item(ann, number)

    assert (deleted.deleted, deleted.purged) == (True, False)
    assert library.delete_item(ann, number) == deleted
    assert not library.change_item(ann, number, ItemChanges(deleted=False)).deleted
    assert shelf.bytes_of(number) == b"content"


def test_a_purged_item_has_no_file_and_never_comes_back(shelf, library, ann, mine):
    number = shelf.ready(ann, mine)

    purged = library.delete_item(ann, number, purge=True)

    assert (purged.deleted, purged.purged, purged.state, purged.size) == (True, True, ItemState.READY, 7)
    assert shelf.files == []
    assert library.delete_item(ann, number, purge=True) == purged
    with pytest.raises(NotReady):
        library.opened(ann, number)
    with pytest.raises(NotReady):
        library.filling.read(number)
    with pytest.raises(InvalidInput):
        library.change_item(ann, number, ItemChanges(deleted=False))


def test_an_item_that_is_deleted_can_be_purged_later(shelf, library, ann, mine):
    number = shelf.ready(ann, mine)
    library.delete_item(ann, number)

    assert library.delete_item(ann, number, purge=True).purged
    assert shelf.files == []


def test_a_file_goes_with_the_last_of_the_items_that_share_it(shelf, library, ann, mine):
    first = shelf.ready(ann, mine)
    second = library.copy_item(ann, first, mine).number
    third = library.copy_item(ann, second, shelf.history(ann)).number
    [file] = shelf.files

    for number, left in ((first, [second, third]), (third, [second])):
        library.delete_item(ann, number, purge=True)
        assert shelf.files == [file]
        assert [shelf.bytes_of(other) for other in left] == [b"content"] * len(left)
    library.delete_item(ann, second, purge=True)
    assert shelf.files == []


def test_a_copy_has_what_the_item_has_at_a_position_of_its_own(shelf, library, ann, mine):
    number = shelf.ready(ann, mine, "a", b"12")
    item = library.change_item(ann, number, ItemChanges(attributes={"x": "1"}, tags=["t"], description="d"))

    copied = library.copy_item(ann, number, mine)

    own = {name: getattr(copied, name) for name in ("number", "id", "position", "created_at", "updated_at")}
    assert replace(item, **own) == copied
    assert copied.id != item.id
    assert (item.position, copied.position) == (1, 2)
    library.change_item(ann, number, ItemChanges(name="other", attributes={"x": "2"}))
    assert library.item(ann, copied.number) == copied


@pytest.mark.parametrize("state", ["waiting", "arriving", "failed", "discarded", "purged"])
def test_an_item_without_a_file_is_not_copied_or_opened(shelf, library, ann, mine, state):
    [number] = shelf.waiting(ann, mine)
    {
        "waiting": lambda: None,
        "arriving": lambda: library.filling.begin(number),
        "failed": lambda: library.filling.fail(number, "why"),
        "discarded": lambda: library.filling.discard(number),
        "purged": lambda: library.delete_item(ann, number, purge=True),
    }[state]()

    for do in (lambda: library.copy_item(ann, number, mine), lambda: library.opened(ann, number)):
        with pytest.raises(NotReady):
            do()
    assert len(library.items(ann, ItemQuery())) == 1


def test_a_copy_of_what_is_published_counts_against_the_quota_of_who_has_it(shelf, library, ann, bob, mine):
    number = shelf.ready(ann, mine, content=b"123")
    his = shelf.history(bob)
    with pytest.raises(NotAllowed):
        library.copy_item(bob, number, his)
    library.change_collection(ann, mine, CollectionChanges(published=True))
    shelf.quota(bob, 2)
    with pytest.raises(QuotaExceeded):
        library.copy_item(bob, number, his)
    shelf.quota(bob, 3)

    copied = library.copy_item(bob, number, his)
    again = library.copy_item(bob, number, his)

    assert (copied.owner_id, copied.position, again.position) == (bob.user_id, 1, 2)
    assert library.usage(bob.user_id).used == 3


def test_a_purge_leaves_a_download_its_bytes(shelf, library, ann, mine):
    number = shelf.ready(ann, mine, content=b"12345678")
    opened = library.opened(ann, number)
    with opened.file as file, library.filling.read(number) as content:
        assert (file.read(4), content.read(4)) == (b"1234", b"1234")
        library.delete_item(ann, number, purge=True)
        assert shelf.files == []
        assert (file.read(), content.read()) == (b"5678", b"5678")
        content.verify()


def test_a_file_that_somebody_took_away_is_told_of(shelf, library, ann, mine):
    number = shelf.ready(ann, mine)
    shelf.files[0].unlink()

    for do in (lambda: library.opened(ann, number), lambda: library.filling.read(number)):
        with pytest.raises(FileUnreadable, match="gone from DATA_DIR"):
            do()
    assert library.delete_item(ann, number, purge=True).purged


@pytest.mark.parametrize("what", ["item", "history"])
def test_what_is_deleted_is_published_no_more(shelf, library, ann, bob, admin, mine, what):
    number, his = shelf.ready(ann, mine), shelf.history(bob)
    library.change_collection(ann, mine, CollectionChanges(published=True))
    library.opened(None, number).file.close()
    library.delete_item(ann, number) if what == "item" else library.delete_collection(ann, mine)
    for look in (library.opened, library.item):
        with pytest.raises(CallerUnknown):
            look(None, number)
        with pytest.raises(NotAllowed):
            look(bob, number)
    with pytest.raises(NotAllowed):
        library.copy_item(bob, number, his)
    for caller in (ann, admin):
        library.opened(caller, number).file.close()


def test_a_history_that_is_deleted_is_published_no_more(library, ann, bob, mine):
    library.change_collection(ann, mine, CollectionChanges(published=True))
    library.delete_collection(ann, mine)
    with pytest.raises(CallerUnknown):
        library.collection(None, mine)
    for look in (library.collection, lambda *asked: library.copy_collection(*asked, None)):
        with pytest.raises(NotAllowed):
            look(bob, mine)
    assert library.collection(ann, mine).published
