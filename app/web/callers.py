"""Who is calling: looks at what a request presents, proves it once, and keeps it for the request."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from flask import g, request

from app.accounts.caller import Caller, Role
from app.errors import CallerUnknown, DatabaseUnavailable, InvalidLogin
from app.monitoring.context import bind
from app.web.credentials import Place, Presented, Proof, presented
from app.web.parameters import query_keys
from app.web.scoped import require_scope
from app.web.services import current_services

_UNKNOWN = "Say who you are: with a key, with a name and a password, or by signing in at /session."
_OF_THE_REQUEST = "sluice_recognised"


@dataclass(frozen=True, slots=True)
class _Recognised:
    caller: Caller | None
    session: str | None = field(default=None, repr=False)
    key: str | None = field(default=None, repr=False)


def current_caller() -> Caller | None:
    """Return who is calling, None when nobody says so; a session that has ended says nothing.

    Raises:
        InvalidLogin: what was presented proves nothing; it is never taken for nobody.
        CallerUnknown: what was presented cannot be read, or came more than once.
        NotAllowed: he came with a key whose scopes do not include this view.
        TooManyAttempts: too many wrong passwords came of late.
    """
    return _recognised().caller


def required_caller() -> Caller:
    """Return who is calling; raises as `current_caller` does.

    Raises:
        CallerUnknown: also when nobody says who he is.
    """
    caller = current_caller()
    if caller is None:
        raise CallerUnknown(_UNKNOWN)
    return caller


def current_session() -> str | None:
    """Return the token of the session by which the caller is known, None when it is by something else."""
    return _recognised().session


def current_key() -> str | None:
    """Return the key by which the caller is known, None when it is by something else."""
    return _recognised().key


def presented_session() -> str | None:
    """Return the token in the request's session cookie, whether it is good or not and whatever else came."""
    return next(iter(_cookie()), None)


def known_user() -> int | None:
    """Return the id of the user whom this request has proved to come from so far; asks nothing, raises nothing."""
    found: _Recognised | None = g.get(_OF_THE_REQUEST)
    return None if found is None or found.caller is None else found.caller.user_id


def caller_stands() -> Callable[[], bool]:
    """Return what tells, also after the request is over, whether its caller is still proved, and of the same role.

    An answer that lasts must not outlive a key that is revoked, a session that ends, or a user who is disabled. Of who
    came with a password only the user is looked at. While the database is down nothing has changed; who said nothing
    stands for ever.
    """
    shown, caller = presented(_sent()), current_caller()
    if shown is None or caller is None:
        return lambda: True
    authentication = current_services().authentication

    def stands() -> bool:
        with suppress(DatabaseUnavailable):
            return _role_now(authentication, shown, caller) is caller.role
        return True

    return stands


def jobs_owner() -> int | None:
    """Return the id of the user whose jobs the caller may see, None for everybody's.

    An admin sees all, and so does who says nothing while ``SYNC_AUTH=open``: then that is the person at this machine.

    Raises:
        CallerUnknown: nobody says who he is, and ``SYNC_AUTH=required``.
    """
    closed = current_services().settings.sync_auth != "open"
    caller = required_caller() if closed else current_caller()
    return None if caller is None or caller.is_admin else caller.user_id


def _recognised() -> _Recognised:
    if _OF_THE_REQUEST not in g:
        came = _recognise(presented(_sent()))
        if came.caller is not None:
            require_scope(came.caller)
            bind(user_id=came.caller.user_id)
        setattr(g, _OF_THE_REQUEST, came)
    found: _Recognised = g.get(_OF_THE_REQUEST)
    return found


def _recognise(shown: Presented | None) -> _Recognised:
    if shown is None:
        return _Recognised(None)
    authentication = current_services().authentication
    if shown.proof is Proof.PASSWORD:
        return _Recognised(authentication.by_password(shown.name, shown.secret, client_address()))
    if shown.proof is Proof.KEY:
        return _Recognised(_owner(authentication.by_key(shown.secret), shown.name), key=shown.secret)
    try:
        return _Recognised(authentication.by_session(shown.secret), shown.secret)
    except InvalidLogin:
        return _Recognised(None)  # a browser sends cookies whether anybody wants that or not


def _role_now(authentication: Any, shown: Presented, caller: Caller) -> Role | None:
    try:
        if shown.proof is Proof.KEY:
            now = authentication.by_key(shown.secret)
        elif shown.proof is Proof.SESSION:
            now = authentication.by_session(shown.secret)
        else:
            now = authentication.caller_of(caller.user_id)
    except InvalidLogin:
        return None
    return now.role if now is not None else None


def _owner(caller: Caller, name: str | None) -> Caller:
    if name and name.lower() != caller.name:
        raise InvalidLogin("The key is not this user's. Leave the name out, or use the name of the key's owner.")
    return caller


def client_address() -> str:
    """Return the address of the machine that calls, as the proxies that are trusted tell it."""
    return request.remote_addr or ""


def _sent() -> dict[Place, Sequence[str]]:
    return {
        Place.AUTHORIZATION: _header(Place.AUTHORIZATION),
        Place.API_KEY: _header(Place.API_KEY),
        Place.QUERY: query_keys(),
        Place.COOKIE: _cookie(),
    }


def _header(name: str) -> Sequence[str]:
    """Return a header's values as they are: ``request.authorization`` would put a key into lower case.

    Servers join what came twice by a comma, which no form holds.
    """
    raw = request.headers.get(name)
    return [] if raw is None else raw.split(",")


def _cookie() -> Sequence[str]:
    """Return the cookie unless it is empty or came twice: then another application of this host set one as well."""
    values = request.cookies.getlist(Place.COOKIE)
    return values if len(values) == 1 and values[0].strip() else []
