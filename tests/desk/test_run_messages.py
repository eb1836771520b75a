"""Writing to all who are registered: once, to those who still take part, not too often."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from academy.accounts.models import Person
from academy.audit import latest
from academy.db import db, unit_of_work, utcnow
from academy.institutions.models import MemberRole
from academy.notices.models import Notice
from academy.notices.rules import Dropped
from courses.webinars.models import RunMessage
from tests.making import make_person
from tests.meeting import webinar, withdraw_offer
from tests.staff import make_member
from tests.taking_part import enrol, withdraw
from tests.told import told
from tests.visiting import Visitor

DAY = timedelta(days=1)
RUNS = "/en/institutions/river-school/desk/participants"
LETTER = {"subject": "Bring a map", "text": "Please bring a map.\n\nThank you.", "language": "fr"}
ONCE = re.compile(r'name="once" value="([^"]+)"')


def registered(*addresses: str, capacity: int | None = None) -> tuple[str, list[Person]]:
    """Make a webinar in which these people are; who finds no place waits."""
    run = webinar(utcnow() + DAY, capacity=capacity)
    people = [make_person(address) for address in addresses]
    for person in people:
        enrol(person, run, now=utcnow())
    with unit_of_work():
        db.session.query(Notice).delete()
    return run, people


def send(visitor: Visitor, run: str, **changes: str) -> int:
    """Look at a message and send it; tells the status of the sending."""
    letter = LETTER | changes
    preview = visitor.post(f"{RUNS}/{run}/message", do="preview", **letter)
    found = ONCE.search(preview.get_data(as_text=True))
    mark = found.group(1) if found else "none"
    return visitor.post(f"{RUNS}/{run}/message", do="send", once=mark, **letter).status_code


def test_a_message_is_looked_at_first_and_nothing_is_sent_by_that(app: Flask) -> None:
    run, _people = registered("p1@example.org", "p2@example.org")
    facilitator = Visitor(app, make_member(MemberRole.FACILITATOR))
    answer = facilitator.post(f"{RUNS}/{run}/message", do="preview", **LETTER)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "It goes to 2 people, each by a mail of their own." in page
    assert "Answers go to school@example.org." in page
    assert '<p class="lines" lang="fr" dir="auto">Please bring a map.\n\nThank you.</p>' in page
    assert db.session.scalars(select(RunMessage.id)).all() == []
    assert told(app, now=utcnow()) == []
    written = facilitator.post(f"{RUNS}/{run}/message", do="write", **LETTER)
    assert "Please bring a map." in written.get_data(as_text=True)


def test_a_form_sent_twice_is_one_message(app: Flask) -> None:
    run, _people = registered("p1@example.org", "p2@example.org")
    author = make_member(MemberRole.FACILITATOR)
    facilitator = Visitor(app, author)
    fields = LETTER | {"do": "send", "once": "a-mark-of-this-form"}
    answers = [facilitator.post(f"{RUNS}/{run}/message", **fields) for _time in range(2)]
    assert {one.headers["Location"] for one in answers} == {f"{RUNS}/{run}"}
    [message] = db.session.scalars(select(RunMessage)).all()
    assert (message.recipients, message.language) == (2, "fr")
    mails = told(app, now=utcnow())
    assert [one.to for one in mails] == ["p1@example.org", "p2@example.org"]
    assert {one.kind for one in mails} == {"run-message"}
    [entry] = [one for one in latest(limit=9) if one.act == "message-sent"]
    assert (entry.thing, entry.person_id) == (f"run:{run}", author.id)
    page = html.unescape(facilitator.page(f"{RUNS}/{run}"))
    assert "This message was sent already. Nothing was sent twice." in page
    assert "To 2 people" in page


def test_the_mail_says_who_writes_and_where_answers_go(app: Flask) -> None:
    run, [reader] = registered("p1@example.org")
    with unit_of_work():
        db.session.get_one(Person, reader.id).language = "es"
    assert send(Visitor(app, make_member()), run) == 303
    [one] = told(app, now=utcnow())
    assert one.mail.subject == "River School: Bring a map"
    assert list(one.mail.paragraphs)[1:] == ["Please bring a map.", "Thank you."]
    assert "River School" in one.mail.paragraphs[0]
    assert "“Water live”" in one.mail.paragraphs[0] or "Water live" in one.mail.paragraphs[0]
    assert one.mail.reply_to == "school@example.org"
    assert one.mail.action is not None
    assert one.mail.action.url == "http://localhost/es/learn/water-live"


def test_who_left_before_it_is_sent_gets_nothing(app: Flask) -> None:
    run, [_stays, leaves] = registered("p1@example.org", "p2@example.org")
    assert send(Visitor(app, make_member()), run) == 303
    withdraw(leaves, run, now=utcnow())
    said = {one.to: one.said for one in told(app, now=utcnow(), kind="run-message")}
    assert said["p2@example.org"] is Dropped.UNTRUE
    assert isinstance(said["p1@example.org"], Dropped) is False


def test_who_waits_is_not_written_to(app: Flask) -> None:
    run, _people = registered("p1@example.org", "p2@example.org", capacity=1)
    assert send(Visitor(app, make_member()), run) == 303
    assert [one.to for one in told(app, now=utcnow())] == ["p1@example.org"]


def test_of_a_withdrawn_offer_people_can_still_be_told(app: Flask) -> None:
    run, _people = registered("p1@example.org")
    withdraw_offer(run, now=utcnow())
    assert send(Visitor(app, make_member()), run) == 303
    [one] = [one for one in told(app, now=utcnow()) if one.kind == "run-message"]
    assert one.mail.action is not None
    assert "/my/enrolments/" in one.mail.action.url


def test_a_fourth_message_within_a_day_is_refused_and_kept_for_its_author(app: Flask) -> None:
    run, _people = registered("p1@example.org")
    editor = Visitor(app, make_member())
    assert [send(editor, run) for _time in range(4)] == [303, 303, 303, 422]
    answer = editor.post(f"{RUNS}/{run}/message", do="send", once="new", **LETTER)
    page = answer.get_data(as_text=True)
    assert "Three messages were sent to these people within a day. Nothing was sent." in page
    assert "Please bring a map." in page
    with unit_of_work():
        for message in db.session.scalars(select(RunMessage)):
            message.sent_at -= DAY
    assert send(editor, run) == 303


def test_to_nobody_nothing_is_sent(app: Flask) -> None:
    run = webinar(utcnow() + DAY)
    answer = Visitor(app, make_member()).post(f"{RUNS}/{run}/message", do="send", **LETTER)
    assert answer.status_code == 422
    assert "Nobody is registered at the moment." in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "wrong", [{"subject": ""}, {"text": " \n "}, {"subject": "\u202e"}, {"text": "x" * 4001}]
)
def test_what_says_nothing_or_too_much_is_refused(app: Flask, wrong: dict[str, str]) -> None:
    run, _people = registered("p1@example.org")
    editor = Visitor(app, make_member())
    for wish in ("preview", "send"):
        fields = LETTER | wrong | {"do": wish}
        assert editor.post(f"{RUNS}/{run}/message", **fields).status_code == 422
    assert db.session.scalars(select(RunMessage.id)).all() == []


def test_hostile_words_do_nothing(app: Flask) -> None:
    run, _people = registered("p1@example.org")
    editor = Visitor(app, make_member())
    hostile = {
        "subject": "Hi\r\nBcc: all@example.org",
        "text": '"><script>alert(1)</script>\u202e',
        "language": "<b>",
    }
    preview = editor.post(f"{RUNS}/{run}/message", do="preview", **hostile)
    assert "<script>alert(1)" not in preview.get_data(as_text=True)
    assert editor.post(f"{RUNS}/{run}/message", do="send", **hostile).status_code == 303
    [one] = told(app, now=utcnow())
    assert one.mail.subject == "River School: Hi Bcc: all@example.org"
    [message] = db.session.scalars(select(RunMessage)).all()
    assert (message.language, "\u202e" in message.text) == ("en", False)
