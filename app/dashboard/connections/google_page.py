"""Connecting a Google Drive: a script of the page begins a consent, hears how it ended, and has it finished.

The answers are JSON, for that script alone.
"""

from collections.abc import Callable, Mapping

from flask import Response, jsonify, request

from app.dashboard.blueprint import blueprint
from app.errors import ConsentRefused, NotAllowed, NotConfigured, StorageError, TooBusy
from app.grants.contract import Begun, Completed, Provider
from app.web.callers import required_caller
from app.web.errors import STATUS, class_entry
from app.web.guard import changes_something
from app.web.services import current_services

_TOLD = (ConsentRefused, NotAllowed, NotConfigured, StorageError, TooBusy)
"""What a person can do something about."""


@blueprint.post("/connections/google")
@changes_something
def begin_google() -> Response:
    """Begin a consent: answers where its giver must go."""
    caller, origin = required_caller(), request.headers.get("Origin")

    def begin() -> Mapping[str, str]:
        begun: Begun = current_services().grants.begin(caller, Provider.GOOGLE_DRIVE, None, origin)
        return {"url": begun.url, "state": begun.state}

    return _told(begin)


@blueprint.post("/connections/google/finish")
@changes_something
def finish_google() -> Response:
    """Exchange what Google gave for a connection: answers with the address of its page."""
    caller, sent = required_caller(), request.form

    def finish() -> Mapping[str, str]:
        done: Completed = current_services().grants.complete(
            caller, Provider.GOOGLE_DRIVE, sent.get("code", ""), sent.get("state", "")
        )
        return {"page": f"/connections/{done.grant.connection_id}?done=made"}

    return _told(finish)


def _told(do: Callable[[], Mapping[str, str]]) -> Response:
    try:
        return jsonify(do())
    except _TOLD as error:
        answer = jsonify({"error": str(error)})
        answer.status_code = 502 if isinstance(error, StorageError) else class_entry(STATUS, error)
        return answer
