"""Who may read the metrics: whoever has the token; without one, programs of this machine alone."""

import hmac
import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass

_SIGNS = ("HTTP_X_FORWARDED", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")
"""How the names of the headers begin by which proxies are noticed, as WSGI writes them."""

_PORT = re.compile(r":\d{1,5}\Z")


@dataclass(frozen=True, slots=True)
class Reader:
    """What a request tells of who sent it.

    Attributes:
        authorization: the header of that name.
        peer: the address it came from, as far as proxies are trusted.
        is_forwarded: something says that it came from elsewhere.
    """

    authorization: str
    peer: str
    is_forwarded: bool


def may_read(token: str, reader: Reader) -> bool:
    """Return whether ``reader`` may read the metrics; ``token`` is METRICS_TOKEN, empty for none."""
    if token:
        scheme, _, shown = reader.authorization.partition(" ")
        return scheme.lower() == "bearer" and hmac.compare_digest(shown.strip().encode(), token.encode())
    return _is_loopback(reader.peer) and not reader.is_forwarded


def was_forwarded(environ: Iterable[str]) -> bool:
    """Return whether a header of a WSGI environment shows a proxy, trusted or not.

    Which addresses a proxy serves nobody here knows: one on this machine lets all the world in.
    """
    return any(name.startswith(_SIGNS) for name in environ)


def is_local_name(host: str) -> bool:
    """Return whether a Host header names this machine from within: a page of the web cannot have such a name."""
    name = _PORT.sub("", host).removeprefix("[").removesuffix("]")
    return name.lower() == "localhost" or _is_loopback(name)


def _is_loopback(peer: str) -> bool:
    try:
        address = ipaddress.ip_address(peer)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback
