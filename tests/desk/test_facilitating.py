"""Who moderates which webinar, the links of its meetings, and what is left to do for it."""

from __future__ import annotations

import html
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from academy.accounts.models import Person
from academy.audit import latest
from academy.db import db, unit_of_work, utcnow
from academy.institutions.models import Institution, MemberRole, Membership
from courses.catalogue.models import Offer
from courses.catalogue.runs import Meeting, Run
from courses.editing import operations as editing
from courses.editing.form import form_of
from courses.editing.models import OfferVersion, WorkingCopy
from courses.editing.queries import offer_at
from courses.editing.rules import state_seen
from courses.webinars.models import Facilitation
from tests.making import make_person
from tests.meeting import LINK, meeting, webinar
from tests.questions import asked_for
from tests.staff import make_member
from tests.taking_part import enrol
from tests.visiting import Visitor

DAY = timedelta(days=1)
DESK = "/en/institutions/river-school/desk"
RUNS = f"{DESK}/participants"
MINE = "/en/my/webinars"
NEW_LINK = "https://meet.example/j/another"


def links(visitor: Visitor, run: str, **told: str) -> int:
    """Set the links of a run's only meeting; tells the status."""
    uid = db.session.scalar(select(Meeting.uid).join(Run).where(Run.reference == run))
    return visitor.post(f"{RUNS}/{run}/meetings/{uid}", **told).status_code


def join_link() -> str | None:
    """Give the link of the only meeting."""
    return db.session.scalar(select(Meeting.join_link))


def appoint(visitor: Visitor, run: str, person: Person) -> int:
    """Let somebody moderate; tells the status."""
    reference = person.reference
    return visitor.post(f"{RUNS}/{run}/facilitators", person=reference).status_code


def moderated() -> list[int]:
    """List who moderates anything."""
    return list(db.session.scalars(select(Facilitation.person_id)))


def test_a_facilitator_sees_and_sets_the_link_and_nobody_is_told(app: Flask) -> None:
    run = webinar(utcnow() + DAY)
    facilitator = Visitor(app, make_member(MemberRole.FACILITATOR))
    assert LINK in facilitator.page(f"{RUNS}/{run}")
    assert links(facilitator, run, join_link=NEW_LINK) == 303
    found = db.session.scalars(select(Meeting)).one()
    assert (found.join_link, found.sequence, found.told_sequence) == (NEW_LINK, 0, 0)
    assert links(facilitator, run, join_link=NEW_LINK) == 303
    assert len([one for one in latest(limit=9) if one.act == "links-set"]) == 1
    [version] = db.session.scalars(select(OfferVersion)).all()
    assert list(version.changes.values()) == [[LINK, NEW_LINK]]
    assert NEW_LINK not in Visitor(app).page("/en/learn/water-live")
    assert links(facilitator, run, join_link="") == 303
    assert join_link() == ""


def test_a_reporter_does_not_reach_the_link(app: Flask) -> None:
    run = webinar(utcnow() + DAY)
    reporter = Visitor(app, make_member(MemberRole.REPORTER))
    assert links(reporter, run, join_link=NEW_LINK) == 403
    assert LINK not in reporter.page(RUNS)
    assert join_link() == LINK


def test_what_is_no_address_of_the_web_is_refused(app: Flask) -> None:
    run = webinar(utcnow() + DAY)
    editor = Visitor(app, make_member())
    for wrong in (
        "javascript:alert(1)",
        "meet.example",
        "https://a@b.example/",
        "https://x/" * 400,
    ):
        assert links(editor, run, join_link=wrong) == 422
    uid = db.session.scalar(select(Meeting.uid))
    answer = editor.post(f"{RUNS}/{run}/meetings/{uid}", join_link='"><script>alert(1)</script>')
    page = answer.get_data(as_text=True)
    assert '<a href="#f-join_link-1">Give the whole address, beginning with https://.</a>' in page
    assert "<script>alert(1)" not in page
    assert join_link() == LINK


def test_an_unknown_meeting_is_missing(app: Flask) -> None:
    run = webinar(utcnow() + DAY)
    editor = Visitor(app, make_member())
    answer = editor.post(f"{RUNS}/{run}/meetings/nothing", join_link=NEW_LINK)
    assert answer.status_code == 404


def test_publishing_what_was_begun_before_does_not_bring_the_old_link_back(app: Flask) -> None:
    run = webinar(utcnow() + DAY)
    person_id = make_member().id
    with unit_of_work():
        place = db.session.scalars(select(Institution)).one()
        offer = offer_at(place, "water-live")
        form = form_of(offer)
        form["runs"][0]["capacity"] = "9"
        person = db.session.get_one(Person, person_id)
        editing.save(offer, form, seen=state_seen(offer, None), person=person, now=utcnow())
    assert (
        links(Visitor(app, db.session.get_one(Person, person_id)), run, join_link=NEW_LINK) == 303
    )
    assert db.session.scalar(select(WorkingCopy.revision)) == 2
    with unit_of_work():
        offer = offer_at(db.session.scalars(select(Institution)).one(), "water-live")
        editing.publish(offer, person=db.session.get_one(Person, person_id), now=utcnow())
    assert join_link() == NEW_LINK
    assert db.session.scalar(select(Run.capacity)) == 9


def test_owners_and_editors_decide_who_moderates(app: Flask) -> None:
    run = webinar(utcnow() + DAY)
    colleague = make_member(MemberRole.REPORTER, email="rep@example.org")
    editor = Visitor(app, make_member())
    assert [appoint(editor, run, colleague) for _time in range(2)] == [303, 303]
    assert moderated() == [colleague.id]
    assert [one.act for one in latest(limit=9)].count("facilitator-appointed") == 1
    remove = f"{RUNS}/{run}/facilitators/{colleague.reference}/remove"
    assert remove in editor.page(f"{RUNS}/{run}")
    assert [editor.post(remove).status_code for _time in range(2)] == [303, 303]
    assert moderated() == []
    facilitator = make_member(MemberRole.FACILITATOR, email="fac@example.org")
    assert appoint(Visitor(app, facilitator), run, facilitator) == 403


def test_only_who_works_there_moderates(app: Flask) -> None:
    run = webinar(utcnow() + DAY)
    editor, stranger = Visitor(app, make_member()), make_person("stranger@example.org")
    assert appoint(editor, run, stranger) == 409
    assert editor.post(f"{RUNS}/{run}/facilitators", person="").status_code == 409
    assert moderated() == []


def test_the_front_page_names_webinars_that_nobody_moderates(app: Flask) -> None:
    run = webinar(utcnow() + DAY)
    webinar(utcnow() - DAY, title="Water gone")
    person = make_member()
    editor = Visitor(app, person)
    page = html.unescape(editor.page(DESK))
    assert "Nobody moderates “\u2068Water live\u2069” yet." in page
    assert page.count("Nobody moderates") == 1
    appoint(editor, run, person)
    assert "Nobody moderates" not in editor.page(DESK)


def test_the_menu_leads_those_who_moderate_to_their_webinars(app: Flask, visitor: Visitor) -> None:
    run = webinar(utcnow() + DAY)
    person = make_member()
    editor = Visitor(app, person)
    assert MINE not in visitor.page("/en/my/account")
    assert MINE not in editor.page("/en/my/account")
    appoint(editor, run, person)
    assert MINE in editor.page("/en/my/account")
    facilitator = make_member(MemberRole.FACILITATOR, email="fac@example.org")
    assert MINE in Visitor(app, facilitator).page("/en/my/account")


def test_a_webinar_is_prepared_step_by_step(app: Flask) -> None:
    run = webinar(meetings=[meeting(utcnow() + 3 * DAY, join_link="")], description="<p>Maps.</p>")
    enrol(make_person(), run, now=utcnow())
    visitor = Visitor(app, make_member(MemberRole.FACILITATOR))
    page = html.unescape(visitor.page(MINE))
    assert "Set the link to join." in page
    assert page.count('<span class="tag tag--bad">Late</span>') == 1
    assert "It says what it is about." in page
    assert "1 person is registered." in page
    assert "Give the address of the recording." in page
    assert f'href="{RUNS}/{run}#meeting-1"' in page
    assert f'href="{RUNS}/{run}/message"' in page
    links(visitor, run, join_link=NEW_LINK)
    page = html.unescape(visitor.page(MINE))
    assert "The link to join is set." in page
    assert f'href="{NEW_LINK}"' in page
    assert "Late" not in page


def test_a_facilitator_sees_webinars_of_the_institution_and_nobody_else_s(app: Flask) -> None:
    webinar(utcnow() + DAY)
    webinar(utcnow() + DAY, title="On the hill", institution="hill-school")
    webinar(utcnow() - 20 * DAY, title="Long gone")
    webinar(utcnow() - 3 * DAY, title="Just held")
    page = Visitor(app, make_member(MemberRole.FACILITATOR)).page(MINE)
    assert "Water live" in page
    assert "Just held" in page
    assert "On the hill" not in page
    assert "Long gone" not in page


def test_who_works_there_no_longer_moderates_nothing(app: Flask) -> None:
    run = webinar(utcnow() + DAY)
    person = make_member()
    visitor = Visitor(app, person)
    appoint(visitor, run, person)
    assert "Water live" in visitor.page(MINE)
    with unit_of_work():
        db.session.query(Membership).delete()
    page = visitor.page(MINE)
    assert "You moderate no webinar at the moment." in page
    assert "Water live" not in page


def test_a_reporter_who_moderates_is_not_led_where_they_may_not_go(app: Flask) -> None:
    run = webinar(utcnow() + DAY)
    reporter = make_member(MemberRole.REPORTER, email="rep@example.org")
    appoint(Visitor(app, make_member()), run, reporter)
    page = Visitor(app, reporter).page(MINE)
    assert "Water live" in page
    assert "/desk/" not in page
    assert LINK not in page


def test_three_webinars_take_as_many_questions_as_one(app: Flask) -> None:
    webinar(utcnow() + DAY)
    visitor = Visitor(app, make_member(MemberRole.FACILITATOR))
    visitor.page(MINE)
    one = asked_for(visitor, MINE)
    webinar(utcnow() + DAY, title="Second")
    webinar(utcnow() + DAY, title="Third")
    assert asked_for(visitor, MINE) == one
    assert db.session.query(Offer).count() == 3
