"""Which addresses a webhook may be sent to: public ones, and networks that the operator allows."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# An IPv6 address of these carries an IPv4 one inside, to which a gateway may deliver.
EMBEDDING: Final = (IPv6Network("64:ff9b::/96"), IPv6Network("::/96"))
# No public host's, though the standard library of some Python versions takes one or the other for global.
NEVER: Final = (
    IPv4Network("100.64.0.0/10"),
    IPv4Network("192.88.99.0/24"),
    IPv4Network("192.0.0.0/24"),
    IPv6Network("fec0::/10"),
    IPv6Network("5f00::/16"),
    IPv6Network("3fff::/20"),
    IPv6Network("64:ff9b:1::/48"),
)


def may_connect(address: str, *, allowed: Sequence[Network]) -> bool:
    """Whether *address*, as it was resolved, is public or in an allowed network.

    An IPv4 address in IPv6 clothes is judged as the IPv4 address that it is.
    """
    return in_networks(address, allowed) or _is_public(_unwrapped(_parsed(address)))


def in_networks(address: str, networks: Sequence[Network]) -> bool:
    """Whether *address* is in one of *networks*, IPv4 written as ``::ffff:…`` included."""
    parsed = _parsed(address)
    plain = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped else parsed
    return any(plain.version == network.version and plain in network for network in networks)


def _parsed(address: str) -> Address:
    """Parse without the zone (``fe80::1%eth0``), which says through which door, not to whom."""
    return ip_address(address.partition("%")[0])


def _unwrapped(address: Address) -> Address:
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if any(address in network for network in EMBEDDING) and int(address) > 1:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _is_public(address: Address) -> bool:
    if any(address.version == network.version and address in network for network in NEVER):
        return False
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not address.is_unspecified
        and not address.is_loopback
        and not address.is_link_local
    )
