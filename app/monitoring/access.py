"""Who may read the metrics: whoever has the token; without one, programs of this machine alone."""

import hmac
import ipaddress
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reader:
    """What a request tells of who sent it.

    Attributes:
        authorization: the header of that name.
        peer: the address it came from, as far as proxies are trusted.
        is_forwarded: a proxy that nobody trusts says that it came from elsewhere.
    """

    authorization: str
    peer: str
    is_forwarded: bool


def may_read(token: str, reader: Reader) -> bool:
    """Return whether ``reader`` may read the metrics; ``token`` is METRICS_TOKEN, empty for none."""
    if token:
        return hmac.compare_digest(reader.authorization.encode(), f"Bearer {token}".encode())
    return _is_loopback(reader.peer) and not reader.is_forwarded


def _is_loopback(peer: str) -> bool:
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback
