"""The mails about working for an institution, made at the moment of sending, while still true."""

from __future__ import annotations

import pytest
from flask import Flask

from academy.accounts.models import Person
from academy.db import db, unit_of_work
from academy.institutions import invitations, members, operations, requests, waiting
from academy.institutions.models import MemberRole
from academy.institutions.queries import institution_by_slug, membership_of
from academy.notices.rules import Dropped
from tests.invited import RIVER, accept, invitations_sent, make_place, make_steward, role_of
from tests.letters import kinds_for, letter, way_in, written
from tests.making import NOW, make_person
from tests.staff import make_member
from tests.visiting import Visitor

OWNER, EDITOR, REPORTER = MemberRole.OWNER, MemberRole.EDITOR, MemberRole.REPORTER
BOB = "bob@example.org"


@pytest.fixture
def owner(app: Flask) -> Person:
    """Who owns the River School."""
    return make_member(OWNER, email="owner@example.org")


def send(owner: Person, role: MemberRole = EDITOR) -> None:
    """Invite Bob, who is yet to get the mail."""
    owner_id = owner.id
    with unit_of_work():
        by = db.session.get_one(Person, owner_id)
        invitations.invite(BOB, institution_by_slug(RIVER), role, by=by, now=NOW)


def test_the_mail_of_an_invitation_leads_to_accepting_it(app: Flask, owner: Person) -> None:
    bob = make_person(BOB, name="Bob")
    send(owner)
    mail = letter(app, "invitation", BOB, now=NOW)
    assert mail.subject == "River School invites you to Urban Academy"
    assert next(iter(mail.facts)) == ("Your role", "Editor")
    his = Visitor(app, bob)
    assert his.post(f"{way_in(mail)}/accept").status_code == 303
    assert role_of(bob) is EDITOR


def test_the_invitation_of_somebody_new_is_in_the_language_of_who_invites(
    app: Flask, owner: Person
) -> None:
    with unit_of_work():
        db.session.get_one(Person, owner.id).language = "fr"
    send(owner)
    assert way_in(letter(app, "invitation", BOB, now=NOW)).startswith("/fr/invitations/")


def test_an_invitation_that_was_withdrawn_is_not_mailed(app: Flask, owner: Person) -> None:
    send(owner)
    with unit_of_work():
        [sent] = invitations_sent()
        by = db.session.get_one(Person, owner.id)
        invitations.withdraw(sent, institution_by_slug(RIVER), by=by, now=NOW)
    assert written(app, "invitation", BOB, now=NOW) is Dropped.UNTRUE


def test_36_an_invitation_of_who_may_no_longer_invite_is_not_mailed(
    app: Flask, owner: Person
) -> None:
    make_member(OWNER, email="other@example.org")
    send(owner)
    with unit_of_work():
        leaving = db.session.get_one(Person, owner.id)
        members.leave(leaving, institution_by_slug(RIVER), now=NOW)
    assert written(app, "invitation", BOB, now=NOW) is Dropped.UNTRUE


def test_who_invited_hears_of_the_acceptance(app: Flask, owner: Person) -> None:
    bob = make_person(BOB, name="Bob")
    send(owner)
    with unit_of_work():
        secret = invitations.make_secret(invitations_sent()[0])
    accept(secret, bob)
    mail = letter(app, "invitation-accepted", "owner@example.org", now=NOW)
    assert list(mail.paragraphs) == ["Bob now works for River School. Role: Editor."]


def test_a_member_hears_of_a_new_role_while_it_is_theirs(app: Flask, owner: Person) -> None:
    edi = make_member(EDITOR)
    with unit_of_work():
        member = membership_of(institution_by_slug(RIVER), edi.reference)
        members.change_role(member, REPORTER, by=db.session.get_one(Person, owner.id), now=NOW)
    mail = letter(app, "role-changed", "editor@example.org", now=NOW)
    assert list(mail.paragraphs) == ["Your role is now: Reporter."]
    with unit_of_work():
        member = membership_of(institution_by_slug(RIVER), edi.reference)
        member.role = EDITOR
    assert written(app, "role-changed", "editor@example.org", now=NOW) is Dropped.UNTRUE


def test_who_is_removed_is_told_and_who_leaves_is_not(app: Flask, owner: Person) -> None:
    edi = make_member(EDITOR)
    rob = make_member(REPORTER, email="rob@example.org")
    with unit_of_work():
        place, by = institution_by_slug(RIVER), db.session.get_one(Person, owner.id)
        members.remove(membership_of(place, edi.reference), by=by, now=NOW)
        members.leave(db.session.get_one(Person, rob.id), place, now=NOW)
    mail = letter(app, "member-removed", "editor@example.org", now=NOW)
    assert mail.subject == "You no longer work for River School"
    assert kinds_for(app, "rob@example.org") == []


def _ask(person: Person) -> str:
    person_id = person.id
    with unit_of_work():
        asking = db.session.get_one(Person, person_id)
        return requests.ask(asking, institution_by_slug(RIVER), EDITOR, now=NOW).reference


def test_who_asked_hears_yes(app: Flask, ana: Person) -> None:
    make_place(RIVER, name="River School")
    sol, reference = make_steward(), _ask(ana)
    with unit_of_work():
        by = db.session.get_one(Person, sol.id)
        asked = waiting.request_for(by, reference)
        requests.grant(asked, asked.institution, EDITOR, by=by, now=NOW)
    mail = letter(app, "request-granted", "ana@example.org", now=NOW)
    assert mail.subject == "You now work for River School"
    with unit_of_work():
        operations.retire(institution_by_slug(RIVER), reason="Closed.", by=None, now=NOW)
    assert written(app, "request-granted", "ana@example.org", now=NOW) is Dropped.UNTRUE


def test_who_asked_hears_no_and_why(app: Flask, ana: Person) -> None:
    make_place(RIVER)
    sol, reference = make_steward(), _ask(ana)
    with unit_of_work():
        by = db.session.get_one(Person, sol.id)
        asked = waiting.request_for(by, reference)
        requests.refuse(asked, reason="Nobody there knows you.", by=by, now=NOW)
    mail = letter(app, "request-refused", "ana@example.org", now=NOW)
    assert list(mail.paragraphs) == [
        "The stewards of Urban Academy have looked at your request and say no.",
        "Nobody there knows you.",
    ]
