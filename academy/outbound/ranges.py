"""Which internet addresses may be asked: public ones, and those of named intranet hosts.

Written out, because what Python's `ipaddress` calls private or global changes with its version
and leaves holes (multicast, NAT64, 6to4, mapped addresses).
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

NOT_PUBLIC_4 = tuple(
    IPv4Network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
    )
)
PUBLIC_6 = IPv6Network("2000::/3")
NOT_PUBLIC_6 = tuple(
    IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)
"""Inside it: Teredo and other protocols, documentation, 6to4, documentation."""

INTRANET_4 = tuple(
    IPv4Network(text)
    for text in ("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
)
INTRANET_6 = tuple(IPv6Network(text) for text in ("::1/128", "fc00::/7"))
METADATA = frozenset(
    ip_address(text)
    for text in ("100.100.100.200", "168.63.129.16", "fd00:ec2::254", "fd20:ce::254")
)
"""Where clouds tell a machine its secrets; 169.254.169.254 and 192.0.0.192 are refused anyway."""


def may_be_asked(address: str, *, intranet: bool) -> bool:
    """Whether a connection may be made to an address; what is not written as one may not.

    `intranet`: the operator has named the host. Link-local, multicast and metadata addresses
    are refused even then, and so is every form that carries one address inside another.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if found in METADATA:
        return False
    return _is_public(found) or (intranet and _is_near(found))


def _is_public(found: IPv4Address | IPv6Address) -> bool:
    if isinstance(found, IPv4Address):
        return not any(found in network for network in NOT_PUBLIC_4)
    public = found in PUBLIC_6 and found.scope_id is None
    return public and not any(found in network for network in NOT_PUBLIC_6)


def _is_near(found: IPv4Address | IPv6Address) -> bool:
    if isinstance(found, IPv4Address):
        return any(found in network for network in INTRANET_4)
    return found.scope_id is None and any(found in network for network in INTRANET_6)
