"""Which network addresses may be dialled: public ones, and those that `[fetch] allow_networks` opens."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Ip = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# The ranges of IANA's special-purpose registries (RFC 6890 and later), and what answers on behalf of the machine
# itself. `ipaddress.is_global` is no filter: it calls multicast, 6to4 and NAT64 forms of 127.0.0.1 global.
DENIED_V4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's host, public in form only
        "169.254.0.0/16",  # link-local, and the clouds' metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
GLOBAL_V6 = IPv6Network("2000::/3")
DENIED_V6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarks
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: any IPv4 address in disguise
        "2620:4f:8000::/48",  # AS112
        "3ffe::/16",  # the former 6bone
        "3fff::/20",  # documentation
    )
)


def plain(address: Ip) -> Ip:
    """The address that the system would really dial: IPv4 out of its IPv6 mapping, no zone."""
    if isinstance(address, IPv6Address):
        return address.ipv4_mapped or IPv6Address(int(address))
    return address


def is_public(address: Ip) -> bool:
    """Whether anybody on the internet could dial it. Forms that carry an IPv4 address inside (NAT64, 6to4, Teredo,
    ::a.b.c.d) are not public, whatever they carry."""
    address = plain(address)
    if isinstance(address, IPv4Address):
        return not any(address in network for network in DENIED_V4)
    return address in GLOBAL_V6 and not any(address in network for network in DENIED_V6)


def is_allowed(address: Ip, allow_networks: Iterable[Network] = ()) -> bool:
    """Whether it may be dialled: public, or inside a network that the configuration opens."""
    address = plain(address)
    return is_public(address) or any(
        address in network for network in allow_networks if network.version == address.version
    )


def parse_ip(text: str) -> Ip | None:
    """The address that getaddrinfo or a host name spelled, None where it is no address."""
    try:
        return ip_address(text)
    except ValueError:
        return None
