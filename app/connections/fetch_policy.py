"""Which addresses users may have this service ask: none inside of the operator's network that he did not name.

For files that are fetched, and for webhooks.
"""

import re
import socket
from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urljoin

from app.connections.endpoints import Endpoint, read_endpoint
from app.connections.host_lists import HostList
from app.connections.hosts import is_local_name, literal_of
from app.connections.networks import METADATA_NAMES, IPAddress, can_hold_storage, faces_of, is_private, plain
from app.errors import AddressRefused
from app.settings import Settings

_SHAPE = re.compile(r"(https?://[^/?#\\]*)([^#\\]*)(?:#.*)?", re.ASCII | re.IGNORECASE)
_LONGEST = 8192
_UNREADABLE = "The address has no host name, address or port that can be read."


class WebAddress(NamedTuple):
    """An address on the web.

    Attributes:
        endpoint: scheme, host and port.
        target: the path and the query, as they were written.
    """

    endpoint: Endpoint
    target: str

    @property
    def url(self) -> str:
        """The whole address, without a fragment."""
        return self.endpoint.url + self.target

    @property
    def shown(self) -> str:
        """The address without its query, which may hold a token."""
        return self.endpoint.url + self.target.partition("?")[0]


class Words(NamedTuple):
    """What sentences about an address that is refused say.

    Attributes:
        setting: what the operator can name hosts in.
        refused: what becomes of a host.
        done: what becomes of others.
    """

    setting: str = "FETCH_HOSTS_ALLOWED"
    refused: str = "is not fetched from"
    done: str = "fetched"


class FetchPolicy:
    """Which addresses may be asked. Thread-safe, never changed.

    An address is looked at as it is written (`read`), when it is asked for (`refuse_resolution`), and at every
    connection (`forbids`), since a name can lead elsewhere a moment later. What `can_hold_storage` denies is refused
    always.

    Args:
        allowed: hosts that may lead inside, in the forms of STORAGE_HOSTS_ALLOWED.
        denied: hosts that are not asked, in the same forms; wins.
        words: what sentences about an address that is refused say.

    Raises:
        SettingsError: an entry is none.
    """

    def __init__(self, allowed: Sequence[str] = (), denied: Sequence[str] = (), words: Words | None = None) -> None:
        self._words = words or Words()
        self._allowed = HostList.parse(self._words.setting, allowed)
        self._denied = HostList.parse("STORAGE_HOSTS_DENIED", denied)

    @classmethod
    def of(cls, settings: Settings) -> "FetchPolicy":
        """Return the policy for what is fetched; raises as the class does."""
        return cls(settings.fetch_hosts_allowed, settings.storage_hosts_denied)

    @classmethod
    def of_webhooks(cls, settings: Settings) -> "FetchPolicy":
        """Return the policy for webhooks; raises as the class does."""
        words = Words("WEBHOOK_HOSTS_ALLOWED", "is not called", "called")
        return cls(settings.webhook_hosts_allowed, settings.storage_hosts_denied, words)

    def read(self, url: str, base: WebAddress | None = None) -> WebAddress:
        """Return an address that may be fetched, as far as its text tells. No name is resolved.

        Args:
            url: as a user wrote it; with a ``base``, as a redirect from there has it.
            base: the address that redirects.

        Raises:
            AddressRefused: it is no http(s) address, holds a name or password, or leads inside.
        """
        address = _read(_joined(base, url.strip()) if base else url, self._words.done)
        host = address.endpoint.host
        literal = literal_of(host)
        if host in METADATA_NAMES:
            raise AddressRefused(f"{host} {self._words.refused}: it can be a cloud's metadata service.")
        if self._denied.has_name(host):
            raise AddressRefused(self._denied_sentence(host))
        if literal is not None and (refusal := self._refusal_of(literal, host)):
            raise AddressRefused(refusal)
        if is_local_name(host) and not self._allowed.has_name(host):
            raise AddressRefused(self._inside(host))
        return address

    def refuse_resolution(self, address: WebAddress) -> None:
        """Look at all that the name of an address resolves to now. A name that nobody knows is not refused.

        Raises:
            AddressRefused: it leads inside.
        """
        host = address.endpoint.host
        try:
            found = socket.getaddrinfo(host, address.endpoint.place[-1], type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        for *_, place in found:
            if refusal := self._refusal_at(host, str(place[0])):
                raise AddressRefused(refusal)

    def forbids(self, host: str, ip: str) -> bool:
        """Return whether no connection for this host may go to this IP address; True for what is none."""
        return self._refusal_at(host, ip) is not None

    def _refusal_at(self, host: str, ip: str) -> str | None:
        literal = literal_of(ip.partition("%")[0])
        return self._no_hosts(host) if literal is None else self._refusal_of(literal, host)

    def _refusal_of(self, literal: IPAddress, host: str) -> str | None:
        """Return why nothing at this address is fetched for this host, if so."""
        if not can_hold_storage(literal):
            return self._no_hosts(host)
        if any(map(self._denied.has_address, faces_of(literal))):
            return self._denied_sentence(host)
        named = self._allowed.has_name(host) or self._allowed.has_address(plain(literal))
        return self._inside(host) if is_private(literal) and not named else None

    def _no_hosts(self, host: str) -> str:
        return f"{host} {self._words.refused}: it is no host's, or can be a cloud's metadata service."

    def _denied_sentence(self, host: str) -> str:
        return f"{host} {self._words.refused}: it is among STORAGE_HOSTS_DENIED."

    def _inside(self, host: str) -> str:
        return (
            f"{host} {self._words.refused}: it leads to this machine or its network. "
            f"Who runs this service can allow it in {self._words.setting}."
        )


def _joined(base: WebAddress, url: str) -> str:
    try:
        return urljoin(base.url, url)
    except ValueError:
        raise AddressRefused(_UNREADABLE) from None


def _read(url: str, done: str) -> WebAddress:
    text = url.strip()
    shape = _SHAPE.fullmatch(text)
    if shape is None or len(text) > _LONGEST or any(c.isspace() or not c.isprintable() for c in text):
        raise AddressRefused(f"Only http and https addresses can be {done}, without spaces or control characters.")
    if "@" in shape[1]:
        raise AddressRefused("Leave names and passwords out of the address.")
    try:
        return WebAddress(read_endpoint(shape[1]), shape[2] or "/")
    except ValueError:
        raise AddressRefused(_UNREADABLE) from None
