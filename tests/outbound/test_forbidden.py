"""What must not be asked is not asked: typed, redirected to, or found behind a name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given

from academy.addresses import bracketed
from academy.outbound import NoAnswer, NotAllowed, Outbound, Request, Why
from tests.outbound.answering import (
    ELSEWHERE,
    PUBLIC,
    Host,
    Net,
    door,
    hosting,
    leading,
    of_paths,
    said,
    saying,
)
from tests.outbound.spellings import FORBIDDEN, INSIDE, NOT_WEB, ODD, spelled

ADDRESSES = (
    *(f"http://{bracketed(address)}/" for address in FORBIDDEN),
    *(f"http://{host}/" for host in (*ODD, *INSIDE)),
    *NOT_WEB,
)
TOLD = [
    address
    for address in dict.fromkeys(address.strip(" ") for address in ADDRESSES)
    if address.isascii()
    and address.isprintable()
    and address not in {"", "x", "http://example.org"}
]
"""What a host can say in a header so that it leads elsewhere."""


@pytest.fixture
def net() -> Net:
    """Every name means a public address, where nobody would ever answer."""
    return Net({})


def refused(outbound: Outbound, address: str) -> NotAllowed:
    with pytest.raises(NotAllowed) as refusal:
        outbound.fetch(Request(address))
    return refusal.value


@pytest.mark.parametrize("address", ADDRESSES)
def test_1_what_must_not_be_asked_is_not_asked(address: str, net: Net) -> None:
    refused(net.door(resolve=lambda _name, _port: [PUBLIC]), address)
    assert net.connected == []


@pytest.fixture(scope="module")
def leader() -> Iterator[tuple[Host, dict[str, str]]]:
    """A host whose only answer can be changed."""
    to = {"location": "/"}
    with hosting(lambda _host, _request: [said(b"", "302 Found", **to)]) as host:
        yield host, to


@pytest.mark.parametrize("address", TOLD)
def test_1_nobody_is_led_to_what_must_not_be_asked(
    address: str, leader: tuple[Host, dict[str, str]], net: Net
) -> None:
    host, to = leader
    net.names["feeds.example.org"] = [[PUBLIC]]
    net.hosts[PUBLIC] = host
    to["location"] = address
    if address in {"http:127.0.0.1", "http:/127.0.0.1", "http:"}:
        # Read from where it came, this is a path there, as it would be in a browser.
        assert refused(net.door(), "http://feeds.example.org/").code is Why.REDIRECTS
    else:
        refused(net.door(), "http://feeds.example.org/")
    assert {address for address, _port in net.connected} == {PUBLIC}


@pytest.mark.parametrize("address", FORBIDDEN)
@pytest.mark.parametrize("others", [[], [PUBLIC]], ids=["alone", "among others"])
def test_1_a_name_that_means_what_must_not_be_asked_is_not_asked(
    address: str, others: list[str], net: Net
) -> None:
    net.names["feeds.example.org"] = [[*others, address]]
    refusal = refused(net.door(), "http://feeds.example.org/")
    assert (refusal.code, refusal.host) == (Why.PRIVATE, "feeds.example.org")
    assert net.connected == []


@given(spelled())
def test_1_no_spelling_of_an_address_opens_it(host: str) -> None:
    net = Net({})
    # As generous as a system that takes every odd number for a name.
    refused(net.door(resolve=lambda _name, _port: [PUBLIC]), f"http://{host}/")
    assert net.connected == []


def test_4_a_name_that_means_something_else_a_moment_later_gains_nothing(net: Net) -> None:
    with hosting(saying(b"feed")) as host:
        net.names["feeds.example.org"] = [[PUBLIC], ["127.0.0.1"]]
        net.hosts |= {PUBLIC: host, "127.0.0.1": host}
        answer = net.door().fetch(Request("http://feeds.example.org/"))
    assert answer.content == b"feed"
    assert net.looked_up == ["feeds.example.org"]
    assert net.connected == [(PUBLIC, 80)]


def test_4_every_redirect_looks_again_and_checks_again(net: Net) -> None:
    with hosting(leading("/again")) as host:
        net.names["feeds.example.org"] = [[PUBLIC], ["127.0.0.1"]]
        net.hosts |= {PUBLIC: host, "127.0.0.1": host}
        refusal = refused(net.door(), "http://feeds.example.org/")
    assert refusal.code is Why.PRIVATE
    assert net.connected == [(PUBLIC, 80)]


def test_addresses_are_tried_in_turn(net: Net) -> None:
    with hosting(saying(b"feed")) as host:
        net.names["feeds.example.org"] = [[ELSEWHERE, PUBLIC]]
        net.hosts[PUBLIC] = host
        answer = net.door().fetch(Request("http://feeds.example.org/"))
    assert answer.content == b"feed"
    assert net.connected == [(ELSEWHERE, 80), (PUBLIC, 80)]


def test_a_number_is_asked_without_looking_it_up(net: Net) -> None:
    with hosting(saying(b"feed")) as host:
        net.hosts[PUBLIC] = host
        assert net.door().fetch(Request(f"http://{PUBLIC}/")).content == b"feed"
    assert net.looked_up == []


def test_a_public_host_leads_nobody_into_the_intranet(net: Net) -> None:
    with hosting(saying(b"inside")) as inside, hosting(leading(inside.url)) as outside:
        net.names["feeds.example.org"] = [[PUBLIC]]
        net.hosts |= {PUBLIC: outside, "127.0.0.1": inside}
        outbound = net.door(intranet=frozenset((inside.authority,)))
        refusal = refused(outbound, "http://feeds.example.org/")
        assert (refusal.code, refusal.host) == (Why.PRIVATE, "127.0.0.1")
        assert inside.asked == []
        assert outbound.fetch(Request(inside.url)).content == b"inside"


def test_only_the_port_that_was_named_is_asked() -> None:
    with hosting(saying(b"inside")) as named, hosting(saying(b"other")) as other:
        outbound = door(named)
        assert outbound.fetch(Request(named.url)).content == b"inside"
        assert refused(outbound, other.url).code is Why.PORT
        assert other.asked == []


def test_a_named_host_that_means_the_metadata_of_a_cloud_is_not_asked(net: Net) -> None:
    net.names["moodle.intranet"] = [["169.254.169.254"]]
    refusal = refused(net.door(intranet=frozenset(("moodle.intranet",))), "http://moodle.intranet/")
    assert refusal.code is Why.PRIVATE
    assert net.connected == []


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with hosting(saying(b"proxy")) as proxy, hosting(saying(b"feed")) as host:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        assert door(host).fetch(Request(host.url)).content == b"feed"
        assert proxy.asked == []


@pytest.mark.parametrize(
    ("names", "code"),
    [([], Why.UNKNOWN), (["nothing"], Why.PRIVATE), ([PUBLIC], Why.UNREACHABLE)],
)
def test_a_name_that_leads_nowhere_is_told_apart(names: list[str], code: Why, net: Net) -> None:
    net.names["feeds.example.org"] = [names]
    with pytest.raises((NoAnswer, NotAllowed)) as refusal:
        net.door().fetch(Request("http://feeds.example.org/"))
    assert (refusal.value.code, refusal.value.host) == (code, "feeds.example.org")


def test_paths_of_one_host_are_asked_one_by_one() -> None:
    ways = {"/": leading("/feed"), "/feed": saying(b"feed")}
    with hosting(of_paths(ways)) as host:
        answer = door(host).fetch(Request(host.url))
    assert (answer.content, answer.address) == (b"feed", f"{host.url}/feed")


def test_a_named_host_is_looked_up_by_the_system() -> None:
    with hosting(saying(b"feed")) as host:
        outbound = door(host, intranet=frozenset((f"localhost:{host.port}",)))
        answer = outbound.fetch(Request(f"http://LocalHost:{host.port}/feed"))
    assert (answer.content, host.header("host")) == (b"feed", f"localhost:{host.port}")


def test_a_name_that_the_system_does_not_know_is_told_apart() -> None:
    with pytest.raises(NoAnswer) as refusal:
        door(seconds=60.0).fetch(Request("http://feeds.nowhere.invalid/"))
    assert refusal.value.code is Why.UNKNOWN
