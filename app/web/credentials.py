"""Every form in which a client says who it is, as one table; pure: no request, no database.

Tests, ``docs/accounts.md`` and the OpenAPI documents follow `FORMS`.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.accounts.tokens import is_key
from app.errors import CallerUnknown


class Place(StrEnum):
    """The part of a request that holds it, by the name that people know; in the order in which they are looked at."""

    AUTHORIZATION = "Authorization"  #: the header
    API_KEY = "x-api-key"  #: the header
    QUERY = "key"  #: the parameter of the query string
    COOKIE = "sessionid"  #: the cookie


class Proof(StrEnum):
    """What proves who somebody is."""

    KEY = "key"
    PASSWORD = "password"  # noqa: S105  # the word itself
    SESSION = "session"


@dataclass(frozen=True, slots=True)
class Form:
    """One form.

    Attributes:
        name: what OpenAPI documents call it.
        start: how the value begins, in upper or lower case; what follows is the proof.
        example: the value as a whole.
        scheme: the form as an OpenAPI 3.0 security scheme.
    """

    name: str
    place: Place
    start: str
    proof: Proof
    example: str
    scheme: Mapping[str, Any] = field(repr=False)


def _in(where: str, place: Place, description: str) -> Mapping[str, Any]:
    return {"type": "apiKey", "in": where, "name": place.value, "description": description}


FORMS = (
    Form(
        "basic", Place.AUTHORIZATION, "Basic ", Proof.PASSWORD, "Basic base64(NAME:PASSWORD)",
        {"type": "http", "scheme": "basic", "description": "A key may stand in the place of the password."},
    ),
    Form(
        "token", Place.AUTHORIZATION, "Token ", Proof.KEY, "Token KEY",
        _in("header", Place.AUTHORIZATION, "Type Token, a space, and the key."),
    ),
    Form(
        "bearer", Place.AUTHORIZATION, "Bearer ", Proof.KEY, "Bearer KEY",
        {"type": "http", "scheme": "bearer", "description": "A key."},
    ),
    Form(
        # cval-lib sends neither a scheme's word nor a space.
        "user_api_key", Place.AUTHORIZATION, "user_api_key:", Proof.KEY, "user_api_key:KEY",
        _in("header", Place.AUTHORIZATION, "Type user_api_key, a colon, and the key."),
    ),
    Form("x_api_key", Place.API_KEY, "", Proof.KEY, "KEY", _in("header", Place.API_KEY, "A key.")),
    Form(
        "key", Place.QUERY, "", Proof.KEY, "KEY",
        _in("query", Place.QUERY, "A key. Browsers remember addresses, so use another form where you can."),
    ),
    Form(
        "session", Place.COOKIE, "", Proof.SESSION, "TOKEN",
        _in("cookie", Place.COOKIE, "What POST /session sets. What changes something wants X-CSRFToken beside it."),
    ),
)  # fmt: skip
"""The first one that a request holds counts."""


@dataclass(frozen=True, slots=True)
class Presented:
    """What a client presents; nothing of it is proved yet.

    Attributes:
        secret: the key, the password, or the token of the session.
        name: the user's name; None where the form has none, and empty where it was left out.
    """

    proof: Proof
    secret: str = field(repr=False)
    name: str | None = None


def presented(sent: Mapping[Place, Sequence[str]]) -> Presented | None:
    """Return what a client presents, None when it presents nothing.

    Args:
        sent: what stands in each place of the request, in the case in which it was sent.

    Raises:
        CallerUnknown: it has no known form, or came more than once: to take either would be a guess.
    """
    for place in Place:
        values = sent.get(place, ())
        if len(values) > 1:
            raise CallerUnknown(f"{place} came more than once, or holds a comma: say once who you are.")
        if values:
            return _read(place, values[0])
    return None


def security(*, optional: bool = False) -> dict[str, Any]:
    """Return the forms as an OpenAPI document has them.

    Args:
        optional: nobody needs to say who he is.
    """
    any_of: list[dict[str, list[str]]] = [{form.name: []} for form in FORMS]
    schemes = {form.name: dict(form.scheme) for form in FORMS}
    return {"components": {"securitySchemes": schemes}, "security": [{}, *any_of] if optional else any_of}


def _read(place: Place, value: str) -> Presented:
    forms = [form for form in FORMS if form.place is place]
    for form in forms:
        if value[: len(form.start)].lower() == form.start.lower():
            return _of(form, value[len(form.start) :].strip())
    raise CallerUnknown(f"{place} cannot be read. It has one of the forms: {', '.join(f.example for f in forms)}.")


def _of(form: Form, text: str) -> Presented:
    if not text:
        raise CallerUnknown(f"{form.place} is there and holds nothing. Its form is: {form.example}.")
    return _basic(text) if form.proof is Proof.PASSWORD else Presented(form.proof, text)


def _basic(text: str) -> Presented:
    try:
        name, colon, password = base64.b64decode(text, validate=True).decode().partition(":")
    except ValueError:
        colon = ""
    if not colon:
        raise CallerUnknown("Authorization cannot be read: after Basic comes NAME:PASSWORD in UTF-8, as base64.")
    return Presented(Proof.KEY if is_key(password) else Proof.PASSWORD, password, name)
