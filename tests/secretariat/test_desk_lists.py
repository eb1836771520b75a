"""Every list of the stewards' desk: as many questions for three rows as for one, inert, light."""

from __future__ import annotations

import gzip
import re
from datetime import timedelta

import pytest
from flask import Flask

from academy import audit
from academy.accounts.models import Person, Steward
from academy.announcements import operations as announcements
from academy.announcements.operations import Content
from academy.db import db, unit_of_work, utcnow
from academy.institutions import invitations, requests
from academy.institutions.models import Institution, MemberRole
from academy.institutions.queries import institution_by_slug
from tests.invited import RIVER, make_place, make_steward
from tests.making import NOW, make_person
from tests.questions import asked_for
from tests.staff import make_member
from tests.visiting import Visitor

DESK = "/en/secretariat"
PAGE = 12 * 1024
"""Bytes of a page as it travels."""

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'>{{7*7}}%(x)s"
LISTS = {
    "people": f"{DESK}/people",
    "institutions": f"{DESK}/institutions",
    "requests": f"{DESK}/requests",
    "announcements": f"{DESK}/announcements",
    "log": f"{DESK}/log",
    "members": f"/en/institutions/{RIVER}/desk/people",
    "work": "/en/my/roles",
}


def one_more(number: int, sol: Person) -> None:
    """Add a row to every list."""
    person = make_member(MemberRole.EDITOR, email=f"p{number}@example.org")
    make_place(f"school-{number}", section="uclg-africa")
    make_member(MemberRole.OWNER, institution=f"school-{number}", person=sol)
    keys = person.id, sol.id
    with unit_of_work():
        asking, by = (db.session.get_one(Person, key) for key in keys)
        asked = institution_by_slug(f"school-{number}")
        requests.ask(asking, asked, MemberRole.EDITOR, now=NOW)
        requests.ask(by, f"Lake {number}", MemberRole.EDITOR, now=NOW)
        river = institution_by_slug(RIVER)
        to = f"i{number}@example.org"
        invitations.invite(to, river, MemberRole.EDITOR, by=by, now=NOW)
        asking.steward, asking.section = Steward.SECTION, "uclg-africa"
        content = Content({"en": f"Closed {number}."}, utcnow() - timedelta(hours=1))
        announcements.announce(content, by=by, now=NOW)
        audit.note("person-blocked", f"person:{asking.reference}", by=asking, now=NOW)


@pytest.mark.parametrize("path", LISTS.values(), ids=LISTS)
def test_three_rows_take_as_many_questions_as_one(app: Flask, path: str) -> None:
    make_place(RIVER, section="uclg-africa")
    sol = make_steward()
    one_more(1, sol)
    visitor = Visitor(app, sol)
    visitor.page(path)
    one = asked_for(visitor, path)
    one_more(2, sol)
    one_more(3, sol)
    visitor.page(path)
    assert asked_for(visitor, path) == one
    assert len(one) > 2


def hostile(sol: Person) -> None:
    """Fill every list with markup where there should be words, past all that cleans it."""
    one_more(1, sol)
    with unit_of_work():
        for person in db.session.query(Person):
            person.name = person.city = HOSTILE
        for place in db.session.query(Institution):
            place.name, place.city = {"en": HOSTILE}, HOSTILE
        by = db.session.query(Person).filter_by(email_key="sol@example.org").one()
        asking = db.session.query(Person).filter_by(email_key="p1@example.org").one()
        requests.ask(asking, HOSTILE, MemberRole.OWNER, message=HOSTILE, now=NOW)
        announcements.announce(Content({"en": HOSTILE}, utcnow()), by=by, now=NOW)
        audit.note(HOSTILE[:60], HOSTILE, by=asking, now=NOW, fields=[HOSTILE], reason=HOSTILE)


def pages_of(visitor: Visitor) -> dict[str, str]:
    """Open every list, and from each what it leads to at the desk."""
    seen = {
        path: visitor.page(path) for path in (DESK, f"{DESK}/institutions/add", *LISTS.values())
    }
    own = re.compile(rf'href="({DESK}/[^"#]+)"')
    further = {way for page in list(seen.values()) for way in own.findall(page)}
    for way in further - seen.keys():
        seen[way] = visitor.page(way.replace("&amp;", "&"))
    return seen


def test_6_what_people_call_themselves_does_nothing_on_any_page_of_a_steward(app: Flask) -> None:
    make_place(RIVER)
    sol = make_steward()
    hostile(sol)
    seen = pages_of(Visitor(app, sol))
    kinds = {re.sub(r"/[\w-]{16}\b|\?.*", "", path) for path in seen}
    assert len(kinds) > 12
    for path, page in seen.items():
        assert "<script>" not in page, path
        assert "<img src=x" not in page, path
        assert "onerror=alert" not in re.sub(r"&lt;.*?&gt;", "", page), path
        assert "%(x)s" not in re.sub(r"&lt;img.*?%\(x\)s", "", page), path
        assert ">49" not in page, path


def test_no_page_is_heavier_than_its_budget_with_fifty_rows(app: Flask) -> None:
    make_place(RIVER)
    sol = make_steward()
    with unit_of_work():
        for number in range(120):
            db.session.add(_somebody(number))
            db.session.add(_somewhere(number))
    visitor = Visitor(app, sol)
    for path, count in ((f"{DESK}/people", 50), (f"{DESK}/institutions", 50)):
        page = visitor.page(path)
        assert page.count('<li class="stack stack--2">') == count
        assert len(gzip.compress(page.encode(), 6)) < PAGE, path
        assert "Page 1 of 3" in page
        last = visitor.page(f"{path}?page=3")
        assert last.count('<li class="stack stack--2">') == 21
        assert 'rel="next"' not in last
        assert visitor.page(f"{path}?page=99").count('<li class="stack stack--2">') == 0
    form = visitor.page(f"{DESK}/institutions/add")
    assert len(gzip.compress(form.encode(), 6)) < PAGE


def _somebody(number: int) -> Person:
    return Person(
        email=f"somebody-{number}@example.org",
        email_key=f"somebody-{number}@example.org",
        name=f"Somebody number {number}",
        language="en",
        joined_at=NOW,
        confirmed_at=NOW,
    )


def _somewhere(number: int) -> Institution:
    return Institution(
        slug=f"place-{number}", name={"en": f"Place {number}"}, kind="city", added_at=NOW
    )


@pytest.mark.parametrize("page", ["x", "-1", "0", "1e3", "9" * 30, "٣", ""])
def test_a_page_that_is_no_number_is_the_first(app: Flask, page: str) -> None:
    visitor = Visitor(app, make_steward())
    assert visitor.page(f"{DESK}/people?page={page}").count('<li class="stack stack--2">') == 1


def test_the_log_is_read_by_person_and_by_thing(app: Flask) -> None:
    sol, ana = make_steward(), make_person()
    thing = f"person:{ana.reference}"
    with unit_of_work():
        by = db.session.get_one(Person, ana.id)
        audit.note("person-blocked", thing, by=None, now=NOW, reason="Advertising.")
        audit.note("role-asked-for", "request:x", by=by, now=NOW)
    desk = Visitor(app, sol)

    def rows(path: str) -> int:
        return desk.page(path).count('<li class="stack stack--2">')

    assert rows(f"{DESK}/log") == 2
    assert rows(f"{DESK}/log?by={ana.reference}") == 1
    assert rows(f"{DESK}/log?thing={thing}") == 1
    assert rows(f"{DESK}/log?thing=nothing") == 0
    assert desk.get(f"{DESK}/log?by=nobody").status_code == 404
