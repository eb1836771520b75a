"""For every kind of mail there is, something that happened and that it tells of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from academy.accounts.models import Person, Steward
from academy.db import db, unit_of_work
from academy.institutions import invitations, requests
from academy.institutions.models import Institution, MemberRole, RoleRequest
from academy.notices.models import Notice
from academy.notices.operations import Recipient, notify
from courses.catalogue.content import MeetingContent, RunContent
from courses.catalogue.models import Kind, Offer, State
from courses.catalogue.runs import Meeting, Run
from courses.feedback.models import Concern, ConcernKind, Review, ReviewState
from courses.sources.models import SourceState
from courses.webinars.models import Facilitation
from courses.webinars.operations import Letter, write_to_all
from tests.making import NOW, make_institution, make_offer, make_person
from tests.read_sources import held_source, make_source
from tests.read_sources import source as source_of
from tests.staff import make_member
from tests.taking_part import BEGUN, enrol, make_run, review

STARTS = NOW + timedelta(days=2)
HOUR = timedelta(hours=1)
LIVE = RunContent(
    starts_at=STARTS,
    ends_at=STARTS + HOUR,
    zone="Europe/Madrid",
    capacity=1,
    meetings=[MeetingContent(STARTS, STARTS + HOUR)],
)
ASKED = select(RoleRequest).options(
    joinedload(RoleRequest.person), joinedload(RoleRequest.institution)
)
Told = Callable[[Person], tuple[Person | Recipient, dict[str, Any]]]
"""What makes it happen to a person, and gives whom to tell and the details of the notice."""


def told_of(kind: str, person: Person, *, now: datetime = NOW) -> Notice:
    """Let what a kind of mail tells of happen, and write the notice down."""
    to, details = OCCASIONS[kind](person)
    with unit_of_work():
        about = str(details.pop("about", "this"))
        db.session.query(Notice).delete()
        notice = notify(kind, to, about=about, now=now, **details)
        notice_id = notice.id
    return db.session.get_one(Notice, notice_id)


def _plainly(**details: Any) -> Told:
    return lambda person: (person, dict(details))


def _source(state: SourceState) -> Told:
    def told(person: Person) -> tuple[Person, dict[str, Any]]:
        with unit_of_work():
            db.session.merge(person).steward = Steward.ALL
        make_institution()
        reference = make_source(person)
        with unit_of_work():
            source_of(reference).state = state
        return person, {"source": reference}

    return told


def _held(person: Person) -> tuple[Person, dict[str, Any]]:
    with unit_of_work():
        db.session.merge(person).steward = Steward.ALL
    make_institution()
    return person, {"harvest": held_source(person, person)["/harvests/<harvest>"]}


def _unconfirmed(person: Person) -> tuple[Person, dict[str, Any]]:
    with unit_of_work():
        db.session.merge(person).confirmed_at = None
    return person, {}


def _new_address(person: Person) -> tuple[Recipient, dict[str, Any]]:
    return Recipient(person, "new@example.org"), {"address": "new@example.org"}


def _erased(_person: Person) -> tuple[Recipient, dict[str, Any]]:
    return Recipient(address="gone@example.org", language="en"), {}


def _invited(_person: Person) -> tuple[Recipient, dict[str, Any]]:
    owner = make_member(MemberRole.OWNER, email="owner@example.org")
    place_id = make_institution().id
    with unit_of_work():
        place = db.session.get_one(Institution, place_id)
        by = db.session.merge(owner)
        found = invitations.invite("new@example.org", place, MemberRole.EDITOR, by=by, now=NOW)
        reference = found.reference
    return Recipient(address="new@example.org", language="en"), {"invitation": reference}


def _working(person: Person) -> tuple[Person, dict[str, Any]]:
    make_member(MemberRole.EDITOR, person=person)
    details = {"institution": "river-school", "person": person.reference}
    return person, details | {"role": MemberRole.EDITOR.value}


def _gone(person: Person) -> tuple[Person, dict[str, Any]]:
    make_institution()
    return person, {"institution": "river-school"}


def _asked_for_role(person: Person, *, granted: bool) -> tuple[Person, dict[str, Any]]:
    steward, place_id = make_person("steward@example.org", name="Sam").id, make_institution().id
    with unit_of_work():
        place, by = db.session.get_one(Institution, place_id), db.session.get_one(Person, steward)
        requests.ask(db.session.merge(person), place, MemberRole.EDITOR, now=NOW)
        found = db.session.scalars(ASKED.execution_options(populate_existing=True)).one()
        if granted:
            requests.grant(found, place, MemberRole.EDITOR, by=by, now=NOW)
        else:
            requests.refuse(found, reason="Nobody there knows you.", by=by, now=NOW)
        reference = found.reference
    return person, {"about": reference}


def _enrolled(person: Person) -> tuple[Person, dict[str, Any]]:
    return person, {"enrolment": enrol(person, make_run(LIVE, kind=Kind.WEBINAR)).reference}


def _waiting(person: Person) -> tuple[Person, dict[str, Any]]:
    run = make_run(LIVE, kind=Kind.WEBINAR)
    enrol(make_person("first@example.org", name="First"), run)
    return person, {"enrolment": enrol(person, run).reference}


def _called_off(person: Person) -> tuple[Person, dict[str, Any]]:
    to, details = _enrolled(person)
    with unit_of_work():
        db.session.query(Offer).update({Offer.state: State.ARCHIVED})
    return to, details


def _meeting(person: Person) -> tuple[Person, dict[str, Any]]:
    to, details = _enrolled(person)
    meeting = db.session.query(Meeting).one()
    more = {"uid": meeting.uid, "starts_at": STARTS.isoformat(), "sequence": meeting.sequence}
    return to, details | more


def _took_part(person: Person) -> tuple[Person, dict[str, Any]]:
    return person, {"enrolment": enrol(person, make_run(BEGUN)).reference}


def _hidden(person: Person) -> tuple[Person, dict[str, Any]]:
    run = make_run(BEGUN)
    enrol(person, run)
    said = review(person, run)
    with unit_of_work():
        db.session.query(Review).update(
            {Review.state: ReviewState.HIDDEN, Review.reason: "It names somebody."}
        )
    return person, {"review": said.reference}


def _concerned(person: Person) -> tuple[Person, dict[str, Any]]:
    offer, person_id = make_offer().id, person.id
    concern = Concern(
        offer_id=offer,
        person_id=person_id,
        kind=ConcernKind.DEAD_LINK,
        text="The link is dead.",
        language="en",
        told_at=NOW,
        settled_at=NOW,
        answer="The link works again.",
    )
    with unit_of_work():
        db.session.add(concern)
        db.session.flush()
        return person, {"concern": concern.reference}


def _moderates(person: Person) -> tuple[Person, dict[str, Any]]:
    reference = make_run(LIVE, kind=Kind.WEBINAR)
    make_member(MemberRole.EDITOR, person=person)
    with unit_of_work():
        run = db.session.query(Run).one()
        db.session.add(Facilitation(run_id=run.id, person_id=person.id, since=NOW))
    return person, {"run": reference}


def _written_to(person: Person) -> tuple[Person, dict[str, Any]]:
    to, details = _enrolled(person)
    with unit_of_work():
        run = db.session.query(Run).one()
        letter = Letter("Bring a map", "Please bring a map.\n\nThank you.", "en")
        message = write_to_all(run, letter, by=db.session.merge(person), now=NOW)
        return to, details | {"message": message.reference}


OCCASIONS: dict[str, Told] = {
    "test": _plainly(),
    "confirm-address": _unconfirmed,
    "account-exists": _plainly(),
    "sign-in-link": _plainly(),
    "reset-password": _plainly(),
    "password-changed": _plainly(how="changed"),
    "old-address": _plainly(address="new@example.org"),
    "new-address": _new_address,
    "address-changed": _plainly(),
    "account-erased": _erased,
    "api-token-made": _plainly(name="My program"),
    "invitation": _invited,
    "invitation-accepted": _working,
    "role-changed": _working,
    "source-asked": _source(SourceState.REQUESTED),
    "source-approved": _source(SourceState.APPROVED),
    "source-paused": _source(SourceState.PAUSED),
    "source-refused": _source(SourceState.PAUSED),
    "harvest-held": _held,
    "member-removed": _gone,
    "request-granted": lambda person: _asked_for_role(person, granted=True),
    "request-refused": lambda person: _asked_for_role(person, granted=False),
    "enrolled": _enrolled,
    "promoted": _enrolled,
    "waiting": _waiting,
    "called-off": _called_off,
    "reminder-day": _meeting,
    "reminder-hour": _meeting,
    "meeting-changed": _meeting,
    "run-message": _written_to,
    "review-asked": _took_part,
    "progress-asked": _took_part,
    "review-hidden": _hidden,
    "concern-settled": _concerned,
    "facilitator-appointed": _moderates,
}
"""Kind of mail -> what it tells of. Who adds a kind adds its occasion here."""
