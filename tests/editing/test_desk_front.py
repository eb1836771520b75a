"""Who reaches the desk of an institution, and what its front page says."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from flask import Flask

from academy.accounts.models import Person, Steward
from academy.audit import latest
from academy.db import db, unit_of_work, utcnow
from academy.institutions.models import Institution, MemberRole
from academy.institutions.queries import institution_by_slug
from courses.catalogue import operations as catalogue
from courses.catalogue.content import RunContent
from courses.catalogue.models import Offer
from tests.making import NOW, content, make_institution, make_offer, make_person
from tests.staff import make_member
from tests.visiting import Visitor

DAY = timedelta(days=1)
DESK = "/en/institutions/river-school/desk"


@pytest.mark.parametrize("role", list(MemberRole))
def test_everybody_who_works_for_it_reaches_the_desk(app: Flask, role: MemberRole) -> None:
    assert Visitor(app, make_member(role)).get(DESK).status_code == 200


def test_nobody_else_reaches_the_desk(app: Flask, visitor: Visitor) -> None:
    make_institution()
    assert visitor.get(DESK).status_code == 403
    stranger = make_member(MemberRole.OWNER, institution="hill-school", email="hill@example.org")
    assert Visitor(app, stranger).get(DESK).status_code == 403
    assert Visitor(app).get(DESK).headers["Location"].startswith("/en/sign-in?next=")


def test_a_steward_reaches_the_desk(app: Flask, ana: Person) -> None:
    make_institution()
    steward = make_person("steward@example.org")
    with unit_of_work():
        db.session.get_one(Person, steward.id).steward = Steward.ALL
    assert Visitor(app, steward).get(DESK).status_code == 200


def test_an_empty_desk_says_that_nothing_waits(app: Flask) -> None:
    page = Visitor(app, make_member()).page(DESK)
    assert "Nothing waits for you at the moment." in page


def test_the_menu_leads_to_the_desk_only_who_has_one(app: Flask, visitor: Visitor) -> None:
    assert "/en/my/institutions" not in visitor.page("/en/my/account")
    editor = Visitor(app, make_member())
    assert "/en/my/institutions" in editor.page("/en/my/account")
    assert editor.get("/en/my/institutions").headers["Location"] == DESK


def test_who_works_for_two_institutions_chooses(app: Flask) -> None:
    person = make_member()
    make_member(MemberRole.REPORTER, institution="hill-school", person=person)
    page = Visitor(app, person).page("/en/my/institutions")
    assert DESK in page
    assert "/en/institutions/hill-school/desk" in page


def test_the_front_page_says_what_needs_doing(app: Flask) -> None:
    soon = RunContent(starts_at=utcnow() - DAY, ends_at=utcnow() + 10 * DAY)
    later = RunContent(starts_at=utcnow() + 80 * DAY, ends_at=utcnow() + 90 * DAY)
    make_offer("Ends soon", runs=[soon])
    make_offer("Goes on", runs=[soon, later])
    make_offer("Always open")
    poor = make_offer("Poor")
    with unit_of_work():
        db.session.get_one(Offer, poor.id).contact = ""
        place = db.session.get_one(Offer, poor.id).institution_id
        draft = content("Draft")
        catalogue.add_offer(db.session.get_one(Institution, place), draft, address="d", now=NOW)
    editor = Visitor(app, make_member())
    page = html.unescape(editor.page(DESK))
    assert "“\u2068Ends soon\u2069” ends on " in page
    assert "“\u2068Poor\u2069” lacks something. Say who answers questions." in page
    assert "1 draft is not published yet." in page
    assert "Goes on" not in page
    assert "Always open" not in page
    assert f'href="{DESK}/offers/poor#f-contact"' in page
    reporter = Visitor(app, make_member(MemberRole.REPORTER, email="rep@example.org"))
    assert "Poor" not in html.unescape(reporter.page(DESK))


def test_the_list_of_what_lacks_something_holds_just_that(app: Flask) -> None:
    make_offer("Whole")
    poor = make_offer("Poor")
    with unit_of_work():
        db.session.get_one(Offer, poor.id).cost = None
    page = Visitor(app, make_member()).page(f"{DESK}/offers?lacking=yes")
    assert "Poor" in page
    assert "Whole" not in page


def test_the_profile_is_written_anew_and_logged(app: Flask) -> None:
    editor = Visitor(app, make_member())
    profile = f"{DESK}/profile"
    told = {"name-en": "River School", "name-fr": "École du fleuve", "homepage": "", "city": "Lyon"}
    told |= {"country": "FR", "contact": "office@example.org", "about-en": "We <b>teach</b>."}
    told |= {"new_language": "ar", "name-new": "مدرسة النهر"}
    assert editor.post(profile, **told).status_code == 303
    assert editor.post(profile, **told).status_code == 303
    place = institution_by_slug("river-school")
    assert place.name == {
        "en": "River School",
        "fr": "École du fleuve",
        "ar": "مدرسة النهر",
    }
    assert (place.about, place.city, place.country) == ({"en": "We teach."}, "Lyon", "FR")
    [entry] = [one for one in latest(limit=9) if one.act == "institution-described"]
    assert set(entry.fields) == {"name", "about", "contact", "city", "country"}


def test_a_profile_without_a_name_or_with_a_wrong_address_is_refused(app: Flask) -> None:
    editor = Visitor(app, make_member())
    refused = editor.post(f"{DESK}/profile", city="Lyon", country="QQ")
    assert refused.status_code == 422
    refused = editor.post(f"{DESK}/profile", **{"name-en": "R", "homepage": "javascript:x"})
    assert refused.status_code == 422
    assert 'value="javascript:x"' in refused.get_data(as_text=True)
    assert editor.post(f"{DESK}/profile", **{"name-xx": "R"}).status_code == 422


def test_the_public_page_leads_those_who_work_there_to_their_desk(
    app: Flask, visitor: Visitor
) -> None:
    editor = Visitor(app, make_member())
    assert f'href="{DESK}"' in editor.page("/en/institutions/river-school")
    assert f'href="{DESK}"' not in visitor.page("/en/institutions/river-school")
