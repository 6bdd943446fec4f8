"""Between the wire of the cval dialect and the domain. Pure functions."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.connections.contract import CredentialsForm, NewConnection
from app.datasets.contract import Annotations, Dataset, Form, Frames, Part, Problem
from app.datasets.storages import SynchronisedStorage
from app.errors import NotFound

MASK = "*" * 12
"""In the place of a secret key, of whatever length: the client takes any text, and neither null nor nothing."""

PARTS: Mapping[str, Part] = {"training": Part.TRAIN, "test": Part.TEST, "validation": Part.VAL}


def new_connection(given: Mapping[str, Any]) -> NewConnection:
    """Return the connection that the fields of a new storage stand for; it is called as its bucket is."""
    return NewConnection(
        kind="s3",
        name="",
        address={name: given[name] for name in ("endpoint", "bucket")},
        credentials={name: given[name] for name in ("access_key", "secret_key")},
    )


def switched_on(given: Mapping[str, bool]) -> bool:
    """Return the one flag that was given, by whichever name."""
    (flag,) = given.values()
    return flag


def storage_document(storage: SynchronisedStorage, *, clear: bool) -> dict[str, Any]:
    """Return the storage as the wire has it.

    Args:
        storage: what to show.
        clear: show the secret key, as the seed does.
    """
    return {
        "id": storage.connection.id,
        "access_key": storage.access_key,
        "secret_key": storage.secret_key if clear or storage.connection.form is CredentialsForm.ANONYMOUS else MASK,
        "endpoint": storage.connection.url,
        "bucket": storage.connection.bucket,
        "synchronize": storage.synchronise,
    }


def dataset_fields(given: Mapping[str, Any]) -> dict[str, str | None]:
    """Return what the service of datasets calls these fields; None where null or nothing was given."""
    config = given["storage_config"] or {}
    return {
        "name": given["dataset_name"],
        "description": given["dataset_description"],
        "connection_id": config.get("cloud_storage_id"),
        "name_in_storage": config.get("dataset_name_in_storage"),
    }


def dataset_document(dataset: Dataset) -> dict[str, Any]:
    """Return the dataset as the wire has it."""
    return {
        "dataset_id": dataset.id,
        "dataset_name": dataset.name,
        "dataset_description": dataset.description,
        "storage_config": {
            "cloud_storage_id": dataset.connection_id,
            "dataset_name_in_storage": dataset.name_in_storage,
        },
    }


def part_named(word: str) -> Part:
    """Return the part that a segment of a path names.

    Raises:
        NotFound: it names none; the folders in a bucket are called otherwise, and do not count here.
    """
    try:
        return PARTS[word]
    except KeyError:
        raise NotFound(f"There is no such part of a dataset. Use {', '.join(PARTS)}.") from None


def form_named(word: str) -> Form:
    """Return the form of annotations that a segment of a path names.

    Raises:
        NotFound: it names none.
    """
    try:
        return Form(word)
    except ValueError:
        raise NotFound(f"There is no such form of annotations. Use {', '.join(Form)}.") from None


def frames_document(frames: Frames) -> dict[str, Any]:
    """Return the frames of a part as the wire has them."""
    return {"frames_quantity": frames.quantity, "frames": [*frames.ids]}


def annotations_document(dataset_id: str, annotations: Annotations) -> Any:
    """Return annotations as the client's model of their form has them: labels are counted, the others come bare."""
    if annotations.form is Form.CLASSIFICATION:
        return {"dataset_id": dataset_id, "labels_quantity": annotations.quantity, "labels": annotations.content}
    return annotations.content


def problem_documents(problems: Iterable[Problem]) -> list[dict[str, str]]:
    """Return problems as the wire has them."""
    return [{"path": problem.path, "message": problem.message} for problem in problems]
