"""Taking part: enrol, withdraw, leave for the partner, say how far one got, My learning."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from academy.access import current_person, signed_in
from academy.db import unit_of_work, utcnow
from academy.errors import Invalid
from academy.i18n import gettext as _
from courses.catalogue import queries as catalogue
from courses.catalogue.rules import has_begun
from courses.enrolment import operations as enrolment
from courses.enrolment import queries
from courses.enrolment.models import Enrolment, Progress
from courses.enrolment.rules import took_part
from courses.feedback.queries import reviewed_runs
from courses.search.find import find
from courses.search.params import SearchParams
from courses.vocabularies.queries import Vocabularies, vocabularies
from courses.web import phrases
from courses.web.blueprint import bp
from courses.web.cards import card
from courses.web.enrol_panel import progress_actions

OVER = frozenset((Progress.FINISHED, Progress.STOPPED))


@bp.post("/runs/<reference>/enrolment")
@signed_in
def enrol(reference: str) -> Response:
    """Enrol the person in the run."""
    with unit_of_work():
        run = catalogue.run_by_reference(reference)
        enrolment.enrol(current_person(), run, now=utcnow())
        page = url_for("courses.offer", slug=run.offer.slug)
    flash(_("You are enrolled. It is in My learning."), "ok")
    return redirect(page, 303)


@bp.post("/runs/<reference>/leave")
@signed_in
def leave(reference: str) -> Response:
    """Enrol the person, and lead to the page on which they leave for the partner."""
    with unit_of_work():
        run = catalogue.run_by_reference(reference)
        enrolment.leave_for_partner(current_person(), run, now=utcnow())
        page = url_for("courses.leaving", slug=run.offer.slug)
    return redirect(page, 303)


@bp.post("/runs/<reference>/withdrawal")
@signed_in
def withdraw(reference: str) -> Response:
    """Give the person's place back."""
    with unit_of_work():
        run = catalogue.run_by_reference(reference)
        enrolment.withdraw(current_person(), run, now=utcnow())
        page = url_for("courses.offer", slug=run.offer.slug)
    flash(_("You have withdrawn. Your place is free again."), "ok")
    return redirect(page, 303)


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


@bp.get("/my")
@signed_in
def my() -> str:
    """Show what the person takes part in, grouped by what there is to do."""
    now, vocabulary, person = utcnow(), vocabularies(), current_person()
    taken = queries.learning_of(person)
    reviewed = reviewed_runs(person)
    rows = [_row(one, vocabulary, one.run_id in reviewed, now) for one in taken]
    ongoing = [row for row, one in zip(rows, taken, strict=True) if one.progress not in OVER]
    over = [row for row, one in zip(rows, taken, strict=True) if one.progress in OVER]
    groups: list[dict[str, Any]] = [
        {
            "heading": _("Going on"),
            "rows": ongoing,
            "empty": _("You take part in nothing at the moment."),
        },
    ]
    if over:
        groups.append({"heading": _("Finished or stopped"), "rows": over, "empty": None})
    return render_template(
        "courses/my.html",
        groups=groups,
        suggestions=[] if taken else _suggestions(vocabulary, now),
        find_url=url_for("courses.learn"),
    )


def _row(
    taken: Enrolment, vocabulary: Vocabularies, reviewed: bool, now: datetime
) -> dict[str, Any]:
    run = taken.run
    may_review = took_part(taken, run, now)
    actions = progress_actions(taken) if taken.progress is not Progress.FINISHED else []
    return {
        "card": card(run.offer, vocabulary, now=now),
        "standing_label": phrases.STANDINGS[taken.standing],
        "progress_label": phrases.PROGRESS[taken.progress] if taken.progress else None,
        "actions": [*_going_on(taken), *actions],
        "review_url": url_for("courses.review", reference=run.reference) if may_review else None,
        "review_label": _("Change what you said") if reviewed else _("Say how it was"),
    }


def _going_on(taken: Enrolment) -> list[dict[str, Any]]:
    if not taken.run.offer.address or taken.progress in OVER:
        return []
    action = url_for("courses.leave", reference=taken.run.reference)
    label = _("Go to the institution’s site")
    return [{"label": label, "action": action, "fields": [], "style": "btn"}]


def _suggestions(vocabulary: Vocabularies, now: datetime) -> list[Any]:
    found = find(SearchParams(), now=now)
    offers = catalogue.visible_in_order(found.numbers[:3])
    return [card(offer, vocabulary, now=now) for offer in offers]
