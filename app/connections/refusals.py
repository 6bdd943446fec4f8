"""What a caller who may not is told, by the rules of ``permissions`` and for keys that may only read."""

from app.accounts.caller import Caller
from app.accounts.permissions import require_may_write
from app.connections.contract import Connection
from app.connections.permissions import may_change, may_create, may_see
from app.connections.store import no_such
from app.errors import NotAllowed


def require_may_create(caller: Caller, organisation_id: int | None) -> None:
    """Return when the caller may make a connection, of this organisation if there is one.

    Raises:
        NotAllowed: he may not.
    """
    if not may_create(caller, organisation_id):
        raise NotAllowed(_MAY_NOT_CREATE if organisation_id is None else _MAY_NOT_CREATE_THERE)
    require_may_write(caller)


def require_may_change(caller: Caller, connection: Connection) -> None:
    """Return when the caller may change or delete the connection.

    Raises:
        NotFound: he may not know that it is there.
        NotAllowed: he may see it, and no more.
    """
    if not may_see(caller, connection):
        raise no_such(connection.id)
    if not may_change(caller, connection):
        raise NotAllowed("You may see this connection and not change it; its owner or a maintainer may.")
    require_may_write(caller)


_MAY_NOT_CREATE = "Your role is worker, which may not make connections. Ask an admin."
_MAY_NOT_CREATE_THERE = "You may not make connections of this organisation; its maintainers and its owner may."
