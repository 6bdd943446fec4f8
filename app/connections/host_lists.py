"""The operator's lists of hosts: STORAGE_HOSTS_ALLOWED and STORAGE_HOSTS_DENIED."""

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass

from app.connections.hosts import literal_of, normal_host
from app.connections.networks import IPAddress, IPNetwork, is_in
from app.errors import SettingsError


@dataclass(frozen=True)
class HostList:
    """Hosts by name, by the end of their name, and by address. Falsy when empty.

    Attributes:
        names: in the form of `normal_host`.
        endings: each starts with a dot.
        networks: single addresses too.
    """

    names: frozenset[str]
    endings: tuple[str, ...]
    networks: tuple[IPNetwork, ...]

    @classmethod
    def parse(cls, setting: str, entries: Iterable[str]) -> "HostList":
        """Read the entries of a setting.

        Raises:
            SettingsError: naming the first that is neither a name, ``*.`` and a name, an address nor a network.
        """
        names: set[str] = set()
        endings: list[str] = []
        networks: list[IPNetwork] = []
        for entry in entries:
            try:
                found = _read(entry)
            except ValueError:
                raise SettingsError(
                    f"{setting} is unusable: {entry!r} is not a name, *.example.org, an address, or a network such as "
                    "10.0.0.0/8."
                ) from None
            if not isinstance(found, str):
                networks.append(found)
            elif found.startswith("."):
                endings.append(found)
            else:
                names.add(found)
        return cls(frozenset(names), tuple(endings), tuple(networks))

    def __bool__(self) -> bool:
        return bool(self.names or self.endings or self.networks)

    def has_name(self, host: str) -> bool:
        """Return whether a normal host is listed by its name or the end of it."""
        return host in self.names or host.endswith(self.endings)

    def has_address(self, address: IPAddress) -> bool:
        """Return whether the address lies in one of the networks."""
        return is_in(address, self.networks)


def _read(entry: str) -> str | IPNetwork:
    if "/" in entry:
        return _network(entry)
    if entry.startswith("*."):
        ending = normal_host(entry[2:])
        if literal_of(ending) is not None:
            raise ValueError(entry)
        return "." + ending
    # Operators write IPv6 with or without brackets.
    host = normal_host(f"[{entry}]" if ":" in entry and not entry.startswith("[") else entry)
    literal = literal_of(host)
    return host if literal is None else ipaddress.ip_network(literal)


def _network(entry: str) -> IPNetwork:
    network = ipaddress.ip_network(entry)
    mapped = network.network_address.ipv4_mapped if network.version == 6 else None
    # A mapped address is compared as the one in IPv4 that it means.
    return ipaddress.ip_network((mapped, network.prefixlen - 96)) if mapped and network.prefixlen >= 96 else network
