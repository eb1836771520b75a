"""An invitation holds as long as the right of who sent it, and the membership it was meant for."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from academy.accounts.models import Person, Steward
from academy.db import db, unit_of_work
from academy.institutions import invitations, members, queries, rules, waiting
from academy.institutions.models import MemberRole
from tests.invited import RIVER, accept, invite, role_of
from tests.making import NOW, make_person
from tests.staff import make_member

OWNER, EDITOR = MemberRole.OWNER, MemberRole.EDITOR


@pytest.fixture
def owner(app: Flask) -> Person:
    """Who owns the River School."""
    return make_member(OWNER, email="owner@example.org")


@pytest.fixture
def bob(app: Flask) -> Person:
    """Somebody with an account."""
    return make_person("bob@example.org", name="Bob")


def _withdraw_all(owner: Person) -> None:
    owner_id = owner.id
    with unit_of_work():
        place, by = queries.institution_by_slug(RIVER), db.session.get_one(Person, owner_id)
        for sent in waiting.open_invitations(place):
            invitations.withdraw(sent, place, by=by, now=NOW)


def _change_role(person: Person, role: MemberRole, *, by: Person) -> None:
    person_id, by_id = person.id, by.id
    with unit_of_work():
        place = queries.institution_by_slug(RIVER)
        member = queries.membership_of(place, db.session.get_one(Person, person_id).reference)
        members.change_role(member, role, by=db.session.get_one(Person, by_id), now=NOW)


def _remove(person: Person, by: Person, *, now: datetime = NOW) -> None:
    person_id, by_id = person.id, by.id
    with unit_of_work():
        place = queries.institution_by_slug(RIVER)
        going = db.session.get_one(Person, person_id)
        member = queries.membership_of(place, going.reference)
        members.remove(member, by=db.session.get_one(Person, by_id), now=now)


def test_29_what_a_removed_owner_has_sent_opens_nothing(owner: Person, bob: Person) -> None:
    other = make_member(OWNER, email="other@example.org")
    secret = invite("bob@example.org", by=other, role=OWNER)
    _remove(other, owner)
    with pytest.raises(rules.InviterWithoutRight):
        accept(secret, bob)
    assert role_of(bob) is None


def test_an_owner_who_is_an_editor_now_opens_nothing_unless_a_steward(
    owner: Person, bob: Person
) -> None:
    other = make_member(OWNER, email="other@example.org")
    secret = invite("bob@example.org", by=other)
    _change_role(other, EDITOR, by=owner)
    with pytest.raises(rules.InviterWithoutRight):
        accept(secret, bob)
    with unit_of_work():
        db.session.get_one(Person, other.id).steward = Steward.ALL
    assert accept(secret, bob) is EDITOR


def test_who_was_removed_does_not_come_back_by_an_invitation_to_another_address_of_theirs(
    owner: Person, bob: Person
) -> None:
    accept(invite("bob@example.org", by=owner), bob)
    earlier = invite("robert@example.org", by=owner)
    _remove(bob, owner, now=NOW + timedelta(hours=1))
    with unit_of_work():
        moved = db.session.get_one(Person, bob.id)
        moved.email = moved.email_key = "robert@example.org"
    with pytest.raises(rules.RemovedSince):
        accept(earlier, bob)
    assert role_of(bob) is None
    later = NOW + timedelta(hours=2)
    _withdraw_all(owner)
    assert accept(invite("robert@example.org", by=owner, now=later), bob, now=later) is EDITOR


def test_29_who_is_removed_cannot_come_back_by_an_earlier_invitation(
    owner: Person, bob: Person
) -> None:
    accept(invite("bob@example.org", by=owner), bob)
    upward = invite("bob@example.org", by=owner, role=OWNER)
    _remove(bob, owner)
    with pytest.raises(rules.InvitationWithdrawn):
        accept(upward, bob)
    assert role_of(bob) is None


@pytest.mark.parametrize("field", ["blocked_at", "erased_at"])
def test_29_what_a_closed_account_has_sent_opens_nothing(
    owner: Person, bob: Person, field: str
) -> None:
    secret = invite("bob@example.org", by=owner)
    with unit_of_work():
        setattr(db.session.get_one(Person, owner.id), field, NOW)
    with pytest.raises(rules.InviterWithoutRight):
        accept(secret, bob)
