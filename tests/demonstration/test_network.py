"""The demonstration network: what is in it, that all of it is invented, and who can sign in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select

from academy.accounts.models import Person, Steward
from academy.accounts.queries import person_by_email
from academy.db import Base, db, utcnow
from academy.institutions.models import Institution, Membership
from academy.privacy.queries import policies_due
from courses.catalogue.models import Offer, State
from courses.catalogue.runs import Meeting, Run
from courses.catalogue.texts import LanguageRole, OfferLanguage
from courses.feedback.models import Review, ReviewState
from courses.webinars.models import Facilitation
from tests.visiting import Visitor

LANGUAGES = {"ar", "en", "es", "fr", "hi", "id", "pt", "ru", "sw", "th", "tr", "zh"}
ROLES = ("learner", "owner", "editor", "facilitator", "steward")
PASSWORD = re.compile(r"all with the password (\S+)")


@pytest.fixture
def network(demonstration: Flask) -> Iterator[Flask]:
    """The demonstration network, inside its application context."""
    with demonstration.app_context():
        yield demonstration


def count(table: type[Base]) -> int:
    """Count the rows of a table."""
    return db.session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.usefixtures("network")
def test_it_has_twelve_institutions_and_sixty_offers_that_everybody_sees() -> None:
    states = db.session.scalars(select(Offer.state).distinct()).all()
    assert (count(Institution), count(Offer), states) == (12, 60, [State.PUBLISHED])


@pytest.mark.usefixtures("network")
def test_its_offers_are_taught_in_twelve_languages() -> None:
    taught = select(OfferLanguage.code).where(OfferLanguage.role == LanguageRole.TAUGHT)
    assert set(db.session.scalars(taught)) == LANGUAGES


@pytest.mark.usefixtures("network")
def test_everything_in_it_is_marked_as_sample() -> None:
    marks = {
        "offers": set(db.session.scalars(select(Offer.sample))),
        "institutions": set(db.session.scalars(select(Institution.sample))),
        "people": set(db.session.scalars(select(Person.sample))),
    }
    assert marks == {"offers": {True}, "institutions": {True}, "people": {True}}


@pytest.mark.usefixtures("network")
def test_every_address_in_it_is_in_a_domain_nobody_can_own() -> None:
    pages = (Offer.address, Institution.homepage)
    mails = (Offer.contact, Institution.contact, Person.email)
    hosts = {
        urlsplit(page).hostname for column in pages for page in db.session.scalars(select(column))
    }
    hosts |= {
        mail.rpartition("@")[2] for column in mails for mail in db.session.scalars(select(column))
    }
    assert {host for host in hosts if host and not host.endswith(".example")} == set()


@pytest.mark.usefixtures("network")
def test_what_peers_say_adds_up_on_every_offer() -> None:
    told = {
        offer.slug: (offer.review_count, offer.colleague_share)
        for offer in db.session.scalars(select(Offer))
    }
    shown = select(Offer.slug, Review.colleague).join(Offer.runs).join(Review)
    said: dict[str, list[bool]] = {slug: [] for slug in told}
    for slug, colleague in db.session.execute(shown.where(Review.state == ReviewState.SHOWN)):
        said[slug].append(colleague)
    assert told == {
        slug: (len(all_), round(100 * sum(all_) / len(all_)) if len(all_) >= 5 else None)
        for slug, all_ in said.items()
    }


@pytest.mark.parametrize("role", ROLES)
def test_each_role_signs_in_with_the_password_that_is_printed(
    academy: Callable[..., Flask], role: str
) -> None:
    app = academy(development=True)
    printed = app.test_cli_runner().invoke(args=["demo", "load"]).output
    password = PASSWORD.search(printed)
    assert password is not None
    assert re.findall(r"(\w+)@sample\.example", printed) == list(ROLES)
    with app.app_context():
        visitor, mail = Visitor(app), f"{role}@sample.example"
        answer = visitor.post("/en/sign-in", email=mail, password=password.group(1))
        assert (answer.status_code, answer.headers["Location"]) == (303, "/en/my")
        assert visitor.get("/en/my").status_code == 200


@pytest.mark.usefixtures("network")
def test_each_role_may_do_what_its_name_says() -> None:
    people = {role: person_by_email(f"{role}@sample.example") for role in ROLES}
    stewards = {role: person.steward for role, person in people.items() if person}
    assert stewards == {role: Steward.NONE for role in ROLES} | {"steward": Steward.ALL}
    names = {person.id: role for role, person in people.items() if person}
    memberships = db.session.execute(select(Membership.person_id, Membership.role))
    assert {names[person]: role.value for person, role in memberships} == {
        "owner": "owner",
        "editor": "editor",
        "facilitator": "facilitator",
    }


def test_nobody_of_the_sample_is_asked_to_agree_to_papers(network: Flask) -> None:
    people = db.session.scalars(select(Person)).all()
    assert [person.name for person in people if policies_due(person)] == []
    for role in ROLES:
        page = Visitor(network, person_by_email(f"{role}@sample.example")).page("/en/my")
        assert 'action="/en/my/agreement' not in page


@pytest.mark.usefixtures("network")
def test_the_facilitator_moderates_two_webinars_with_a_meeting_to_come() -> None:
    facilitator = person_by_email("facilitator@sample.example")
    found = select(Offer.slug, Meeting.starts_at, Facilitation.person_id)
    found = found.select_from(Facilitation).join(Facilitation.run).join(Run.offer)
    rows = db.session.execute(found.join(Run.meetings).order_by(Meeting.starts_at)).all()
    assert facilitator is not None
    assert [(slug, who) for slug, _starts, who in rows] == [
        ("water-in-intermediary-cities", facilitator.id),
        ("oasis-towns-scarce-water", facilitator.id),
    ]
    assert all(starts > utcnow() for _slug, starts, _who in rows)


def test_every_page_says_that_it_is_a_demonstration(network: Flask) -> None:
    page = Visitor(network).page("/en/")
    note = "This is a demonstration: every institution, number and comment here is sample content."
    assert page.count(note) == 1
