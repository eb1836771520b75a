"""Who is asked to moderate a webinar gets a mail, and nobody else."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from academy.accounts.models import Person
from academy.db import utcnow
from academy.institutions.models import MemberRole
from academy.notices.rules import Dropped
from tests.meeting import webinar
from tests.staff import make_member
from tests.told import told
from tests.visiting import Visitor

DAY = timedelta(days=1)
RUNS = "/en/institutions/river-school/desk/participants"
MINE = "/en/my/webinars"


def appoint(visitor: Visitor, run: str, person: Person) -> int:
    """Let somebody moderate; tells the status."""
    reference = person.reference
    return visitor.post(f"{RUNS}/{run}/facilitators", person=reference).status_code


def test_who_is_let_moderate_is_told_by_mail(app: Flask) -> None:
    run = webinar(utcnow() + DAY)
    colleague = make_member(MemberRole.REPORTER, email="rep@example.org")
    person = make_member()
    editor = Visitor(app, person)
    for moderating in (colleague, colleague, person):
        assert appoint(editor, run, moderating) == 303
    [mail] = [one.mail for one in told(app, now=utcnow(), kind="facilitator-appointed")]
    assert mail.subject == "You moderate “Water live”"
    assert mail.action is not None
    assert mail.action.url.endswith(MINE)
    assert [label for label, _told in mail.facts] == ["When", "Institution"]


def test_nobody_is_told_of_what_they_moderate_no_longer(app: Flask) -> None:
    run = webinar(utcnow() + DAY)
    colleague = make_member(MemberRole.REPORTER, email="rep@example.org")
    editor = Visitor(app, make_member())
    appoint(editor, run, colleague)
    editor.post(f"{RUNS}/{run}/facilitators/{colleague.reference}/remove")
    [notice] = told(app, now=utcnow(), kind="facilitator-appointed")
    assert notice.said is Dropped.UNTRUE
    appoint(editor, run, colleague)
    assert len(told(app, now=utcnow(), kind="facilitator-appointed")) == 2
