"""Which addresses are public. Each range is tried at both of its ends."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.fetch.addresses import DENIED_V4, DENIED_V6, Network, is_allowed, is_public, plain
from tests.fetch.conftest import words

PRIVATE = words(
    """
0.0.0.0 0.255.255.255 10.0.0.0 10.255.255.255 100.64.0.0 100.127.255.255 100.100.100.200 127.0.0.0 127.0.0.1
127.255.255.255 168.63.129.16 169.254.0.0 169.254.169.254 169.254.255.255 172.16.0.0 172.31.255.255 192.0.0.0
192.0.0.8 192.0.0.192 192.0.0.255 192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1 192.168.0.0 192.168.255.255
192.175.48.1 198.18.0.0 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1
255.255.255.255
:: ::1 ::2 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:0:127.0.0.1
64:ff9b::7f00:1 64:ff9b::808:808 64:ff9b:1::1 100::1 100:0:0:1::1 2001::1 2001:0:4136:e378:8000:63bf:3fff:fdd2
2001:2::1 2001:10::1 2001:20::1 2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff 2001:db8::1 2002:7f00:1:: 2002:a00:1::1
2002:808:808::1 2620:4f:8000::1 3ffe::1 3fff::1 3fff:fff:ffff::1 4000::1 5f00::1 fc00::1 fd00:ec2::254 fdff::1
fe80::1 fe80::1%eth0 febf::1 fec0::1 ff02::1 ff0e::1 ffff::1
"""
)

PUBLIC = words(
    """
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0 168.63.129.15
168.63.129.17 169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 192.0.1.0 192.167.255.255 192.169.0.0
198.17.255.255 198.20.0.0 223.255.255.255 ::ffff:8.8.8.8
2000::1 2001:200::1 2001:4860:4860::8888 2001:dff:ffff::1 2003::1 2606:4700:4700::1111 2620:4f:7fff::1 3ffd::1
3fff:1000::1
"""
)


@pytest.mark.parametrize("text", PRIVATE)
def test_a_special_address_is_not_public(text: str) -> None:
    assert not is_public(ip_address(text))
    assert not is_allowed(ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_a_public_address_is(text: str) -> None:
    assert is_public(ip_address(text))
    assert is_allowed(ip_address(text))


@settings(max_examples=200)
@given(st.ip_addresses())
def test_what_python_calls_private_is_never_public(address: IPv4Address | IPv6Address) -> None:
    address = plain(address)  # Python calls the whole range of IPv4 in IPv6 reserved
    if address.is_private or address.is_multicast or address.is_reserved or address.is_loopback:
        assert not is_public(address)


@settings(max_examples=100)
@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_judged_alike_in_its_ipv6_form(address: IPv4Address | IPv6Address) -> None:
    assert is_public(ip_address(f"::ffff:{address}")) == is_public(address)


def test_no_end_of_a_denied_range_is_public() -> None:
    denied: list[Network] = [*DENIED_V4, *DENIED_V6]
    for network in denied:
        assert not is_public(network.network_address)
        assert not is_public(network.broadcast_address)


def test_a_network_is_opened_and_nothing_beside_it() -> None:
    opened = (ip_network("127.0.0.0/8"), ip_network("fd00::/8"))

    assert is_allowed(ip_address("127.0.0.1"), opened)
    assert is_allowed(ip_address("::ffff:127.0.0.1"), opened)
    assert is_allowed(ip_address("fd00::1"), opened)
    assert not is_allowed(ip_address("::1"), opened)
    assert not is_allowed(ip_address("10.0.0.1"), opened)
    assert not is_allowed(ip_address("64:ff9b::7f00:1"), opened)
