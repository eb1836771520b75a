"""Addresses of sources are shown, but not what is secret in them."""

from __future__ import annotations

import pytest
from flask import Flask

from academy.db import db, unit_of_work
from courses.sources.addresses import gives_away, shown_address
from tests.invited import make_steward
from tests.letters import written
from tests.read_sources import make_source, source
from tests.staff import make_member
from tests.visiting import Visitor

SITE = "https://school.example.org/feed"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        (SITE, SITE),
        (f"{SITE}?page=1&lang=fr#top", f"{SITE}?page=1&lang=fr#top"),
        (f"{SITE}?page=1&TOKEN=abc&lang=fr", f"{SITE}?page=1&TOKEN=***&lang=fr"),
        (f"{SITE}?access%5Ftoken=abc", f"{SITE}?access%5Ftoken=***"),
        (f"{SITE}?sig=a=b&key=c", f"{SITE}?sig=***&key=***"),
        (f"{SITE}?userid=2&authtoken=ab?c", f"{SITE}?userid=2&authtoken=***"),
        (f"{SITE}?auth=1&set=2;token=a", f"{SITE}?auth=***&set=2;token=***"),
        (f"{SITE}?X-Amz-Date=1&X-Amz-Signature=2", f"{SITE}?X-Amz-Date=1&X-Amz-Signature=***"),
        (f"{SITE}#token=a", f"{SITE}#token=***"),
        (f"{SITE}?keyword=water&author=ana", f"{SITE}?keyword=water&author=ana"),
        (f"{SITE}?resumptionToken=a", f"{SITE}?resumptionToken=a"),
    ],
)
def test_of_a_secret_argument_only_the_name_is_shown(address: str, shown: str) -> None:
    assert shown_address(address) == shown
    assert gives_away(address) == (shown != address)


@pytest.mark.parametrize(
    "name",
    [
        *("access_key", "api-key", "apitoken", "client_secret", "private_token", "pwd", "sesskey"),
        *("api[key]", "X-Goog-Signature", "rss_token", "subscription-key", "user.password"),
    ],
)
def test_what_is_secret_has_many_names(name: str) -> None:
    assert shown_address(f"{SITE}?{name}=a") == f"{SITE}?{name}=***"


def test_no_page_or_mail_shows_what_an_address_kept_before_gives_away(app: Flask) -> None:
    editor = make_member()
    steward = make_steward()
    reference, to = make_source(editor), steward.email
    with unit_of_work():
        source(reference).address = f"{SITE}?token=0123abc"
    desk = f"/en/institutions/river-school/desk/sources/{reference}"
    pages = [Visitor(app, editor).page(one) for one in (desk, f"{desk}/edit", f"{desk}/trial")]
    pages.append(Visitor(app, steward).page("/en/secretariat/sources"))
    db.session.remove()
    pages.append(repr(written(app, "source-asked", to)))
    assert [f"{SITE}?token=***" in one for one in pages] == [True] * 5
    assert [one for one in pages if "0123abc" in one] == []
