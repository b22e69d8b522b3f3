"""Which addresses a webhook may be sent to, as a table."""

from ipaddress import ip_network

import pytest

from moderation.rules.addresses import in_networks, may_connect

pytestmark = pytest.mark.any_database

PUBLIC = ["93.184.216.34", "1.1.1.1", "2606:4700:4700::1111", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"]
REFUSED = [
    "0.0.0.0",  # noqa: S104 - refused, not bound to
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",  # carrier-grade NAT
    "127.0.0.1",
    "127.8.8.8",
    "169.254.169.254",  # the metadata service of clouds
    "172.16.0.1",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",  # IPv4-compatible
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",  # NAT64
    "64:ff9b::a00:1",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::",  # 6to4
    "2002:c0a8:101::1",
    "2001:0:5db8:d822::80ff:fffe",  # Teredo to 127.0.0.1
    "2001:db8::1",
    "3fff::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_connected_to(address: str) -> None:
    assert may_connect(address, allowed=[])


@pytest.mark.parametrize("address", REFUSED)
def test_any_other_may_not(address: str) -> None:
    assert not may_connect(address, allowed=[])


def test_the_operator_may_allow_a_network() -> None:
    allowed = [ip_network("10.1.0.0/16"), ip_network("fd00::/8")]
    assert may_connect("10.1.2.3", allowed=allowed)
    assert may_connect("::ffff:10.1.2.3", allowed=allowed)
    assert may_connect("fd00::1", allowed=allowed)
    assert not may_connect("10.2.0.1", allowed=allowed)
    assert not may_connect("2002:0a01:0203::", allowed=allowed)


def test_a_network_of_one_kind_holds_no_address_of_the_other() -> None:
    assert not in_networks("::1", [ip_network("0.0.0.0/0")])
    assert not in_networks("127.0.0.1", [ip_network("::/0")])
