"""Brings the host of an address, however a user spelt it, into the one form that is compared, kept and connected to.

Every library along the way reads odd spellings in its own way, so what could be read in two ways is refused here.
"""

import ipaddress
import re
import socket
import unicodedata

from app.connections.networks import IPAddress

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?", re.ASCII)
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)
_IDEOGRAPHIC_DOT = "\u3002"

UNREADABLE = "Not a host name or address."


def normal_host(text: str) -> str:
    """Return ``text`` as a lower-case name without a final dot, or as an address in its usual form, without brackets.

    Names of other scripts are returned as they travel (``xn--``), IPv4-mapped addresses as the IPv4 that they mean.

    Raises:
        ValueError: a sentence; it is neither, or libraries disagree about what it is.
    """
    if text.startswith("["):
        return str(_ipv6(text))
    # Compatibility forms first: full-width digits and letters in circles are turned into plain ones by resolvers too.
    host = unicodedata.normalize("NFKC", text).replace(_IDEOGRAPHIC_DOT, ".").lower().removesuffix(".")
    host = host if host.isascii() else _encoded(host)
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return str(_ipv4(host))
    if len(host) > 253 or not all(map(_LABEL.fullmatch, labels)):
        raise ValueError(UNREADABLE)
    return host


def literal_of(host: str) -> IPAddress | None:
    """Return the address that a normal host is, None when it is a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def is_local_name(host: str) -> bool:
    """Return whether this name means the machine itself by the rules for names (RFC 6761)."""
    return host == "localhost" or host.endswith(".localhost")


def _ipv6(text: str) -> IPAddress:
    if not re.fullmatch(r"\[[0-9a-fA-F:.]+\]", text, re.ASCII):
        raise ValueError("Not an IPv6 address. Use one such as [fd00::5], without a zone.")
    try:
        address = ipaddress.IPv6Address(text[1:-1])
    except ValueError:
        raise ValueError(UNREADABLE) from None
    return address.ipv4_mapped or address


def _ipv4(host: str) -> IPAddress:
    """Read what ends in a number as the C library does, which takes ``0x7f.1`` and ``2130706433`` for 127.0.0.1."""
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        raise ValueError(UNREADABLE) from None


def _encoded(host: str) -> str:
    """Return a name of another script as ASCII, unless the two standards for that (2003 and 2008) could differ."""
    try:
        encoded = host.encode("idna").decode("ascii").lower()
        same = encoded.encode("ascii").decode("idna") == host
    except UnicodeError:
        raise ValueError(UNREADABLE) from None
    if not same:
        raise ValueError("This name can be read in two ways. Write it in its xn-- form.")
    return encoded
