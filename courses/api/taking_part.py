"""/api/v1: taking part, with a token: enrol, withdraw, say how it was."""

from __future__ import annotations

from typing import Any

import flask_smorest
from marshmallow import Schema, fields

from academy.access import current_person, scope, signed_in
from academy.db import unit_of_work, utcnow
from academy.institutions.queries import memberships_of
from academy.web.idempotency import idempotent
from courses.api.problems import problem
from courses.catalogue import queries as catalogue
from courses.catalogue.runs import Run
from courses.enrolment import operations, queries
from courses.enrolment.models import Enrolment
from courses.feedback.models import Review
from courses.feedback.operations import Answers
from courses.feedback.operations import review as write_review
from courses.schemas import EnrolmentSchema, ReviewBody, ReviewSchema

bp = flask_smorest.Blueprint(
    "api_own", __name__, url_prefix="/api/v1", description="Taking part, with a token"
)
TOKEN: list[dict[str, list[str]]] = [{"token": []}]


class WorkSchema(Schema):
    """Working for an institution."""

    institution = fields.String(required=True)
    role = fields.String(required=True)


class MeSchema(Schema):
    """Whose token it is."""

    name = fields.String(required=True)
    language = fields.String(required=True)
    zone = fields.String(required=True)
    institutions = fields.List(fields.Nested(WorkSchema), required=True)


@bp.get("/me")
@signed_in
@scope("enrolments")
@bp.doc(security=TOKEN)
@bp.response(200, MeSchema)
def me() -> dict[str, Any]:
    """Tell whose token it is, and for which institutions they work."""
    person = current_person()
    works = [(one.institution.slug, one.role.value) for one in memberships_of(person)]
    return {
        "name": person.name,
        "language": person.language,
        "zone": person.zone,
        "institutions": [{"institution": slug, "role": role} for slug, role in works],
    }


@bp.get("/me/enrolments")
@signed_in
@scope("enrolments")
@bp.doc(security=TOKEN)
@bp.response(200, EnrolmentSchema(many=True))
def enrolments() -> list[dict[str, Any]]:
    """List what the person takes or took part in, latest first."""
    return [_enrolment(one, one.run) for one in queries.learning_of(current_person())]


@bp.put("/runs/<reference>/enrolment")
@signed_in
@scope("enrolments")
@idempotent
@bp.doc(security=TOKEN)
@bp.response(200, EnrolmentSchema)
@problem(bp, 409, "Enrolment is closed, or the offer was withdrawn")
def enrol(reference: str) -> dict[str, Any]:
    """Enrol in a run; where it is full, on its waiting list. Twice is once."""
    with unit_of_work():
        run = catalogue.run_by_reference(reference)
        taken = operations.enrol(current_person(), run, now=utcnow())
        return _enrolment(taken, run)


@bp.delete("/runs/<reference>/enrolment")
@signed_in
@scope("enrolments")
@idempotent
@bp.doc(security=TOKEN)
@bp.response(204)
def withdraw(reference: str) -> None:
    """Withdraw from a run; the place goes to who waits. Twice is once."""
    with unit_of_work():
        run = catalogue.run_by_reference(reference)
        operations.withdraw(current_person(), run, now=utcnow())


@bp.put("/runs/<reference>/review")
@signed_in
@scope("reviews")
@idempotent
@bp.doc(security=TOKEN)
@bp.arguments(ReviewBody)
@bp.response(200, ReviewSchema)
@problem(bp, 409, "Only people who took part can say how it was")
def review(answers: Answers, reference: str) -> dict[str, Any]:
    """Say how a run was, or say it anew. First reviews wait for a look."""
    with unit_of_work():
        run = catalogue.run_by_reference(reference)
        written = write_review(current_person(), run, answers, now=utcnow())
        return _review(written)


def _enrolment(taken: Enrolment, run: Run) -> dict[str, Any]:
    return {
        "reference": taken.reference,
        "run": run.reference,
        "offer": run.offer.slug,
        "standing": taken.standing.value,
        "progress": taken.progress.value if taken.progress else None,
        "enrolled": taken.enrolled_at,
        "waiting_since": taken.waiting_since,
    }


def _review(written: Review) -> dict[str, Any]:
    return {
        "colleague": written.colleague,
        "city": written.city,
        "length": written.length,
        "connection": written.connection,
        "text": written.text,
        "language": written.language,
        "role": written.role.value if written.role else None,
        "city_size": written.city_size.value if written.city_size else None,
        "state": written.state.value,
    }
