"""Feedback: the form in which those who took part say how it was."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields, post_load, validate
from werkzeug.wrappers import Response

from academy.access import current_person, signed_in
from academy.accounts.models import CitySize, Person, WorkRole
from academy.accounts.phrases import ROLES, SIZES
from academy.db import unit_of_work, utcnow
from academy.i18n import current_language, own_text
from academy.i18n import gettext as _
from academy.web.forms import REQUIRED, Form
from courses.catalogue import queries as catalogue
from courses.catalogue.models import Offer
from courses.catalogue.rules import is_visible
from courses.catalogue.runs import Run
from courses.enrolment.queries import enrolment_of
from courses.feedback import queries, rules
from courses.feedback.models import Review, ReviewState
from courses.feedback.operations import Answers
from courses.feedback.operations import review as write_review
from courses.vocabularies.models import Vocabulary
from courses.vocabularies.queries import vocabularies
from courses.web import phrases
from courses.web.blueprint import bp


def _yes_or_no() -> fields.String:
    chosen = validate.OneOf(("yes", "no"), error=_l("Choose yes or no."))
    return fields.String(required=True, error_messages=REQUIRED, validate=chosen)


class ReviewSchema(Schema):
    """What the form of a review asks."""

    colleague = _yes_or_no()
    city = _yes_or_no()
    length = _yes_or_no()
    connection = _yes_or_no()
    text = fields.String(
        load_default="",
        validate=validate.Length(max=rules.LONGEST_TEXT, error=_l("Use at most 4,000 characters.")),
    )
    language = fields.String(load_default=None)
    role = fields.Enum(WorkRole, by_value=True, load_default=None)
    size = fields.Enum(CitySize, by_value=True, load_default=None)

    @post_load
    def make(self, told: dict[str, Any], **_options: object) -> Answers:
        """Make the answers of what the form told."""
        return Answers(
            **{name: told[name] == "yes" for name in rules.QUESTIONS},
            text=told["text"],
            language=_known_language(told["language"]),
            role=told["role"],
            city_size=told["size"],
        )


def _known_language(code: str | None) -> str:
    known = {term.code for term in vocabularies().of(Vocabulary.LANGUAGE)}
    return code if code in known else current_language()


@bp.get("/runs/<reference>/review")
@signed_in
def review(reference: str) -> str:
    """Show the form, filled with what the person said before."""
    return form_page(catalogue.run_by_reference(reference), current_person())


@bp.post("/runs/<reference>/review")
@signed_in
def review_post(reference: str) -> Response | tuple[str, int]:
    """Keep what the person says."""
    form = Form.read(ReviewSchema())
    if form.sound:
        with unit_of_work():
            run = catalogue.run_by_reference(reference)
            return keep(form, run, current_person())
    return form_page(catalogue.run_by_reference(reference), current_person(), form), 422


def keep(form: Form, run: Run, person: Person) -> Response:
    """Keep what a sound form says, in the unit of work that is open, and lead to where it stands.

    Refuses with MayNotReview.
    """
    answers = form.cleaned
    assert isinstance(answers, Answers)
    written = write_review(person, run, answers, now=utcnow())
    flash(_thanks(written.state is ReviewState.HELD), "ok")
    if not is_visible(run.offer):
        return redirect(url_for("courses.my"), 303)
    return redirect(url_for("courses.offer", slug=run.offer.slug, _anchor="feedback"), 303)


def form_page(run: Run, person: Person, form: Form | None = None) -> str:
    """Show the form for a person, as it was sent or filled with what they said before.

    Refuses with MayNotReview.
    """
    rules.check_may_review(enrolment_of(person, run), run, utcnow())
    if form is None:
        before = queries.review_of(person, run)
        known = {"role": person.role or "", "size": person.city_size or ""}
        form = Form(action=request.path, values=_values(before) if before else known)
    return _page(run, person, form)


def _thanks(held: bool) -> str:
    if held:
        return _("Thank you. Somebody reads first reviews before they are shown to all.")
    return _("Thank you. Your peers can read it now.")


def _values(before: Review) -> dict[str, str]:
    answers = {name: "yes" if getattr(before, name) else "no" for name in rules.QUESTIONS}
    told = {"text": before.text, "language": before.language}
    return answers | told | {"role": before.role or "", "size": before.city_size or ""}


def _page(run: Run, person: Person, form: Form) -> str:
    offer: Offer = catalogue.offers_by_id([run.offer_id])[run.offer_id]
    first = not queries.shown_reviews_by(person)
    note = _("Somebody reads first reviews before they are shown to all.") if first else None
    return render_template(
        "courses/review.html",
        offer={
            "title": own_text(offer.titles, current_language()),
            "url": url_for("courses.offer", slug=offer.slug),
        },
        form=form,
        questions=[{"name": name, "label": phrases.QUESTIONS[name]} for name in rules.QUESTIONS],
        roles=_options(ROLES),
        sizes=_options(SIZES),
        languages=_languages(),
        held_note=note,
    )


def _options(labels: dict[Any, LazyString]) -> list[dict[str, Any]]:
    return [{"code": code.value, "label": label} for code, label in labels.items()]


def _languages() -> list[dict[str, Any]]:
    known = vocabularies()
    codes = [term.code for term in known.of(Vocabulary.LANGUAGE)]
    return [{"code": code, "label": known.own_name(code)} for code in codes]
