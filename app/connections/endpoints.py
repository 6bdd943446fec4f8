"""Reads the address of a storage as a user writes it: scheme, host and port, and nothing else."""

import re
from typing import NamedTuple

from app.connections.hosts import normal_host

_SHAPE = re.compile(r"(https?)://([^/?#\\]*)/?", re.ASCII | re.IGNORECASE)
_HOST_AND_PORT = re.compile(r"(\[[^\[\]]*\]|[^:\[\]]*)(?::([0-9]{1,5}))?", re.ASCII)
_LONGEST = 2048
_PORTS = {"http": 80, "https": 443}


class Endpoint(NamedTuple):
    """An address in its parts.

    Attributes:
        scheme: ``http`` or ``https``.
        host: see `normal_host`.
        port: None where none was given.
    """

    scheme: str
    host: str
    port: int | None

    @property
    def url(self) -> str:
        """The address in its normal form, ``scheme://host[:port]``."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + (f":{self.port}" if self.port is not None else "")

    @property
    def place(self) -> tuple[str, str, int]:
        """What is equal for two spellings of one address."""
        return self.scheme, self.host, self.port or _PORTS[self.scheme]


def read_endpoint(url: str) -> Endpoint:
    """Read an address; white space around it is of no account.

    Raises:
        ValueError: a sentence that says what is wrong with it, without quoting it: it may hold a password.
    """
    text = url.strip()
    if len(text) > _LONGEST or any(c.isspace() or not c.isprintable() for c in text):
        raise ValueError("Not an address. Use one such as http://minio:9000.")
    shape = _SHAPE.match(text)
    if shape is None or not shape[2]:
        raise ValueError("Use an http or https address such as http://minio:9000.")
    if "@" in shape[2]:
        raise ValueError("Leave keys out of the address; they have parameters of their own.")
    if shape.end() != len(text):
        raise ValueError("Use scheme, host and port only; the bucket has a parameter of its own.")
    parts = _HOST_AND_PORT.fullmatch(shape[2])
    if parts is None or not parts[1] or not _is_port(parts[2]):
        raise ValueError("Not a host and a port from 1 to 65535. Use an address such as http://minio:9000.")
    return Endpoint(shape[1].lower(), normal_host(parts[1]), int(parts[2]) if parts[2] else None)


def _is_port(text: str | None) -> bool:
    return text is None or 1 <= int(text) <= 65535
