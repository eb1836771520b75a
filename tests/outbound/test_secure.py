"""Encrypted connections: the certificate must be valid for the name that was asked for."""

from __future__ import annotations

import ssl

import pytest

from academy.outbound import NoAnswer, Outbound, Request, Why
from tests.outbound.answering import AGENT, PUBLIC, Host, Net, hosting, saying


def net_of(host: Host, name: str = "feeds.example.org") -> Net:
    return Net({name: [[PUBLIC]]}, {PUBLIC: host})


def test_the_name_is_told_and_proved() -> None:
    told: list[str | None] = []
    with hosting(saying(b"feed"), secure=True) as host:
        assert host.tls is not None
        host.tls.sni_callback = lambda _connection, name, _context: told.append(name)
        outbound = net_of(host).door()
        answer = outbound.fetch(Request("https://feeds.example.org/feed"))
    assert (answer.content, told) == (b"feed", ["feeds.example.org"])
    assert (host.header("host"), answer.address) == (
        "feeds.example.org",
        "https://feeds.example.org/feed",
    )


@pytest.mark.parametrize("address", ["https://other.example.org/", f"https://{PUBLIC}/"])
def test_a_certificate_of_another_name_is_refused(address: str) -> None:
    with hosting(saying(b"feed"), secure=True) as host:
        outbound = net_of(host, "other.example.org").door()
        with pytest.raises(NoAnswer) as refusal:
            outbound.fetch(Request(address))
    assert refusal.value.code is Why.CERTIFICATE
    assert host.asked == []


def test_a_certificate_that_nobody_vouches_for_is_refused() -> None:
    usual = ssl.create_default_context()
    with hosting(saying(b"feed"), secure=True) as host, pytest.raises(NoAnswer) as refusal:
        net_of(host).door(tls=usual).fetch(Request("https://feeds.example.org/"))
    assert refusal.value.code is Why.CERTIFICATE
    assert host.asked == []


def test_a_host_that_does_not_encrypt_is_told_nothing() -> None:
    secret = Request("https://feeds.example.org/", credentials="Bearer s3cr3t")
    with hosting(saying(b"feed")) as host, pytest.raises(NoAnswer) as refusal:
        net_of(host).door().fetch(secret)
    assert refusal.value.code is Why.INSECURE
    assert "s3cr3t" not in "".join(host.asked)


def test_what_the_door_trusts_is_checked_by_default() -> None:
    tls = Outbound(AGENT).tls
    assert (tls.verify_mode, tls.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert tls.minimum_version >= ssl.TLSVersion.TLSv1_2
