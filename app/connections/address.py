"""The one policy for storage addresses that users name: http(s) only, and never a cloud's metadata service."""

import ipaddress
import socket
from collections.abc import Sequence
from urllib.parse import urlsplit

from app.errors import InvalidInput, StorageUnreachable

METADATA_ADDRESSES = frozenset({"fd00:ec2::254", "100.100.100.200", "192.0.0.192"})
"""Metadata services outside the link-local ranges: AWS over IPv6, Alibaba, Oracle."""

FIELD = "storage_url"


def normal_address(url: str, allowed_hosts: Sequence[str] = ()) -> str:
    """Return ``url`` as ``scheme://host[:port]``, lower case, without what adds nothing.

    Args:
        url: what a user gave.
        allowed_hosts: when not empty, the only host names or addresses that are accepted.

    Raises:
        InvalidInput: for ``storage_url``: it is not an http(s) address, or policy refuses it.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise InvalidInput(FIELD, "Not an address. Use one such as http://minio:9000.") from None
    if parts.scheme not in ("http", "https") or not host or any(c.isspace() or ord(c) < 32 for c in url.strip()):
        raise InvalidInput(FIELD, "Use an http or https address such as http://minio:9000.")
    if parts.username is not None or parts.password is not None:
        raise InvalidInput(FIELD, "Leave keys out of the address; use access_key and secret_key.")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise InvalidInput(FIELD, "Use scheme, host and port only; the bucket goes into dest.")
    if allowed_hosts and host not in {allowed.lower() for allowed in allowed_hosts}:
        raise InvalidInput(FIELD, f"The host {host} is not among STORAGE_HOSTS_ALLOWED.")
    literal = _literal(host)
    if literal is not None and _is_forbidden(literal):
        raise InvalidInput(FIELD, f"The address {host} is refused: it can be a cloud's metadata service.")
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}" + (f":{port}" if port is not None else "")


def refuse_forbidden_resolution(url: str) -> None:
    """Resolve the host of a normal address just before it is used.

    Raises:
        StorageUnreachable: the name is unknown, or leads to an address that policy refuses.
    """
    parts = urlsplit(url)
    try:
        found = socket.getaddrinfo(parts.hostname, parts.port or 80, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise StorageUnreachable(f"The host name of {url} is unknown. Check storage_url.") from None
    for *_, address in found:
        if _is_forbidden(ipaddress.ip_address(str(address[0]).partition("%")[0])):
            raise StorageUnreachable(f"{url} leads to an address that can be a cloud's metadata service; refused.")


def target_of(url: str, bucket: str) -> str:
    """Return the identity of a bucket, equal for the usual spellings of one endpoint."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    literal = _literal(host)
    if host == "localhost" or (literal is not None and literal.is_loopback):
        host = "127.0.0.1"
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return f"s3://{host}:{port}/{bucket}"


def _literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the address that ``host`` spells, in the loose forms too that the C library takes (0x7f.1, 2130706433)."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, UnicodeError):
        return None


def _is_forbidden(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None:
        return _is_forbidden(mapped)
    return address.is_link_local or address.is_multicast or address.is_unspecified or str(address) in METADATA_ADDRESSES
