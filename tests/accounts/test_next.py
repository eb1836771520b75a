"""`next` leads to a path of this site, whatever it is made of."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.utils import redirect

from academy.security import safe_next

HERE = "https://academy.example/en/sign-in"

HOSTILE = [
    *("", "evil.example", "//evil.example", "///evil.example", "////evil.example"),
    *("/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\\/evil.example"),
    *("http:evil.example", "http:/evil.example", "https://evil.example", "HTTPS:evil.example"),
    *("javascript:alert(1)", "data:text/html,x", "mailto:a@evil.example", "/x:\\evil.example"),
    *("/\t/evil.example", "/\n/evil.example", "\t//evil.example", " //evil.example", "/ /evil"),
    *("/\x00/evil.example", "/en\r\nSet-Cookie: a=b", "/\x7f/evil", "\x01//evil.example"),
    *("//[", "http://[", "//e\u2100", "https://academy.example@evil.example", "?next=/x", "#x"),
    "/" + "x" * 2_000,
]
PLAIN = ["/", "/en/", "/en/learn?language=es&q=agua%20potable#results", "/en//evil.example"]
PLAIN += ["/en/learn?next=https://evil.example", "/%2f/evil.example", "/%09/evil.example", "/@evil"]
PLAIN += ["/\u3002/evil", "/en/learn?q=บ้าน"]

PIECES = st.sampled_from(
    (
        *("/", "//", "\\", ":", "http", "https", "evil.example", "@", "?", "#", "[", "]", "é"),
        *("\t", "\n", "\r", " ", "\x00", "%2f", "%5c", "%09", ".", ".."),
        *("\u3002", "\uff0f", "\u2044", "\u2100"),
    )
)
TARGETS = st.one_of(st.text(), st.lists(PIECES, max_size=8).map("".join))


def where_a_browser_goes(target: str) -> tuple[str, str]:
    """Follow a redirect as browsers do: control characters go, backslashes are slashes."""
    location = redirect(target, 303).headers["Location"]
    read = re.sub(r"[\t\n\r]", "", location.strip("".join(map(chr, range(33)))))
    reached = urlsplit(urljoin(HERE, read.replace("\\", "/")))
    return reached.scheme, reached.netloc


@pytest.mark.parametrize("target", HOSTILE)
def test_a_way_to_another_site_is_refused(target: str) -> None:
    assert safe_next(target) is None


@pytest.mark.parametrize("target", PLAIN)
def test_a_path_of_this_site_is_kept_as_it_is(target: str) -> None:
    assert safe_next(target) == target
    assert where_a_browser_goes(target) == ("https", "academy.example")


@given(TARGETS)
def test_nothing_that_is_kept_leads_to_another_site(target: str) -> None:
    kept = safe_next(target)
    assert kept in {None, target}
    if kept is not None:
        assert where_a_browser_goes(kept) == ("https", "academy.example")


@given(TARGETS)
def test_nothing_behind_two_slashes_is_kept(rest: str) -> None:
    starts = ("//", "/\\", "\\/", "http:", " /")
    assert [safe_next(f"{start}{rest}") for start in starts] == [None] * 5


def test_no_target_is_no_target() -> None:
    assert safe_next(None) is None
