"""Who works for an institution: roles change, people go, and an owner always stays."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from academy.accounts.models import Person
from academy.db import db, unit_of_work
from academy.errors import Refusal
from academy.institutions import invitations, members, queries, rules
from academy.institutions.models import MemberRole, Membership
from tests.invited import RIVER, accept, invitations_sent, make_place, make_steward, role_of
from tests.making import NOW, make_person
from tests.staff import make_member

OWNER, EDITOR, REPORTER = MemberRole.OWNER, MemberRole.EDITOR, MemberRole.REPORTER


@pytest.fixture
def owner(app: Flask) -> Person:
    """Who owns the River School."""
    return make_member(OWNER, email="owner@example.org")


def membership(person: Person) -> Membership:
    """Find the membership of a person in the River School."""
    return queries.membership_of(queries.institution_by_slug(RIVER), person.reference)


def change(person: Person, role: MemberRole, *, by: Person) -> None:
    """Give somebody another role."""
    person_id, by_id = person.id, by.id
    with unit_of_work():
        found, who = (db.session.get_one(Person, one) for one in (person_id, by_id))
        members.change_role(membership(found), role, by=who, now=NOW)


def remove(person: Person, *, by: Person) -> None:
    """End somebody's membership."""
    person_id, by_id = person.id, by.id
    with unit_of_work():
        found, who = (db.session.get_one(Person, one) for one in (person_id, by_id))
        members.remove(membership(found), by=who, now=NOW)


def test_a_role_is_changed_from_one_moment_to_the_next(owner: Person) -> None:
    edi = make_member(EDITOR)
    change(edi, REPORTER, by=owner)
    assert role_of(edi) is REPORTER


def test_nobody_is_made_an_owner_without_saying_yes(owner: Person) -> None:
    edi = make_member(EDITOR)
    with pytest.raises(rules.OwnerMustAccept):
        change(edi, OWNER, by=owner)
    with unit_of_work():
        found, who = (db.session.get_one(Person, one) for one in (edi.id, owner.id))
        asked = invitations.offer_role(membership(found), OWNER, by=who, now=NOW)
        assert asked is not None
        secret = invitations.make_secret(asked)
    assert role_of(edi) is EDITOR
    assert accept(secret, edi) is OWNER


@pytest.mark.parametrize("leave", [False, True])
def test_the_last_owner_cannot_go(owner: Person, leave: bool) -> None:
    make_member(EDITOR)
    with pytest.raises(rules.LastOwner):
        remove(owner, by=owner) if leave else change(owner, EDITOR, by=owner)
    assert role_of(owner) is OWNER


def test_an_owner_who_is_blocked_does_not_count_as_one(owner: Person) -> None:
    other = make_member(OWNER, email="other@example.org")
    with unit_of_work():
        db.session.get_one(Person, other.id).blocked_at = NOW
    with pytest.raises(rules.LastOwner):
        remove(owner, by=owner)


def test_an_institution_is_handed_over_by_two_people(owner: Person) -> None:
    make_member(OWNER, email="next@example.org")
    remove(owner, by=owner)
    assert role_of(owner) is None


def test_a_steward_may_remove_the_last_owner(owner: Person) -> None:
    make_place(RIVER, section="africa")
    elsewhere = make_steward("asia@example.org", section="asia-pacific")
    with pytest.raises(rules.LastOwner):
        remove(owner, by=elsewhere)
    remove(owner, by=make_steward("africa@example.org", section="africa"))
    assert role_of(owner) is None


def test_leaving_twice_is_leaving_once(owner: Person) -> None:
    edi = make_member(EDITOR)
    for _time in range(2):
        with unit_of_work():
            person = db.session.get_one(Person, edi.id)
            members.leave(person, queries.institution_by_slug(RIVER), now=NOW)
    assert (role_of(edi), invitations_sent()) == (None, [])


def test_of_two_owners_who_leave_at_once_one_stays(academy: Callable[..., Flask]) -> None:
    app = academy()
    with app.app_context():
        one = make_member(OWNER, email="one@example.org").id
        two = make_member(OWNER, email="two@example.org").id

    def go(key: int) -> str:
        with app.app_context():
            try:
                with unit_of_work():
                    going = db.session.get_one(Person, key)
                    members.leave(going, queries.institution_by_slug(RIVER), now=NOW)
            except Refusal as refusal:
                return refusal.code
            return "gone"

    with ThreadPoolExecutor(2) as rush:
        told = sorted(rush.map(go, [one, two]))
    assert told == ["gone", "last-owner"]
    with app.app_context():
        assert db.session.query(Membership).filter_by(role=OWNER).count() == 1


def test_a_member_of_another_institution_is_not_found_here(owner: Person) -> None:
    make_place("hill-school")
    hill = make_member(EDITOR, institution="hill-school", email="hill@example.org")
    nobody = make_person("nobody@example.org", name="Nobody")
    for person in (hill, nobody):
        with pytest.raises(Refusal) as refused:
            remove(person, by=owner)
        assert refused.value.status == 404
    assert role_of(hill, "hill-school") is EDITOR
