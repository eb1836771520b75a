"""How addresses are read: in one spelling, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from academy.outbound import NotAllowed, Why
from academy.outbound.targets import LONGEST, Target, redirected, target_of
from tests.outbound.spellings import NOT_WEB, ODD, spelled

HERE = target_of("https://feeds.example.org/a/b?page=1", ())
NAMED = frozenset(("moodle.intranet", "wiki", "10.1.2.3:8080", "[fd00::5]"))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("http://example.org", "http://example.org/"),
        ("HTTPS://Example.ORG:443/Feed.XML#top", "https://example.org/Feed.XML"),
        ("http://example.org?page=2", "http://example.org/?page=2"),
        ("http://example.org/a b/é?x=ö&y=%20+", "http://example.org/a%20b/%C3%A9?x=%C3%B6&y=%20+"),
        ("http://example.org/a?b=http://c.org/?d", "http://example.org/a?b=http://c.org/?d"),
        ("https://example.org:80/", "https://example.org:80/"),
        ("http://BÜCHER.example/", "http://xn--bcher-kva.example/"),
        ("http://faß.example/", "http://xn--fa-hia.example/"),
        ("http://ไทย.example/", "http://xn--o3cw4h.example/"),
        ("http://my_feeds.example.org/", "http://my_feeds.example.org/"),
        ("http://8.8.8.8/", "http://8.8.8.8/"),
        ("http://[2600:0::0001]/", "http://[2600::1]/"),
        ("http://moodle.intranet/x", "http://moodle.intranet/x"),
        ("http://wiki/x", "http://wiki/x"),
        ("http://10.1.2.3:8080/", "http://10.1.2.3:8080/"),
        ("https://[fd00:0::5]/", "https://[fd00::5]/"),
    ],
)
def test_an_address_has_one_spelling(written: str, read: str) -> None:
    assert target_of(written, NAMED).address == read


@pytest.mark.parametrize("host", ODD)
def test_a_host_that_is_oddly_written_is_refused(host: str) -> None:
    with pytest.raises(NotAllowed) as refusal:
        target_of(f"http://{host}/", ())
    assert refusal.value.code in {Why.HOST, Why.USER, Why.PORT, Why.NOT_AN_ADDRESS}


@pytest.mark.parametrize("address", NOT_WEB)
def test_what_is_no_web_address_is_refused(address: str) -> None:
    with pytest.raises(NotAllowed) as refusal:
        target_of(address, ())
    assert refusal.value.code in {Why.SCHEME, Why.NOT_AN_ADDRESS, Why.HOST}


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("ftp://example.org/", Why.SCHEME),
        ("example.org", Why.NOT_AN_ADDRESS),
        ("http://me:secret@example.org/", Why.USER),
        ("http://127.1/", Why.HOST),
        ("http://example.org:8080/", Why.PORT),
        ("http://moodle.intranet:8080/", Why.PORT),
        ("http://10.1.2.3:8081/", Why.PORT),
        ("http://example.org/" + "a" * LONGEST, Why.NOT_AN_ADDRESS),
    ],
)
def test_a_refusal_says_what_is_wrong(address: str, code: Why) -> None:
    with pytest.raises(NotAllowed) as refusal:
        target_of(address, NAMED)
    assert refusal.value.code is code


@pytest.mark.parametrize(
    ("location", "read"),
    [
        ("c", "https://feeds.example.org/a/c"),
        ("/c?d", "https://feeds.example.org/c?d"),
        ("?page=2", "https://feeds.example.org/a/b?page=2"),
        ("//other.example.org/c", "https://other.example.org/c"),
        ("http://other.example.org", "http://other.example.org/"),
        ("../../../c", "https://feeds.example.org/c"),
        (" /c d ", "https://feeds.example.org/c%20d"),
        (
            "/ไทย".encode().decode("latin-1"),
            "https://feeds.example.org/%E0%B9%84%E0%B8%97%E0%B8%A2",
        ),
        ("", "https://feeds.example.org/a/b?page=1"),
    ],
)
def test_a_redirect_is_read_from_where_it_came(location: str, read: str) -> None:
    assert redirected(HERE, location, ()).address == read


def test_a_redirect_leads_into_the_intranet_from_there_only() -> None:
    there = target_of("http://moodle.intranet/", NAMED)
    assert redirected(there, "http://wiki/x", NAMED).host == "wiki"
    with pytest.raises(NotAllowed) as refusal:
        redirected(HERE, "http://wiki/x", NAMED)
    assert (refusal.value.code, refusal.value.host) == (Why.PRIVATE, "wiki")


@pytest.mark.parametrize(
    ("first", "then", "kept"),
    [
        ("https://a.org/", "https://a.org/x", True),
        ("http://a.org/", "http://a.org/x", True),
        ("http://a.org/", "https://a.org/x", True),
        ("https://a.org/", "http://a.org/x", False),
        ("https://a.org/", "https://b.org/x", False),
        ("https://a.org/", "https://www.a.org/x", False),
        ("https://a.org/", "https://a.org:80/x", False),
        ("http://a.org:443/", "https://a.org/x", False),
        ("http://a.org/", "http://a.org:443/x", False),
    ],
)
def test_secrets_stay_with_their_host_and_never_travel_openly(
    first: str, then: str, kept: bool
) -> None:
    assert target_of(then, ()).keeps_secrets_of(target_of(first, ())) is kept


@given(spelled())
def test_no_spelling_of_a_number_is_taken_for_a_name(host: str) -> None:
    try:
        target = target_of(f"http://{host}/", ())
    except NotAllowed:
        return
    # What is left is written plainly, and is looked at as the number that it is.
    assert target.host.replace(".", "").isdecimal() or ":" in target.host


@given(st.text(max_size=60), st.sampled_from(("", "http://", "https://", "http://example.org/")))
def test_anything_is_an_address_in_one_spelling_or_refused(text: str, before: str) -> None:
    try:
        target = target_of(before + text, ())
    except NotAllowed:
        return
    assert target_of(target.address, ()) == target
    assert target.address.isascii()
    assert target.address.isprintable()
    assert " " not in target.address


@given(st.text(max_size=60), st.sampled_from(("", "/", "//", "?", "http:", "https://")))
def test_anything_a_host_says_leads_somewhere_or_is_refused(text: str, before: str) -> None:
    try:
        found = redirected(HERE, before + text, ())
    except NotAllowed:
        return
    assert isinstance(found, Target)
    assert found.port in {80, 443}
