"""What an institution offers goes out of the catalogue with it, and comes back with it."""

from __future__ import annotations

import html

import pytest
from flask import Flask
from sqlalchemy import select

from academy.accounts.models import Person, Steward
from academy.db import db, unit_of_work
from academy.institutions.models import Institution
from academy.institutions.queries import institution_by_slug
from academy.institutions.rules import Retired
from courses.catalogue import operations as catalogue
from courses.catalogue.models import Offer, State
from courses.editing import operations as editing
from courses.editing.queries import offer_at
from courses.enrolment.models import Enrolment, Standing
from courses.enrolment.queries import left_without_an_offer
from courses.search.find import find, index_folder
from courses.search.indexing import drain
from courses.search.params import SearchParams
from tests.making import NOW, content, make_institution, make_offer, make_person
from tests.taking_part import COMING, enrol, make_run
from tests.visiting import Visitor

RIVER = "/en/secretariat/institutions/river-school"
PUBLIC = "/en/institutions/river-school"


@pytest.fixture
def steward(app: Flask) -> Visitor:
    """A steward of all at the desk."""
    person = make_person("steward@example.org", name="Stew")
    with unit_of_work():
        db.session.get_one(Person, person.id).steward = Steward.ALL
    return Visitor(app, person)


def listed() -> list[str]:
    """Search for everything, once the index is up to date; gives the addresses."""
    drain(index_folder(), now=NOW)
    found = find(SearchParams(), now=NOW).numbers
    return sorted(db.session.scalars(select(Offer.slug).where(Offer.id.in_(found))))


def states() -> dict[str, State]:
    """Tell how every offer stands, by its address."""
    db.session.rollback()
    return {slug: state for slug, state in db.session.execute(select(Offer.slug, Offer.state))}


def several_offers() -> str:
    """Make two listed offers, a withdrawn one and a draft, and one elsewhere; gives a run."""
    run = make_run(COMING, title="Clean air")
    make_offer("Water for all")
    gone = make_offer("Gone before")
    make_offer("Hills", institution="hill-school")
    with unit_of_work():
        catalogue.withdraw(db.session.get_one(Offer, gone.id), now=NOW)
        place = institution_by_slug("river-school")
        catalogue.add_offer(place, content("Draft"), address="draft", now=NOW)
    return run


def retire(steward: Visitor) -> None:
    assert steward.post(f"{RIVER}/retire", reason="It has closed.").status_code == 303


def test_its_offers_go_out_and_exactly_those_come_back(app: Flask, steward: Visitor) -> None:
    enrol(make_person(), several_offers())
    before = states()
    assert listed() == ["clean-air", "hills", "water-for-all"]
    retire(steward)
    assert listed() == ["hills"]
    assert Visitor(app).get("/en/learn/clean-air").status_code == 410
    assert db.session.scalars(select(Enrolment.standing)).all() == [Standing.ENROLLED]
    assert steward.post(f"{RIVER}/bring-back").status_code == 303
    assert (states(), listed()) == (before, ["clean-air", "hills", "water-for-all"])
    assert db.session.scalars(select(Offer.slug).where(Offer.retired)).all() == []
    assert Visitor(app).get("/en/learn/clean-air").status_code == 200


def test_how_many_offers_it_concerns_is_said_before_the_button(steward: Visitor) -> None:
    several_offers()
    told = "2 offers go out of the catalogue. Who takes part in them stays enrolled."
    page = steward.page(RIVER)
    assert page.index(told) < page.index("Retire it now")
    refused = steward.post(f"{RIVER}/retire", reason=" ")
    assert told in refused.get_data(as_text=True)
    retire(steward)
    page = steward.page(RIVER)
    back = "2 offers come back into the catalogue with it."
    assert page.index(back) < page.index("Bring it back")
    assert told not in page


def test_its_page_says_that_it_no_longer_takes_part(app: Flask, steward: Visitor) -> None:
    make_offer()
    told = "This institution no longer takes part in the academy."
    visitor = Visitor(app)
    assert told not in visitor.page(PUBLIC)
    retire(steward)
    page = html.unescape(visitor.page(PUBLIC))
    assert told in page
    assert "What it offered is no longer in the catalogue." in page
    assert "Water for all" not in page
    assert PUBLIC not in visitor.page("/en/institutions")


def test_who_was_to_come_hears_that_it_does_not_take_place(steward: Visitor) -> None:
    ana = make_person()
    enrol(ana, several_offers())
    assert left_without_an_offer(now=NOW, limit=9) == []
    retire(steward)
    [told] = left_without_an_offer(now=NOW, limit=9)
    assert told.person_id == ana.id


def test_nothing_is_published_for_it_meanwhile(steward: Visitor) -> None:
    make_offer()
    retire(steward)
    by = db.session.scalars(select(Person)).one()
    offer = offer_at(institution_by_slug("river-school"), "water-for-all")
    for act in (editing.bring_back, editing.publish):
        with pytest.raises(Retired):
            act(offer, person=by, now=NOW)
    assert states() == {"water-for-all": State.ARCHIVED}


def test_what_is_harvested_meanwhile_waits_for_it_to_come_back(steward: Visitor) -> None:
    make_institution()
    retire(steward)
    address = "https://example.org/water"
    with unit_of_work():
        place = db.session.scalars(select(Institution)).one()
        read = content(address=address)
        offer = catalogue.add_offer(place, read, address="water-for-all", now=NOW)
        assert catalogue.list_harvested(offer, now=NOW) == []
    assert states() == {"water-for-all": State.ARCHIVED}
    assert steward.post(f"{RIVER}/bring-back").status_code == 303
    assert states() == {"water-for-all": State.PUBLISHED}
