"""Who is told of links that lead nowhere: editors, stewards, and whoever lists them."""

from __future__ import annotations

import pytest
from flask import Flask

from academy.db import utcnow
from academy.institutions.models import MemberRole
from courses.links.queries import due
from tests.invited import make_steward
from tests.links.links_kept import DAY, FINE, kept, linked, offer, struck_out
from tests.staff import make_member
from tests.visiting import Visitor

DESK = "/en/institutions/river-school/desk"


@pytest.fixture
def steward(app: Flask) -> Visitor:
    """A steward of everything."""
    return Visitor(app, make_steward())


def test_editors_read_why_and_mend_the_address(app: Flask) -> None:
    key = linked()
    struck_out(key, utcnow() - 5 * DAY)
    page = Visitor(app, make_member(MemberRole.EDITOR)).page(DESK)
    assert "is not listed: its address leads nowhere. The page is not found there." in page
    assert "Checked 3 days ago." in page
    assert f'href="{DESK}/offers/{offer(key).slug}#f-address"' in page


def test_editors_of_others_read_nothing_of_it(app: Flask) -> None:
    struck_out(linked(), utcnow() - 5 * DAY)
    editor = make_member(MemberRole.EDITOR, institution="hill-school")
    page = Visitor(app, editor).page("/en/institutions/hill-school/desk")
    assert "leads nowhere" not in page


def test_more_than_five_are_counted(app: Flask) -> None:
    for number in range(7):
        struck_out(linked(f"https://school.city/{number}", f"Course {number}"))
    page = Visitor(app, make_member(MemberRole.EDITOR)).page(DESK)
    assert page.count("is not listed: its address leads nowhere.") == 5
    assert "2 more offers have addresses that lead nowhere." in page


def test_stewards_see_all_of_them(steward: Visitor) -> None:
    empty = steward.page("/en/secretariat/links")
    assert "Every address answers, as far as we know." in empty
    struck_out(linked(), utcnow() - 2 * DAY)
    page = steward.page("/en/secretariat/links")
    assert ("https://school.city/water" in page, "Checked today." in page) == (True, True)


def test_who_tells_that_a_link_is_dead_has_it_looked_at(app: Flask) -> None:
    key = linked()
    kept(key, FINE, utcnow())
    slug = offer(key).slug
    for kind, expected in (("out-of-date", []), ("dead-link", [key])):
        Visitor(app).post(f"/en/learn/{slug}/concern", kind=kind, text="It leads nowhere.")
        assert [one.offer_id for one in due(utcnow(), limit=5)] == expected
