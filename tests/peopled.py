"""The demonstration network with something on every page: whatever people do, somebody has done."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from academy.accounts.models import Person
from academy.accounts.queries import person_by_email
from academy.announcements.operations import Content, announce
from academy.db import db, unit_of_work, utcnow
from academy.institutions import invitations, requests
from academy.institutions.models import MemberRole
from academy.institutions.queries import institution_by_slug
from academy.notices.models import Group
from academy.notices.unsubscribing import signed
from academy.tokens.models import Purpose
from academy.tokens.operations import make_token
from courses.catalogue.models import Offer
from courses.catalogue.runs import Run
from courses.enrolment import operations as enrolment
from courses.enrolment.models import Enrolment
from courses.feedback import operations as feedback
from courses.feedback.concerns import Telling, tell_concern
from courses.feedback.models import ConcernKind
from courses.saving import operations as saving
from courses.uploads import operations as uploads
from courses.uploads.sheet import sheet
from tests.harvesting.beside import edited_beside_its_source
from tests.read_sources import held_source, make_source
from tests.taking_part import answers

PLACE = "institut-communes-sud"
"""The institution of the demonstration accounts."""

COMING, OPEN = "water-in-intermediary-cities", "street-addressing-without-a-land-register"
"""A webinar of the place that is to come, and a course that can be taken at any time."""

SHEET = b"title,kind,language,cost\nWells,course,English,free\nRoads,course,English,perhaps\n"


def somebody(role: str) -> Person:
    """Load the demonstration account of a role."""
    person = person_by_email(f"{role}@sample.example")
    assert person is not None
    return person


def peopled(app: Flask) -> dict[str, str]:
    """Let the people of the demonstration do one thing of each kind; no context is open.

    Gives by route the addresses that only mails know.
    """
    with app.app_context(), app.test_request_context("/en/"):
        with unit_of_work():
            _learn(somebody("learner"))
        with unit_of_work():
            secret = _work_together()
        with unit_of_work():
            ways = _ways_by_mail(somebody("learner"))
        held_source(somebody("owner"), somebody("steward"), PLACE)
        make_source(somebody("owner"), slug=PLACE, name="Our calendar", adapter="ical")
        edited_beside_its_source(somebody("owner"), PLACE)
        return ways | {"institutions.invitation": f"/en/invitations/{secret}"}


def _learn(learner: Person) -> None:
    """Take part in two offers, say how one was, tell what is wrong, keep an offer and a search."""
    now = utcnow()
    coming, begun = _run(COMING), _run(OPEN)
    enrolment.enrol(learner, coming, now=now)
    enrolment.enrol(learner, begun, now=now - timedelta(days=30))
    feedback.review(learner, begun, answers("Two people learn more than one."), now=now)
    telling = Telling(ConcernKind.DEAD_LINK, "It leads nowhere.", "en")
    tell_concern(begun.offer, telling, by=learner, now=now)
    saving.save_offer(learner, coming.offer, now=now)
    saving.save_search(learner, "q=water&language=en", "Water in English", now=now)


def _work_together() -> str:
    """Ask for a role, invite, announce, upload; gives the secret of the invitation."""
    now, place = utcnow(), institution_by_slug(PLACE)
    owner, steward = somebody("owner"), somebody("steward")
    requests.ask(somebody("learner"), place, MemberRole.EDITOR, message="I teach here.", now=now)
    texts = {"en": "On Sunday the academy rests for an hour."}
    announce(Content(texts, now, now + timedelta(days=1)), by=steward, now=now)
    given = uploads.Given("wells.csv", SHEET, sheet(SHEET))
    uploads.check(place, given, person=owner, now=now)
    invited = invitations.invite("new@example.org", place, MemberRole.EDITOR, by=owner, now=now)
    return invitations.make_secret(invited)


def _ways_by_mail(learner: Person) -> dict[str, str]:
    """Make the addresses that mails bring, as the mails do."""
    mine = _enrolment(learner).reference

    def token(purpose: Purpose, subject: str = "") -> str:
        return make_token(learner, purpose, now=utcnow(), subject=subject).token

    new = "elsewhere@example.org"
    secrets = {
        "accounts.confirm": token(Purpose.CONFIRM),
        "accounts.sign_in_by_link": token(Purpose.SIGN_IN),
        "accounts.reset": token(Purpose.RESET),
        "accounts.confirm_old_address": token(Purpose.OLD_ADDRESS, new),
        "accounts.confirm_new_address": token(Purpose.NEW_ADDRESS, new),
    }
    tokens = {
        "courses.withdraw_by_mail": token(Purpose.WITHDRAW, mine),
        "courses.review_by_mail": token(Purpose.REVIEW, mine),
        "courses.progress_by_mail": token(Purpose.REVIEW, mine),
        "notices.unsubscribe": signed(learner, Group.REMINDERS),
    }
    ways = {name: url_for(name, secret=secret) for name, secret in secrets.items()}
    return ways | {name: url_for(name, token=secret) for name, secret in tokens.items()}


def _run(slug: str) -> Run:
    found = select(Run).join(Run.offer).where(Offer.slug == slug)
    run = db.session.scalars(found.options(joinedload(Run.offer), joinedload(Run.meetings)))
    return run.unique().one()


def _enrolment(learner: Person) -> Enrolment:
    """Find what the learner takes part in now."""
    mine = select(Enrolment).join(Enrolment.run).join(Run.offer)
    found = mine.where(Enrolment.person_id == learner.id, Offer.slug == OPEN)
    return db.session.scalars(found).one()
