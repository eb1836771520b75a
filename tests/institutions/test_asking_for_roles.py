""" "I work for ...": asked once, decided once, by the stewards of the section."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask

from academy.accounts.models import Person
from academy.db import db, unit_of_work
from academy.errors import Missing, Refusal
from academy.institutions import operations, requests, rules, waiting
from academy.institutions.models import Agreement, Institution, MemberRole, RequestState
from academy.institutions.queries import institution_by_slug
from tests.invited import RIVER, make_place, make_steward, role_of
from tests.making import NOW, make_person
from tests.staff import make_member

OWNER, EDITOR = MemberRole.OWNER, MemberRole.EDITOR


def ask(person: Person, place: str, role: MemberRole = EDITOR, *, listed: bool = True) -> str:
    """Ask for a role in an institution of this address, or of this name; returns the reference."""
    person_id = person.id
    with unit_of_work():
        found = institution_by_slug(place) if listed else place
        asking = db.session.get_one(Person, person_id)
        return requests.ask(asking, found, role, now=NOW).reference


def grant(
    reference: str, *, by: Person, place: str | None = None, role: MemberRole = EDITOR
) -> str:
    """Grant a request; returns the address of the institution."""
    by_id = by.id
    with unit_of_work():
        steward = db.session.get_one(Person, by_id)
        asked = waiting.request_for(steward, reference)
        found = institution_by_slug(place) if place else asked.institution
        made = requests.grant(asked, found, role, by=steward, now=NOW)
        return db.session.get_one(Institution, made.institution_id).slug


def refuse(reference: str, *, by: Person) -> None:
    """Refuse a request."""
    by_id = by.id
    with unit_of_work():
        steward = db.session.get_one(Person, by_id)
        asked = waiting.request_for(steward, reference)
        requests.refuse(asked, reason="Nobody there knows you.", by=steward, now=NOW)


@pytest.fixture
def sol(app: Flask) -> Person:
    """A steward of the whole academy; the River School is in Africa."""
    make_place(RIVER, section="africa")
    return make_steward()


def test_who_asks_works_there_once_a_steward_says_so(ana: Person, sol: Person) -> None:
    reference = ask(ana, RIVER)
    assert role_of(ana) is None
    assert grant(reference, by=sol) == RIVER
    assert role_of(ana) is EDITOR


def test_asking_twice_is_asking_once(ana: Person, sol: Person) -> None:
    assert ask(ana, RIVER) == ask(ana, RIVER)
    assert ask(ana, "Lake School", listed=False) == ask(ana, "Lake School", listed=False)
    assert len(waiting.waiting_requests(sol)) == 2


def test_so_many_requests_of_one_person_wait_at_most(ana: Person, sol: Person) -> None:
    for number in range(rules.MOST_REQUESTS):
        ask(ana, f"School {number}", listed=False)
    with pytest.raises(rules.TooManyRequests):
        ask(ana, RIVER)


def test_a_request_is_decided_once(ana: Person, sol: Person) -> None:
    reference = ask(ana, RIVER)
    refuse(reference, by=sol)
    with pytest.raises(rules.RequestDecided):
        grant(reference, by=sol)
    [asked] = waiting.requests_of(ana)
    assert (asked.state, asked.reason, role_of(ana)) == (
        *(RequestState.REFUSED, "Nobody there knows you."),
        None,
    )


def test_an_institution_that_is_not_listed_is_put_on_the_map(ana: Person, sol: Person) -> None:
    with unit_of_work():
        db.session.get_one(Person, ana.id).section = "asia-pacific"
    reference = ask(ana, "École du Lac", OWNER, listed=False)
    assert grant(reference, by=sol, role=OWNER) == "ecole-du-lac"
    made = institution_by_slug("ecole-du-lac")
    assert (made.name, made.section, made.agreement, role_of(ana, made.slug)) == (
        *({"en": "École du Lac"}, "asia-pacific"),
        *(Agreement.AGREED, OWNER),
    )


def test_a_steward_may_say_which_institution_was_meant(ana: Person, sol: Person) -> None:
    reference = ask(ana, "The river people", listed=False)
    assert grant(reference, by=sol, place=RIVER) == RIVER
    assert role_of(ana) is EDITOR


def test_a_request_never_takes_a_role_away(sol: Person) -> None:
    owner = make_member(OWNER)
    grant(ask(owner, RIVER), by=sol)
    assert role_of(owner) is OWNER


def test_a_retired_institution_is_not_asked_for(ana: Person, sol: Person) -> None:
    reference = ask(ana, RIVER)
    with unit_of_work():
        operations.retire(institution_by_slug(RIVER), reason="Closed.", by=None, now=NOW)
    with pytest.raises(rules.Retired):
        ask(ana, RIVER, OWNER)
    with pytest.raises(rules.Retired):
        grant(reference, by=sol)
    assert [one.state for one in waiting.requests_of(ana)] == [RequestState.WAITING]


def test_stewards_of_a_section_see_what_is_theirs(ana: Person, sol: Person) -> None:
    africa = make_steward("africa@example.org", section="africa")
    asia = make_steward("asia@example.org", section="asia-pacific")
    ben = make_person("ben@example.org", name="Ben")
    with unit_of_work():
        db.session.get_one(Person, ben.id).section = "asia-pacific"
    listed, unlisted = ask(ana, RIVER), ask(ben, "Lake School", listed=False)
    seen = {
        steward.email: [one.reference for one in waiting.waiting_requests(steward)]
        for steward in (sol, africa, asia)
    }
    assert seen == {
        "sol@example.org": [listed, unlisted],
        "africa@example.org": [listed],
        "asia@example.org": [unlisted],
    }
    with pytest.raises(Missing):
        grant(listed, by=asia)
    assert grant(listed, by=africa) == RIVER


def test_a_steward_of_a_section_does_not_grant_their_own_request(sol: Person) -> None:
    bo = make_steward("bo@example.org", section="africa")
    asked = ask(bo, RIVER, OWNER)

    with pytest.raises(rules.OwnRequest):
        grant(asked, by=bo, role=OWNER)

    assert role_of(bo, RIVER) is None
    assert grant(asked, by=sol, role=OWNER) == RIVER


def test_two_stewards_who_decide_at_once_decide_once(academy: Callable[..., Flask]) -> None:
    app = academy()
    with app.app_context():
        make_place(RIVER)
        reference = ask(make_person(), RIVER)
        stewards = [make_steward(f"s{number}@example.org").id for number in range(4)]

    def decide(key: int) -> str:
        with app.app_context():
            steward = db.session.get_one(Person, key)
            try:
                grant(reference, by=steward) if key % 2 else refuse(reference, by=steward)
            except Refusal as refusal:
                return refusal.code
            return "decided"

    with ThreadPoolExecutor(4) as rush:
        told = sorted(rush.map(decide, stewards))
    assert told == ["decided", *["request-decided"] * 3]
