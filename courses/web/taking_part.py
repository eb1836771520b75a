"""Taking part: enrol, withdraw, leave for the partner, say how far one got."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from academy.access import current_person, signed_in
from academy.db import unit_of_work, utcnow
from academy.errors import Invalid
from academy.i18n import gettext as _
from courses.catalogue import queries as catalogue
from courses.catalogue.rules import has_begun, is_visible
from courses.catalogue.runs import Run
from courses.enrolment import operations as enrolment
from courses.enrolment import queries
from courses.enrolment.models import Progress
from courses.enrolment.rules import takes_part, waits
from courses.web.blueprint import bp


@bp.post("/runs/<reference>/enrolment")
@signed_in
def enrol(reference: str) -> Response:
    """Enrol the person in the run, and lead to what happens next."""
    with unit_of_work():
        run = catalogue.run_by_reference(reference)
        mine = enrolment.enrol(current_person(), run, now=utcnow())
        page = url_for("courses.enrolment", reference=mine.reference)
    return redirect(page, 303)


@bp.post("/runs/<reference>/leave")
@signed_in
def leave(reference: str) -> Response:
    """Enrol the person, and lead to the page on which they leave for the partner.

    Who has to wait for a place does not leave, but reads what happens next.
    """
    with unit_of_work():
        run = catalogue.run_by_reference(reference)
        mine = enrolment.leave_for_partner(current_person(), run, now=utcnow())
        page = url_for("courses.enrolment", reference=mine.reference)
        if takes_part(mine):
            page = url_for("courses.leaving", slug=run.offer.slug)
    return redirect(page, 303)


@bp.post("/runs/<reference>/withdrawal")
@signed_in
def withdraw(reference: str) -> Response:
    """Give the person's place back, or their place in the waiting list."""
    with unit_of_work():
        run, person = catalogue.run_by_reference(reference), current_person()
        waited = waits(queries.enrolment_of(person, run))
        enrolment.withdraw(person, run, now=utcnow())
        page = page_after(run)
    flash(_("You have left the waiting list.") if waited else withdrawn(), "ok")
    return redirect(page, 303)


def page_after(run: Run) -> str:
    """Address the offer of a run one has left, or the learner's own page where it is gone."""
    if is_visible(run.offer):
        return url_for("courses.offer", slug=run.offer.slug)
    return url_for("courses.my")


def withdrawn() -> str:
    """Say that the person has withdrawn."""
    return _("You have withdrawn. Your place is free again.")


@bp.post("/enrolments/<reference>/progress")
@signed_in
def declare(reference: str) -> Response:
    """Keep how far the learner says they got, and ask those who finished how it was."""
    said = request.form.get("progress", "")
    if said not in set(Progress):
        raise Invalid({"progress": _("Choose one of the answers.")})
    with unit_of_work():
        taken = queries.enrolment_by_reference(reference, current_person())
        enrolment.declare(taken, Progress(said), now=utcnow())
        review = url_for("courses.review", reference=taken.run.reference)
        begun = has_begun(taken.run, utcnow())
    flash(_("Noted. Thank you for telling."), "ok")
    return redirect(review if said == Progress.FINISHED and begun else url_for("courses.my"), 303)
