"""Which networks an address belongs to: where no storage can be, which are private, and what IPv6 hides of IPv4.

The tables are our own and not those of the module ipaddress, whose answers have changed between versions of Python.
"""

import ipaddress
from collections.abc import Iterable
from typing import TypeAlias

IPAddress: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

_NEVER = tuple(
    map(
        ipaddress.ip_network,
        (
            "0.0.0.0/8",  # Linux connects 0.0.0.0 to the machine itself
            "169.254.0.0/16",  # link-local: the metadata of AWS, Azure, Google, Oracle, OpenStack; ECS; EKS
            "224.0.0.0/4",
            "240.0.0.0/4",
            "100.100.100.200/32",  # metadata of Alibaba
            "168.63.129.16/32",  # Azure's agent service
            "192.0.0.0/24",  # set aside for protocols; 192.0.0.192 is metadata of Oracle
            "::/128",
            "100::/64",
            "64:ff9b:1::/48",  # translated to IPv4 in a way that each network chooses for itself
            "fe80::/10",
            "ff00::/8",
            "fd00:ec2::/32",  # AWS: metadata (::254), credentials of pods (::23), and more
            "fd20:ce::254/128",  # metadata of Google
            "fd00:c1::a9fe:a9fe/128",  # metadata of Oracle
            "fd00:42::42/128",  # metadata of Scaleway
        ),
    )
)

_PRIVATE = tuple(
    map(
        ipaddress.ip_network,
        ("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "198.18.0.0/15"),
    )
)
_PUBLIC_IPV6 = ipaddress.ip_network("2000::/3")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_HOLD_IPV4_AT_THEIR_END = (
    _NAT64,
    ipaddress.ip_network("::/96"),  # "IPv4-compatible", given up long ago, and still understood
    ipaddress.ip_network("::ffff:0:0:0/96"),  # "IPv4-translated"
)
_LEAST_COMPATIBLE = 1 << 24
"""Below it ``::/96`` holds ``::1``, which is no IPv4."""

_ISATAP = (0x00005EFE, 0x02005EFE)

METADATA_NAMES = frozenset(
    {
        "metadata",
        "metadata.google.internal",
        "metadata.goog",
        "instance-data",
        "instance-data.ec2.internal",
        "metadata.tencentyun.com",
        "api.metadata.cloud.ibm.com",
    }
)
"""Names of metadata services. Most lead to an address of `can_hold_storage` too; they are refused without looking."""


def plain(address: IPAddress) -> IPAddress:
    """Return the IPv4 address that an IPv4-mapped one is to the kernel; any other one as it is."""
    return (isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped) or address


def faces_of(address: IPAddress) -> tuple[IPAddress, ...]:
    """Return all addresses that packets to ``address`` may end up at: itself, and those of IPv4 inside of it."""
    address = plain(address)
    if isinstance(address, ipaddress.IPv4Address):
        return (address,)
    return (address, *_inside(address))


def can_hold_storage(address: IPAddress) -> bool:
    """Return False for link-local, multicast, unspecified and reserved addresses, and for metadata services."""
    return not any(is_in(face, _NEVER) for face in faces_of(address))


def is_private(address: IPAddress) -> bool:
    """Return whether this is the machine itself or a network that the Internet does not route to."""
    return any(
        is_in(face, _PRIVATE) if face.version == 4 else not is_in(face, (_PUBLIC_IPV6, _NAT64))
        for face in faces_of(address)
    )


def is_in(address: IPAddress, networks: Iterable[IPNetwork]) -> bool:
    """Return whether one of the networks holds the address."""
    return any(address.version == network.version and address in network for network in networks)


def _inside(address: ipaddress.IPv6Address) -> list[IPAddress]:
    number = int(address)
    found = [address.sixtofour, *(address.teredo or ())]
    holds_ipv4 = is_in(address, _HOLD_IPV4_AT_THEIR_END) and number >= _LEAST_COMPATIBLE
    if holds_ipv4 or (number >> 32) & 0xFFFFFFFF in _ISATAP:
        found.append(ipaddress.IPv4Address(number & 0xFFFFFFFF))
    return [one for one in found if one is not None]
