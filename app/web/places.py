"""Tells the server of a request that holds its thread for as long as its client likes, by one of few places."""

from flask import request


def has_place() -> None:
    """Say that this request has taken such a place: the server waits for its client longer than for others.

    Servers that wait for everybody know nothing of it.
    """
    tell = getattr(request.environ.get("gunicorn.socket"), "has_place", None)
    if tell is not None:
        tell()
