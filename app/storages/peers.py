"""Connections whose other end is looked at first, where somebody else could move the endpoint's name meanwhile.

A name that was checked before a job may lead elsewhere a moment later (DNS rebinding). So the name is resolved here
once for each connection, every address is asked about, and the connection goes to one of just these. With a forbidden
address no connection is begun, so no byte arrives there. For the drivers whose vendor's package uses urllib3.
"""

import socket
from collections.abc import Callable
from typing import Any

from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

from app.errors import StorageUnreachable

Forbids = Callable[[str], bool]


def checked_pools(
    forbids: Forbids,
    plain: type[HTTPConnectionPool] = HTTPConnectionPool,
    secure: type[HTTPSConnectionPool] = HTTPSConnectionPool,
) -> dict[str, type]:
    """Return urllib3's pool classes by scheme, for ``PoolManager.pool_classes_by_scheme``.

    Their connections raise `StorageUnreachable` before they begin where ``forbids`` answers True.

    Args:
        forbids: asked with an IP address, before each connection.
        plain: what is made of them, for http.
        secure: the same for https.
    """
    plain_connection: Any = plain.ConnectionCls
    secure_connection: Any = secure.ConnectionCls

    class PlainConnection(plain_connection):  # type: ignore[misc]  # a class that is given
        def _new_conn(self) -> socket.socket:
            return _connected(self, forbids)

    class SecureConnection(secure_connection):  # type: ignore[misc]  # a class that is given
        def _new_conn(self) -> socket.socket:
            return _connected(self, forbids)

    class PlainPool(plain):  # type: ignore[valid-type, misc]  # a class that is given
        ConnectionCls = PlainConnection

    class SecurePool(secure):  # type: ignore[valid-type, misc]  # a class that is given
        ConnectionCls = SecureConnection

    return {"http": PlainPool, "https": SecurePool}


def _connected(connection: Any, forbids: Forbids) -> socket.socket:
    """Return a socket that is connected to the host of ``connection``, and raise as urllib3 does."""
    failure: OSError | None = None
    for ip in _allowed_addresses(connection, forbids):
        try:
            return create_connection(
                (ip, connection.port), connection.timeout, connection.source_address, connection.socket_options
            )
        except OSError as error:
            failure = error
    if isinstance(failure, TimeoutError):
        raise ConnectTimeoutError(connection, "No connection in time.") from failure
    raise NewConnectionError(connection, f"No connection: {failure}") from failure


def _allowed_addresses(connection: Any, forbids: Forbids) -> list[str]:
    """Resolve the host of ``connection``; one forbidden address among several is enough to refuse them all."""
    try:
        found = socket.getaddrinfo(connection.host, connection.port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        raise NameResolutionError(connection.host, connection, error) from error
    ips = [str(place[0]) for *_, place in found]
    if any(map(forbids, ips)):
        raise StorageUnreachable(
            f"{connection.host} leads to an address that is refused here, as a cloud's metadata service is. "
            "Check the address; who runs this service can allow it."
        )
    return ips
