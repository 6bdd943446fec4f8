"""What is said of a thing that is not there, or is somebody else's, in Galaxy's words."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.dialects.galaxy.errors import NOT_ACCESSIBLE, NOT_FOUND, NOT_OWNED, refuse
from app.errors import NotAllowed, NotFound


@contextmanager
def looking_at(model: str) -> Iterator[None]:
    """Answer 404 or 403 where the ``model`` (as ``History``) that is looked at is not there, or not for the caller."""
    try:
        yield
    except NotFound:
        refuse(404, NOT_FOUND, f"{model} not found")
    except NotAllowed:
        refuse(403, NOT_ACCESSIBLE, f"{model} is not accessible by user")


@contextmanager
def changing(model: str) -> Iterator[None]:
    """Answer 404 or 403 where the ``model`` that is to be changed is not there, or not the caller's."""
    try:
        yield
    except NotFound:
        refuse(404, NOT_FOUND, f"{model} not found")
    except NotAllowed:
        refuse(403, NOT_OWNED, f"{model} is not owned by user")
