"""What stewards do with accounts: blocked, opened again, given an office, merged into one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from academy import audit
from academy.accounts import operations as accounts
from academy.accounts.models import Person, PersonSession, Steward
from academy.db import db, unit_of_work
from academy.institutions import requests
from academy.institutions.models import MemberRole, Membership
from academy.institutions.queries import institution_by_slug
from academy.notices.models import Group, Notice, NoticeState
from academy.notices.operations import mute, notify
from academy.notices.queries import muted_groups
from academy.privacy.models import Acceptance, Policy
from academy.privacy.operations import agree
from academy.privacy.queries import agreements_of, policies_due
from academy.privacy.rules import VERSIONS
from academy.secretariat import operations, rules
from academy.secretariat.operations import NOTHING, Consequences
from academy.secretariat.plugged import belongings, consequences
from academy.secretariat.queries import belongings_of
from academy.tokens.operations import make_api_token
from academy.tokens.queries import api_token_of
from tests.invited import RIVER, make_place, make_steward, role_of
from tests.making import NOW, make_person
from tests.staff import make_member

DAY = timedelta(days=1)


def here(person: Person) -> Person:
    """Load somebody anew."""
    return db.session.get_one(Person, person.id)


def block(person: Person, *, by: Person | None = None, follows: Consequences = NOTHING) -> None:
    """Block somebody."""
    person_id, by_id = person.id, by.id if by else None
    with unit_of_work():
        found = db.session.get_one(Person, person_id)
        who = db.session.get_one(Person, by_id) if by_id else None
        operations.block(found, reason="It sends advertising.", by=who, follows=follows, now=NOW)


def merge(old: Person, kept: Person, *, by: Person | None = None) -> None:
    """Merge one account into another."""
    old_id, kept_id, by_id = old.id, kept.id, by.id if by else None
    with unit_of_work():
        first, second = (db.session.get_one(Person, key) for key in (old_id, kept_id))
        who = db.session.get_one(Person, by_id) if by_id else None
        operations.merge(first, second, by=who, follows=consequences(), now=NOW)


def test_who_is_blocked_is_out_at_once_and_hears_nothing_more(ana: Person) -> None:
    make_place(RIVER)
    seen: list[str] = []
    with unit_of_work():
        person = here(ana)
        accounts.start_session(person, agent="a test", days=1, now=NOW)
        secret = make_api_token(person, "Mine", scopes=["reviews"], lasts=DAY, now=NOW)
        place = institution_by_slug(RIVER).slug
        notify("member-removed", person, about="x", now=NOW, institution=place)
    block(ana, follows=Consequences([lambda person, _now: seen.append(person.email)]))
    assert db.session.query(PersonSession).count() == 0
    assert api_token_of(secret, now=NOW) is None
    assert {notice.state for notice in db.session.query(Notice)} == {NoticeState.DROPPED}
    assert seen == ["ana@example.org"]
    block(ana)
    told = [(entry.act, entry.reason) for entry in audit.latest(limit=5)]
    assert told.count(("person-blocked", "It sends advertising.")) == 1
    assert [act for act, _reason in told].count("person-blocked") == 1


def test_a_blocked_account_is_opened_again(ana: Person) -> None:
    block(ana)
    for _time in range(2):
        with unit_of_work():
            operations.unblock(here(ana), by=None, now=NOW)
    assert here(ana).blocked_at is None
    assert [entry.act for entry in audit.latest(limit=5)] == ["person-unblocked", "person-blocked"]


def test_nobody_blocks_themselves_or_a_steward(app: Flask) -> None:
    sol, sam = make_steward(), make_steward("sam@example.org")
    with pytest.raises(rules.NotYourself):
        block(sol, by=sol)
    with pytest.raises(rules.StillASteward):
        block(sam, by=sol)


def give(person: Person, office: Steward, *, by: Person | None, section: str | None = None) -> None:
    """Give somebody an office."""
    person_id, by_id = person.id, by.id if by else None
    with unit_of_work():
        who = db.session.get_one(Person, by_id) if by_id else None
        found = db.session.get_one(Person, person_id)
        operations.give_office(found, office, section=section, by=who, now=NOW)


def test_an_office_is_given_and_taken_back(ana: Person) -> None:
    sol = make_steward()
    give(ana, Steward.SECTION, by=sol, section="uclg-africa")
    assert (here(ana).steward, here(ana).section) == (Steward.SECTION, "uclg-africa")
    give(ana, Steward.ALL, by=sol)
    assert here(ana).steward is Steward.ALL
    give(ana, Steward.NONE, by=sol)
    give(ana, Steward.NONE, by=sol)
    assert here(ana).steward is Steward.NONE
    assert [entry.fields for entry in audit.latest(limit=5)] == [
        *(["none"], ["all"]),
        ["section", "uclg-africa"],
    ]


def test_the_academy_keeps_a_steward(ana: Person) -> None:
    sol = make_steward()
    with pytest.raises(rules.NotYourself):
        give(sol, Steward.NONE, by=sol)
    give(ana, Steward.SECTION, by=None, section="uclg-africa")
    with pytest.raises(rules.LastSteward):
        give(sol, Steward.NONE, by=ana)
    give(sol, Steward.NONE, by=None)
    assert here(sol).steward is Steward.NONE


def test_two_accounts_become_one(app: Flask) -> None:
    kept = make_member(MemberRole.EDITOR, email="kept@example.org")
    old = make_member(MemberRole.OWNER, email="old@example.org")
    make_member(MemberRole.REPORTER, institution="hill-school", person=old)
    with unit_of_work():
        person = here(old)
        asked = requests.ask(person, "Lake School", MemberRole.EDITOR, now=NOW)
        notify("request-granted", person, about=asked.reference, now=NOW)
    assert belongings_of(here(old), belongings()) == [
        "2 roles in institutions",
        "1 request for a role",
    ]
    merge(old, kept)
    assert (role_of(kept), role_of(kept, "hill-school")) == (
        *(MemberRole.OWNER, MemberRole.REPORTER),
    )
    assert belongings_of(here(old), belongings()) == []
    assert [notice.person_id for notice in db.session.query(Notice)] == [kept.id]
    emptied = here(old)
    assert (emptied.erased_at, emptied.name, emptied.password_hash) == (NOW, "", "")
    assert "old@example.org" not in (emptied.email, emptied.email_key)
    assert db.session.query(Membership).count() == 2


def test_what_either_account_did_not_want_and_has_agreed_to_stays_said(app: Flask) -> None:
    kept, old = make_person("kept@example.org"), make_person("old@example.org")
    with unit_of_work():
        first, second = here(old), here(kept)
        for person, groups in (
            (first, (Group.REMINDERS, Group.FEEDBACK)),
            (second, (Group.FEEDBACK,)),
        ):
            for group in groups:
                mute(person, group, now=NOW)
        agree(first, language="fr", now=NOW)
        earlier = Acceptance(policy=Policy.TERMS, version="0", language="en", accepted_at=NOW)
        earlier.person_id = second.id
        db.session.add(earlier)
    merge(old, kept)
    assert (muted_groups(here(kept)), muted_groups(here(old))) == (
        {Group.REMINDERS, Group.FEEDBACK},
        set(),
    )
    assert (policies_due(here(kept)), list(agreements_of(here(old)))) == ([], [])
    told = {(one.policy, one.version, one.language) for one in agreements_of(here(kept))}
    current = {(policy, version, "fr") for policy, version in VERSIONS.items()}
    assert told == current | {(Policy.TERMS, "0", "en")}


def test_what_both_accounts_agreed_to_is_written_once(app: Flask) -> None:
    kept, old = make_person("kept@example.org"), make_person("old@example.org")
    with unit_of_work():
        agree(here(old), language="fr", now=NOW)
        agree(here(kept), language="en", now=NOW)
    merge(old, kept)
    assert [one.language for one in agreements_of(here(kept))] == ["en"] * len(VERSIONS)
    assert list(agreements_of(here(old))) == []


def test_the_address_of_a_merged_account_is_free_again(app: Flask) -> None:
    old, kept = make_person("old@example.org"), make_person("kept@example.org")
    merge(old, kept)
    assert make_person("old@example.org").id not in (old.id, kept.id)


def test_what_cannot_be_merged_is_refused_and_nothing_moves(ana: Person) -> None:
    sol, ben = make_steward(), make_person("ben@example.org", name="Ben")
    with pytest.raises(rules.SameAccount):
        merge(ana, ana)
    with pytest.raises(rules.StillASteward):
        merge(sol, ana)
    with pytest.raises(rules.NotYourself):
        merge(ana, ben, by=ana)
    block(ben)
    for pair in ((ana, ben), (ben, ana)):
        with pytest.raises(rules.ClosedAccount):
            merge(*pair)
    assert here(ana).erased_at is None


def test_an_erased_account_is_left_alone(ana: Person) -> None:
    make_person("ben@example.org", name="Ben")
    with unit_of_work():
        here(ana).erased_at = NOW
    with pytest.raises(rules.NobodyThere):
        block(ana)
    with pytest.raises(rules.NobodyThere):
        give(ana, Steward.ALL, by=None)


def test_nothing_moves_to_an_account_whose_address_nobody_confirmed(ana: Person) -> None:
    kept = make_person("new@example.org")
    with unit_of_work():
        here(kept).confirmed_at = None
    with pytest.raises(rules.UnconfirmedAccount):
        merge(ana, kept)
    assert here(ana).erased_at is None
