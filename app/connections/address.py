"""The one policy for storage addresses that users name: http(s) only, and never a cloud's metadata service.

An address is looked at three times: as it is written (`AddressPolicy.normal`), when its name has been resolved just
before a job (`refuse_resolution`), and, where somebody else could move the name in between, at every connection
(`peer_check`).
"""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from enum import IntEnum
from functools import partial

from app.connections.endpoints import Endpoint, read_endpoint
from app.connections.host_lists import HostList
from app.connections.hosts import is_local_name, literal_of
from app.connections.networks import METADATA_NAMES, IPAddress, can_hold_storage, faces_of, is_private, plain
from app.connections.providers import is_of_provider
from app.errors import InvalidInput, SettingsError, StorageUnreachable
from app.settings import Settings

FIELD = "storage_url"
LOOPBACK = ipaddress.IPv4Address("127.0.0.1")


class _Standing(IntEnum):
    """What the operator said of a host; each is spared what those before it are spared, and more."""

    UNNAMED = 0
    LISTED = 1  #: an entry such as *.example.org fits: its addresses need not be in the list of allowed hosts
    NAMED = 2  #: in that list in full: they may be private too
    OWN = 3  #: the storage of STORAGE_URL: neither list concerns it


class AddressPolicy:
    """Which addresses users may name. Thread-safe, never changed.

    Args:
        allowed: hosts in the forms of STORAGE_HOSTS_ALLOWED; empty: all that are not denied.
        denied: hosts in the same forms; wins.
        private_allowed: whether addresses of this machine and of private networks may be named.
        own: the operator's own storage, which the lists do not concern.

    Raises:
        SettingsError: one of these cannot be what it should.
    """

    def __init__(
        self,
        allowed: Sequence[str] = (),
        denied: Sequence[str] = (),
        private_allowed: bool = True,
        own: str = "",
    ) -> None:
        self._allowed = HostList.parse("STORAGE_HOSTS_ALLOWED", allowed)
        self._denied = HostList.parse("STORAGE_HOSTS_DENIED", denied)
        self._private_allowed = private_allowed
        self._own = _own_address(own) if own else None

    @classmethod
    def of(cls, settings: Settings) -> "AddressPolicy":
        """Return the policy of these settings; raises as the class does."""
        return cls(
            settings.storage_hosts_allowed,
            settings.storage_hosts_denied,
            settings.storage_private_networks,
            settings.default_storage_url,
        )

    def normal(self, url: str, field: str = FIELD) -> str:
        """Return ``url`` as ``scheme://host[:port]``, the host as `normal_host` has it. No name is resolved.

        Args:
            field: the parameter to name in an error.

        Raises:
            InvalidInput: it is not an http(s) address of just a host, or the policy refuses it.
        """
        try:
            address = read_endpoint(url)
        except ValueError as error:
            raise InvalidInput(field, str(error)) from None
        if refusal := self._refusal(address):
            raise InvalidInput(field, refusal)
        return address.url

    def refuse_resolution(self, url: str) -> None:
        """Look at an address as the policy stands now, and at all that its name resolves to.

        Raises:
            StorageUnreachable: the name is unknown, or the policy refuses it or an address that it leads to.
        """
        try:
            address = read_endpoint(url)
        except ValueError as error:
            raise StorageUnreachable(f"{error} Check storage_url.") from None
        if refusal := self._refusal(address):
            raise StorageUnreachable(refusal)
        standing = self._standing(address)
        for found in _resolved(address):
            if refusal := self._refusal_of(found, standing):
                raise StorageUnreachable(f"{address.url} leads to an address that is refused here. {refusal}")

    def peer_check(self, url: str) -> Callable[[str], bool] | None:
        """Return what tells of an IP address whether no connection for ``url`` may go there; None: none need be asked.

        Args:
            url: a normal address.
        """
        if self.trusts_name(url):
            return None
        return partial(self._forbids, standing=self._standing(read_endpoint(url)))

    def forbids(self, ip: str) -> bool:
        """Return whether no connection may go to this IP address, whatever name led there; True for what is none."""
        return self._forbids(ip, _Standing.UNNAMED)

    def trusts_name(self, url: str) -> bool:
        """Return whether nobody but the operator, or a large provider, decides where a normal address leads.

        So it is for IP addresses, names without a dot (this network's own), names that STORAGE_HOSTS_ALLOWED gives
        in full, the host of STORAGE_URL, and the names of `is_of_provider`.
        """
        host = read_endpoint(url).host
        return (
            literal_of(host) is not None
            or "." not in host
            or host in self._allowed.names
            or (self._own is not None and host == self._own.host)
            or is_of_provider(host)
        )

    def _refusal(self, address: Endpoint) -> str | None:
        """Return why an address is refused as it is written, if it is."""
        host, standing = address.host, self._standing(address)
        literal = literal_of(host)
        if literal is not None:
            return self._refusal_of(literal, standing)
        if host in METADATA_NAMES:
            return f"The host {host} is refused: it can be a cloud's metadata service."
        if standing is _Standing.OWN:
            return None
        if self._denied.has_name(host):
            return f"The host {host} is among STORAGE_HOSTS_DENIED."
        if self._allowed and not standing and not self._allowed.networks:
            return f"The host {host} is not among STORAGE_HOSTS_ALLOWED."
        return self._refusal_of(LOOPBACK, standing) if is_local_name(host) else None

    def _refusal_of(self, literal: IPAddress, standing: _Standing) -> str | None:
        if not can_hold_storage(literal):
            return f"The address {literal} is refused: it can be a cloud's metadata service, or is no host's at all."
        return None if standing is _Standing.OWN else self._refusal_by_settings(literal, standing)

    def _refusal_by_settings(self, literal: IPAddress, standing: _Standing) -> str | None:
        if any(map(self._denied.has_address, faces_of(literal))):
            return f"The address {literal} is among STORAGE_HOSTS_DENIED."
        if self._allowed.has_address(plain(literal)):
            return None
        if self._allowed and not standing:
            return f"The address {literal} is not among STORAGE_HOSTS_ALLOWED."
        if not self._private_allowed and standing < _Standing.NAMED and is_private(literal):
            return f"The address {literal} is private, and STORAGE_PRIVATE_NETWORKS is switched off."
        return None

    def _forbids(self, ip: str, standing: _Standing) -> bool:
        literal = literal_of(ip.partition("%")[0])
        return literal is None or self._refusal_of(literal, standing) is not None

    def _standing(self, address: Endpoint) -> _Standing:
        if self._own is not None and self._own.place == address.place:
            return _Standing.OWN
        if address.host in self._allowed.names:
            return _Standing.NAMED
        return _Standing.LISTED if self._allowed.has_name(address.host) else _Standing.UNNAMED


def target_of(url: str, bucket: str) -> str:
    """Return the identity of a bucket, equal for the usual spellings of one endpoint, and whatever the kind of storage.

    Args:
        url: an address as `AddressPolicy.normal` returned it, now or in an earlier version, perhaps with the path that
            the bucket lies below (`Connection.url`).

    Raises:
        ValueError: it is no address.
    """
    scheme, _, rest = url.partition("://")
    host_and_port, slash, path = rest.rstrip("/").partition("/")
    address = read_endpoint(f"{scheme}://{host_and_port}")
    literal = literal_of(address.host)
    is_here = is_local_name(address.host) or (literal is not None and literal.is_loopback)
    return f"s3://{'127.0.0.1' if is_here else address.host}:{address.place[-1]}{slash}{path}/{bucket}"


def _own_address(url: str) -> Endpoint:
    try:
        address = read_endpoint(url)
    except ValueError as error:
        raise SettingsError(f"STORAGE_URL is unusable: {error}") from None
    literal = literal_of(address.host)
    if address.host in METADATA_NAMES or (literal is not None and not can_hold_storage(literal)):
        raise SettingsError(f"STORAGE_URL is unusable: {address.host} can be a cloud's metadata service.")
    return address


def _resolved(address: Endpoint) -> set[IPAddress]:
    try:
        found = socket.getaddrinfo(address.host, address.place[-1], type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise StorageUnreachable(f"The host name of {address.url} is unknown. Check storage_url.") from None
    return {ipaddress.ip_address(str(place[0]).partition("%")[0]) for *_, place in found}
