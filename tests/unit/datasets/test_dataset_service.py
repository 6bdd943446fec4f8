"""Datasets as users make, bind, read and remove them."""

import dataclasses
import json
import threading
from contextlib import closing

import pytest

from app.bootstrap import build_services
from app.connections.contract import OPERATOR
from app.datasets.contract import Form, Frames, Part
from app.datasets.names import MAX_DESCRIPTION, MAX_FOLDER, MAX_NAME
from app.datasets.synchronisation import KIND
from app.errors import InvalidInput, NotAllowed, NotFound
from app.storages.names import FORMER_MARK
from tests.support.empty_database import with_database
from tests.support.jobs import settings_for
from tests.support.people import People, new_connection

LABELS = [{"img_external_id": "a", "img_label": 1}, {"img_external_id": "gone", "img_label": 2}]
FILES = {
    "images/train/a.jpg": "x",
    "annotations/train/a.json": json.dumps(LABELS),
    "cats/images/val/c.jpg": "x",
}


@pytest.fixture
def services(tmp_path):
    services = build_services(settings_for(with_database(tmp_path / "data")))
    with closing(services.database):
        yield services


@pytest.fixture
def people(services):
    return People(services.database)


@pytest.fixture
def ann(people):
    return people.user("ann")


@pytest.fixture
def bob(people):
    return people.user("bob")


@pytest.fixture
def datasets(services):
    return services.datasets


@pytest.fixture
def mirrored(services):
    """Return a function that makes a connection whose bucket was mirrored already, and returns its id."""

    def make(caller, files=FILES, **address):
        connection = services.connections.create(caller, new_connection(**address))
        for key, content in files.items():
            path = services.synchronisation.folder(connection.id) / key
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        return connection.id

    return make


def test_a_dataset_is_kept_as_it_was_made(datasets, mirrored, ann):
    connection = mirrored(ann)

    made = datasets.create(ann, "cats", "all of them", connection, "cats")

    assert (made.name, made.description, made.connection_id, made.name_in_storage) == (
        "cats",
        "all of them",
        connection,
        "cats",
    )
    assert made.owner_id == ann.user_id
    assert datasets.get(ann, made.id) == made
    assert datasets.all(ann) == [made]


def test_a_dataset_needs_no_name_and_no_connection(datasets, ann):
    made = datasets.create(ann, None, None)

    assert (made.name, made.description, made.connection_id, made.name_in_storage) == (None, None, None, None)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        pytest.param({"name": "x" * (MAX_NAME + 1)}, "dataset_name", id="too long a name"),
        pytest.param({"name": "a\0b"}, "dataset_name", id="NUL in a name"),
        pytest.param({"name": "\ud800"}, "dataset_name", id="half a character"),
        pytest.param({"description": "x" * (MAX_DESCRIPTION + 1)}, "dataset_description", id="too long a description"),
        pytest.param({"description": "\x1b[0m"}, "dataset_description", id="a control character in a description"),
        *[
            pytest.param({"name_in_storage": folder}, "dataset_name_in_storage", id=f"the folder {folder[:12]!r}")
            for folder in ("", ".", "..", "/", "a/b", "../a", "/a", "a/", ".git", "._a", "__MACOSX", "images", "annotations", "a\nb", "a\0", "\ud800", f"a{FORMER_MARK}", "x" * (MAX_FOLDER + 1), "é" * 128)
        ],
    ],
)  # fmt: skip
def test_what_no_dataset_can_have_is_refused_by_the_name_of_its_field(datasets, ann, given, field):
    dataset = datasets.create(ann, "cats", None)

    with pytest.raises(InvalidInput) as refused:
        datasets.create(ann, **{"name": None, "description": None, **given})
    assert refused.value.field == field

    with pytest.raises(InvalidInput):
        datasets.change(ann, dataset.id, **given)
    assert datasets.all(ann) == [dataset]


@pytest.mark.parametrize("given", [{"name": "x" * MAX_NAME}, {"name": ""}, {"description": "two\nlines"}, {"name_in_storage": "é" * 127}, {"name_in_storage": "a b.c"}])  # fmt: skip
def test_what_just_fits_is_taken(datasets, ann, given):
    made = datasets.create(ann, **{"name": None, "description": None, **given})

    assert given.items() <= dataclasses.asdict(made).items()


def test_a_change_leaves_what_is_not_given(datasets, mirrored, ann):
    first, second = mirrored(ann), mirrored(ann)
    made = datasets.create(ann, "cats", "all of them", first, "cats")

    assert datasets.change(ann, made.id) == made
    assert datasets.change(ann, made.id, name="dogs") == dataclasses.replace(made, name="dogs")
    changed = datasets.change(ann, made.id, description="", connection_id=second, name_in_storage="dogs")
    assert changed == dataclasses.replace(
        made, name="dogs", description="", connection_id=second, name_in_storage="dogs"
    )
    assert datasets.get(ann, made.id) == changed


def test_a_removed_dataset_is_gone_and_its_connection_stays(datasets, services, mirrored, ann):
    connection = mirrored(ann)
    made = datasets.create(ann, "cats", None, connection)

    assert datasets.remove(ann, made.id) == made

    assert datasets.all(ann) == []
    with pytest.raises(NotFound):
        datasets.remove(ann, made.id)
    assert services.connections.get(ann, connection)
    assert services.synchronisation.folder(connection).is_dir()


USES = {
    "get": lambda datasets, caller, dataset: datasets.get(caller, dataset),
    "change": lambda datasets, caller, dataset: datasets.change(caller, dataset, name="mine"),
    "remove": lambda datasets, caller, dataset: datasets.remove(caller, dataset),
    "synchronise": lambda datasets, caller, dataset: datasets.synchronise(caller, dataset),
    "frames": lambda datasets, caller, dataset: datasets.frames(caller, dataset, Part.TRAIN, 1),
    "annotations": lambda datasets, caller, dataset: datasets.annotations(
        caller, dataset, Part.TRAIN, Form.CLASSIFICATION, 1
    ),
    "problems": lambda datasets, caller, dataset: datasets.problems(caller, dataset),
}
EACH_USE = pytest.mark.parametrize("use", USES.values(), ids=USES)


@EACH_USE
def test_another_user_is_told_that_there_is_no_such_dataset(datasets, mirrored, ann, bob, use):
    made = datasets.create(ann, "cats", None, mirrored(ann))

    with pytest.raises(NotFound):
        use(datasets, bob, made.id)

    assert datasets.all(bob) == []
    assert datasets.get(ann, made.id) == made


@EACH_USE
@pytest.mark.parametrize("dataset", ["None", "all", "", "5", "../x", "\ud800", "3f2504e0-4f89-41d3-9a0c-0305e82c3301"])
def test_an_id_that_is_none_is_not_found(datasets, ann, use, dataset):
    with pytest.raises(NotFound):
        use(datasets, ann, dataset)


@EACH_USE
def test_an_admin_may_do_it_too(datasets, mirrored, people, ann, use):
    admin = people.user("root", "admin")
    made = datasets.create(ann, "cats", None, mirrored(ann))

    assert datasets.all(admin) == [made]
    use(datasets, admin, made.id)


@pytest.mark.parametrize("use", [USES[name] for name in ("change", "remove", "synchronise")])
def test_a_key_that_may_only_read_changes_nothing(datasets, mirrored, ann, use):
    made = datasets.create(ann, "cats", None, mirrored(ann))
    reading = dataclasses.replace(ann, read_only=True)

    with pytest.raises(NotAllowed):
        use(datasets, reading, made.id)
    with pytest.raises(NotAllowed):
        datasets.create(reading, None, None)

    assert datasets.all(reading) == [made]
    assert datasets.frames(reading, made.id, Part.TRAIN, 1).quantity == 1


def test_a_worker_makes_and_synchronises_none(datasets, people, services):
    worker = people.user("wim", "worker")

    with pytest.raises(NotAllowed, match="worker"):
        datasets.create(worker, None, None)
    with pytest.raises(NotAllowed, match="worker"):
        datasets.synchronise(worker, "anything")

    assert services.jobs.list(include_finished=True, limit=9) == []


def test_the_command_line_is_no_user_who_could_own_a_dataset(datasets):
    with pytest.raises(NotAllowed, match="belongs to a user"):
        datasets.create(OPERATOR, None, None)


@pytest.mark.parametrize("connection", ["another's", "None", "", "\ud800", "3f2504e0-4f89-41d3-9a0c-0305e82c3301"])
def test_a_connection_that_the_caller_cannot_see_is_not_found(datasets, mirrored, ann, bob, connection):
    if connection == "another's":
        connection = mirrored(bob)
    made = datasets.create(ann, "cats", None)

    with pytest.raises(NotFound):
        datasets.create(ann, None, None, connection)
    with pytest.raises(NotFound):
        datasets.change(ann, made.id, connection_id=connection)

    assert datasets.all(ann) == [made]


def test_frames_annotations_and_problems_are_read_from_the_mirror(datasets, mirrored, ann):
    connection = mirrored(ann)
    direct, cats = datasets.create(ann, None, None, connection), datasets.create(ann, None, None, connection, "cats")

    assert datasets.frames(ann, direct.id, Part.TRAIN, 10) == Frames(1, ["a"])
    assert datasets.frames(ann, cats.id, Part.TRAIN, 10) == Frames(0, [])
    assert datasets.frames(ann, cats.id, Part.VAL, 10) == Frames(1, ["c"])
    labels = datasets.annotations(ann, direct.id, Part.TRAIN, Form.CLASSIFICATION, 1)
    assert (labels.quantity, labels.content) == (2, LABELS[:1])
    [problem] = datasets.problems(ann, direct.id)
    assert (problem.path, "'gone'" in problem.message) == ("annotations/train/a.json", True)
    assert datasets.problems(ann, direct.id, limit=0) == []
    assert datasets.problems(ann, cats.id) == []


@pytest.mark.parametrize("bound", [True, False], ids=["not mirrored yet", "unbound"])
def test_before_anything_was_mirrored_there_is_nothing_to_read(datasets, mirrored, ann, bound):
    made = datasets.create(ann, None, None, mirrored(ann, files={}) if bound else None)

    assert datasets.frames(ann, made.id, Part.TRAIN, 10) == Frames(0, [])
    assert datasets.problems(ann, made.id) == []
    for form in Form:
        found = datasets.annotations(ann, made.id, Part.TRAIN, form, None)
        assert (found.form, found.quantity) == (form, 0)
        assert found.content["images"] == [] if form is Form.DETECTION else found.content == []


def test_a_deleted_connection_leaves_its_datasets_unbound_and_empty(datasets, services, mirrored, ann):
    connection = mirrored(ann)
    made = datasets.create(ann, "cats", None, connection, "cats")

    services.connections.delete(ann, connection)

    assert datasets.get(ann, made.id) == dataclasses.replace(made, connection_id=None)
    assert datasets.frames(ann, made.id, Part.VAL, 10) == Frames(0, [])


def test_who_may_no_longer_see_the_connection_may_no_longer_read_its_mirror(datasets, services, mirrored, people, bob):
    ann = people.user("ann", team="supervisor")
    team = people.organisation("team")
    owner = people.joins(bob, "team", "owner")
    connection = mirrored(owner, organisation_id=team)
    made = datasets.create(ann, None, None, connection)
    assert datasets.frames(ann, made.id, Part.TRAIN, 1).quantity == 1

    people.leaves(ann, "team")
    gone = dataclasses.replace(ann, memberships={})

    for name in ("frames", "annotations", "problems", "synchronise"):
        with pytest.raises(NotFound):
            USES[name](datasets, gone, made.id)
    assert services.jobs.list(include_finished=True, limit=9) == []


def test_synchronising_a_dataset_mirrors_its_connection(datasets, mirrored, ann):
    connection = mirrored(ann)
    made = datasets.create(ann, None, None, connection)

    job = datasets.synchronise(ann, made.id)

    assert (job.kind, job.arguments["connection"], job.owner_id) == (KIND, connection, ann.user_id)


def test_synchronising_an_unbound_dataset_says_what_to_do(datasets, ann):
    made = datasets.create(ann, None, None)

    with pytest.raises(InvalidInput, match="cloud_storage_id"):
        datasets.synchronise(ann, made.id)


def test_synchronising_a_connection_binds_the_newest_unbound_dataset_of_the_caller(datasets, mirrored, ann, bob):
    connection, other = mirrored(ann), mirrored(ann)
    older = datasets.create(ann, "older", None)
    newer = datasets.create(ann, "newer", None, name_in_storage="cats")
    datasets.create(ann, "bound", None, other)
    datasets.create(bob, "another's", None)

    job = datasets.synchronise(ann, connection)

    assert job.arguments["connection"] == connection
    assert {dataset.name: dataset.connection_id for dataset in [*datasets.all(ann), *datasets.all(bob)]} == {
        "older": None,
        "newer": connection,
        "bound": other,
        "another's": None,
    }
    assert datasets.get(ann, newer.id).name_in_storage == "cats"
    assert datasets.synchronise(ann, connection).id == job.id  # the same, while it is unfinished
    assert datasets.get(ann, older.id).connection_id is None  # one is bound now: no other is taken


def test_synchronising_a_connection_needs_no_dataset(datasets, mirrored, ann):
    connection = mirrored(ann)

    assert datasets.synchronise(ann, connection).arguments["connection"] == connection
    assert datasets.all(ann) == []


def test_a_connection_of_another_user_binds_nothing(datasets, services, mirrored, ann, bob):
    made = datasets.create(ann, None, None)

    with pytest.raises(NotFound):
        datasets.synchronise(ann, mirrored(bob))

    assert datasets.get(ann, made.id) == made
    assert services.jobs.list(include_finished=True, limit=9) == []


def test_a_connection_that_is_synchronised_twice_at_once_binds_one_dataset(datasets, mirrored, ann):
    connection = mirrored(ann)
    for number in range(4):
        datasets.create(ann, str(number), None)
    threads = [threading.Thread(target=datasets.synchronise, args=(ann, connection)) for _ in range(4)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [dataset.name for dataset in datasets.all(ann) if dataset.connection_id] == ["3"]


def test_the_datasets_of_a_removed_user_are_gone(datasets, people, ann):
    datasets.create(ann, None, None)

    people.remove(ann)

    assert datasets.all(people.user("root", "admin")) == []
