"""Which internet addresses may be asked."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.outbound.ranges import may_be_asked
from tests.outbound.spellings import FORBIDDEN

PUBLIC = ("1.1.1.1", "93.184.216.34", "172.32.0.1", "100.128.0.1", "2600::1", "2a00:1450:4001::8")
NEAR = ("10.1.2.3", "127.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "::1", "fd00::5")
NEVER = (
    *("169.254.169.254", "fe80::1", "224.0.0.1", "ff02::1", "0.0.0.0", "::", "255.255.255.255"),
    *("100.100.100.200", "168.63.129.16", "fd00:ec2::254", "192.0.0.192", "::ffff:10.0.0.1"),
    *("::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "2001::1", "fe80::1%eth0", "fd00::5%x"),
    *("2600::1%eth0", "127.1", "0x7f.1", "localhost", "", "127.0.0.1 ", "10.0.0.1/8"),
)


@pytest.mark.parametrize("address", FORBIDDEN)
def test_what_is_not_public_is_not_asked(address: str) -> None:
    assert may_be_asked(address, intranet=False) is False


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_public_is_asked(address: str) -> None:
    assert may_be_asked(address, intranet=False) is True


@pytest.mark.parametrize("address", [*NEAR, *PUBLIC])
def test_a_named_host_may_be_near(address: str) -> None:
    assert may_be_asked(address, intranet=True) is True


@pytest.mark.parametrize("address", NEVER)
def test_no_name_opens_what_tells_secrets_or_reaches_many(address: str) -> None:
    assert may_be_asked(address, intranet=True) is False


@given(st.integers(0, 2**32 - 1).map(IPv4Address) | st.integers(0, 2**128 - 1).map(IPv6Address))
def test_what_is_asked_is_public_by_the_judgement_of_others_too(
    address: IPv4Address | IPv6Address,
) -> None:
    if may_be_asked(str(address), intranet=False):
        assert address.is_global
        judged = (address.is_multicast, address.is_reserved, address.is_link_local)
        assert judged == (False, False, False)
