"""A look into cloud storage before anything is copied: the buckets of an authorization, and what is in one of them.

Galaxy had no more than a placeholder here; the form of the answers is ours.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Response, jsonify, request

from app.dialects.galaxy.blueprint import blueprint
from app.dialects.galaxy.bodies import decoded
from app.dialects.galaxy.copy_schemas import Look
from app.dialects.galaxy.documentation import query
from app.dialects.galaxy.errors import MISSING, refuse
from app.dialects.galaxy.translate_authorizations import content_document, refusal_to_look
from app.errors import AuthorizationUnusable, InvalidInput, StorageError
from app.storages.base import LEVEL_LIMIT
from app.web.callers import required_caller
from app.web.services import current_services

USUAL_LIMIT = 100


@blueprint.answers("GET", "/api/cloud/storage")
@blueprint.doc(
    parameters=[
        query("authz_id", "The authorization."),
        query("bucket", "The bucket to look into; without it, the buckets are listed."),
        query("prefix", "What the names start with, as photos/2026/."),
        query("limit", f"At most so many, 1 to {LEVEL_LIMIT}; {USUAL_LIMIT} unless given.", "integer"),
        query("token", "What the last page gave as next_token."),
    ]
)
@blueprint.alt_response(400, description="A parameter, or the authorization, cannot be used.")
@blueprint.alt_response(403, description="The bucket is not there or refuses, or the authorization is somebody else's.")
@blueprint.alt_response(404, description="There is no such authorization.")
@blueprint.response(200, Look)
def look() -> Response:
    """List buckets, or what lies directly below a prefix in one; a page of it. Answers within some ten seconds."""
    authz_id = request.args.get("authz_id")
    if not authz_id:
        refuse(400, MISSING, "Field required in ('query', 'authz_id')")
    number, bucket = decoded(authz_id, "authz"), request.args.get("bucket")
    if bucket:
        return jsonify(_content(number, bucket))
    return jsonify(_buckets(number))


def _buckets(number: int) -> dict[str, Any]:
    """Return a page of the names of buckets; where it ends is where the next one goes on."""
    prefix, token, limit = request.args.get("prefix", ""), request.args.get("token", ""), _limit()
    with _refusing(None):
        names = current_services().authorizations.buckets(required_caller(), number)
    left = [name for name in names if name.startswith(prefix) and name > token]
    page = left[:limit]
    return {"buckets": [{"name": name} for name in page], "next_token": page[-1] if left[limit:] else None}


def _content(number: int, bucket: str) -> dict[str, Any]:
    prefix, token, limit = request.args.get("prefix", ""), request.args.get("token") or None, _limit()
    with _refusing(bucket):
        level = current_services().authorizations.ask(
            required_caller(), number, bucket, lambda storage: storage.browse(prefix, limit, token)
        )
    return content_document(bucket, prefix, level)


def _limit() -> int:
    text = request.args.get("limit") or str(USUAL_LIMIT)
    if not re.fullmatch(r"0*[1-9][0-9]{0,3}", text, re.ASCII) or int(text) > LEVEL_LIMIT:
        raise InvalidInput("limit", f"Use a whole number from 1 to {LEVEL_LIMIT}.")
    return int(text)


@contextmanager
def _refusing(bucket: str | None) -> Iterator[None]:
    """Answer in Galaxy's words why there is nothing to see."""
    try:
        yield
    except (StorageError, AuthorizationUnusable) as error:
        refuse(*refusal_to_look(error, bucket))
    except InvalidInput as error:
        raise InvalidInput("token" if error.field == "next_token" else error.field, error.message) from None
