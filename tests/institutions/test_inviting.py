"""Invitations: bound to an address, an institution and a role, and good for one acceptance."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask

from academy import audit
from academy.accounts.models import Person
from academy.db import db, unit_of_work
from academy.errors import Invalid, Refusal
from academy.institutions import invitations, operations, queries, rules
from academy.institutions.models import MemberRole, Membership
from tests.invited import RIVER, accept, invitations_sent, invite, make_steward, role_of
from tests.making import NOW, make_institution, make_person
from tests.staff import make_member

OWNER, EDITOR, FACILITATOR = MemberRole.OWNER, MemberRole.EDITOR, MemberRole.FACILITATOR
LATER = NOW + timedelta(days=15)


@pytest.fixture
def owner(app: Flask) -> Person:
    """Who owns the River School."""
    return make_member(OWNER, email="owner@example.org")


@pytest.fixture
def bob(app: Flask) -> Person:
    """Somebody with an account."""
    return make_person("bob@example.org", name="Bob")


def test_who_is_invited_works_there_once_they_accept(owner: Person, bob: Person) -> None:
    secret = invite(" Bob@Example.org ", by=owner)
    assert role_of(bob) is None
    assert accept(secret, bob) is EDITOR
    assert role_of(bob) is EDITOR


def test_an_invitation_is_accepted_once(owner: Person, bob: Person) -> None:
    secret = invite("bob@example.org", by=owner)
    accept(secret, bob)
    with pytest.raises(rules.InvitationUsed):
        accept(secret, bob)
    assert db.session.query(Membership).filter_by(person_id=bob.id).count() == 1


def test_somebody_else_gets_nowhere_with_it_and_uses_nothing_up(owner: Person, bob: Person) -> None:
    eve = make_person("eve@example.org", name="Eve")
    secret = invite("bob@example.org", by=owner)
    with pytest.raises(rules.InvitationForAnother):
        accept(secret, eve)
    assert (role_of(eve), accept(secret, bob)) == (None, EDITOR)


def test_who_has_not_confirmed_the_address_is_not_let_in(owner: Person, bob: Person) -> None:
    secret = invite("bob@example.org", by=owner)
    with unit_of_work():
        db.session.get_one(Person, bob.id).confirmed_at = None
    with pytest.raises(rules.AddressNotConfirmed):
        accept(secret, bob)
    assert role_of(bob) is None


def test_an_old_or_withdrawn_or_unknown_link_opens_nothing(owner: Person, bob: Person) -> None:
    secret = invite("bob@example.org", by=owner)
    with pytest.raises(rules.InvitationExpired):
        accept(secret, bob, now=LATER)
    with pytest.raises(rules.InvitationUnknown):
        accept(secret[:-1], bob)
    _withdraw(owner)
    with pytest.raises(rules.InvitationWithdrawn):
        accept(secret, bob)
    assert role_of(bob) is None


def _withdraw(owner: Person) -> None:
    owner_id = owner.id
    with unit_of_work():
        [sent] = invitations_sent()
        by = db.session.get_one(Person, owner_id)
        invitations.withdraw(sent, queries.institution_by_slug(RIVER), by=by, now=NOW)


def test_the_same_invitation_asked_for_twice_is_one(owner: Person) -> None:
    invite("bob@example.org", by=owner)
    invite("BOB@example.org", by=owner)
    assert [one.revoked_at for one in invitations_sent()] == [None]


def test_an_invitation_to_another_role_takes_the_earlier_one_back(
    owner: Person, bob: Person
) -> None:
    first = invite("bob@example.org", by=owner)
    second = invite("bob@example.org", by=owner, role=FACILITATOR)
    with pytest.raises(rules.InvitationWithdrawn):
        accept(first, bob)
    assert accept(second, bob) is FACILITATOR


def test_an_invitation_sent_again_replaces_the_link(owner: Person, bob: Person) -> None:
    first = invite("bob@example.org", by=owner)
    with unit_of_work():
        [sent] = invitations_sent()
        place, by = queries.institution_by_slug(RIVER), db.session.get_one(Person, owner.id)
        renewed = invitations.send_again(sent, place, by=by, now=LATER)
        second = invitations.make_secret(renewed)
    with pytest.raises(rules.InvitationWithdrawn):
        accept(first, bob, now=LATER)
    assert accept(second, bob, now=LATER) is EDITOR


def test_an_invitation_that_was_replaced_is_not_sent_again(owner: Person) -> None:
    invite("bob@example.org", by=owner)
    owner_id = owner.id
    for refused in (False, True):
        with unit_of_work():
            first = invitations_sent()[0]
            place, by = queries.institution_by_slug(RIVER), db.session.get_one(Person, owner_id)
            if not refused:
                invitations.send_again(first, place, by=by, now=NOW)
                continue
            with pytest.raises(rules.InvitationWithdrawn):
                invitations.send_again(first, place, by=by, now=NOW)
    assert [one.revoked_at is None for one in invitations_sent()] == [False, True]


def test_who_works_there_in_this_role_is_not_invited_again(owner: Person) -> None:
    with pytest.raises(Invalid) as refused:
        invite("owner@example.org", by=owner, role=OWNER)
    assert {name: str(text) for name, text in refused.value.fields.items()} == {
        "email": "This person works here in this role already."
    }


def test_nobody_becomes_less_by_accepting(owner: Person) -> None:
    secret = invite("owner@example.org", by=owner, role=EDITOR)
    assert accept(secret, owner) is OWNER


def test_an_institution_has_so_many_open_invitations_at_most(
    owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_INVITATIONS", 2)
    invite("one@example.org", by=owner)
    invite("two@example.org", by=owner)
    with pytest.raises(rules.TooManyInvitations):
        invite("three@example.org", by=owner)


def test_35_an_invitation_opens_the_institution_it_names_and_no_other(
    owner: Person, bob: Person
) -> None:
    make_institution("hill-school")
    accept(invite("bob@example.org", by=owner), bob)
    assert (role_of(bob), role_of(bob, "hill-school")) == (EDITOR, None)


def test_a_retired_institution_takes_nobody(owner: Person, bob: Person) -> None:
    secret = invite("bob@example.org", by=owner)
    steward = make_steward()
    with unit_of_work():
        place, by = queries.institution_by_slug(RIVER), db.session.get_one(Person, steward.id)
        operations.retire(place, reason="It has closed.", by=by, now=NOW)
    with pytest.raises(rules.Retired):
        accept(secret, bob)
    with pytest.raises(rules.Retired):
        invite("eve@example.org", by=steward)
    assert role_of(owner) is None


def test_every_step_of_an_invitation_is_in_the_log(owner: Person, bob: Person) -> None:
    accept(invite("bob@example.org", by=owner), bob)
    found = [(entry.act, entry.person, entry.fields) for entry in audit.latest(limit=5)]
    assert [(act, person and person.name, told) for act, person, told in found] == [
        ("invitation-accepted", "Bob", []),
        ("invitation-sent", "Edi", ["editor"]),
    ]


@pytest.mark.parametrize("rivals", [2, 8])
def test_33_many_who_accept_at_once_make_one_member(
    academy: Callable[..., Flask], rivals: int
) -> None:
    app = academy()
    with app.app_context():
        owner = make_member(OWNER, email="owner@example.org")
        make_person("bob@example.org", name="Bob")
        secret = invite("bob@example.org", by=owner)

    def try_it(_number: int) -> str:
        with app.app_context(), unit_of_work():
            bob = db.session.query(Person).filter_by(email_key="bob@example.org").one()
            try:
                invitations.accept(secret, by=bob, now=NOW)
            except Refusal as refusal:
                return refusal.code
            return "accepted"

    with ThreadPoolExecutor(rivals) as rush:
        told = sorted(rush.map(try_it, range(rivals)))
    assert told == sorted(["accepted", *["invitation-used"] * (rivals - 1)])
    with app.app_context():
        assert db.session.query(Membership).filter_by(role=EDITOR).count() == 1
