"""First reviews that wait for a look, and those that were hidden."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from academy.access import current_person, section_steward
from academy.db import unit_of_work, utcnow
from academy.i18n import current_language, ngettext, own_text, text_in
from academy.i18n import gettext as _
from academy.institutions.queries import kept_by
from academy.secretariat.pages.reasons import ReasonSchema, reason_in
from academy.web.forms import Form
from academy.web.moments import day_of
from academy.web.paging import SIZE, Page
from courses.feedback import queries
from courses.feedback.models import Review, ReviewState
from courses.feedback.operations import decide
from courses.web import phrases
from courses.web.blueprint import bp


def waiting_count() -> int:
    """Count the reviews that wait for the present steward."""
    return queries.review_count(ReviewState.HELD, kept_by(current_person()))


def waiting_told(number: int) -> str:
    """Say how many reviews wait."""
    return ngettext(
        "%(num)d first review waits for a look", "%(num)d first reviews wait for a look", number
    )


@bp.get("/secretariat/reviews")
@section_steward
def held_reviews() -> str:
    """List the reviews in one state: those that wait, unless asked for others."""
    return _page(_state_asked(), Form(action=""))


@bp.post("/secretariat/reviews/<reference>/show")
@section_steward
def show_review(reference: str) -> Response:
    """Let everybody read a review."""
    with unit_of_work():
        by = current_person()
        review = queries.review_by_reference(reference, kept=kept_by(by))
        state = review.state
        decide(review, ReviewState.SHOWN, review.run.offer, by=by, now=utcnow())
    flash(_("Everybody can read it now."), "ok")
    return redirect(url_for("courses.held_reviews", state=_other_than_held(state)), 303)


@bp.post("/secretariat/reviews/<reference>/hide")
@section_steward
def hide_review(reference: str) -> Response | tuple[str, int]:
    """Let nobody read a review; who wrote it hears why."""
    form = Form.read(ReasonSchema())
    with form.refusals_shown():
        if form.sound:
            reason = reason_in(form)
            with unit_of_work():
                by = current_person()
                review = queries.review_by_reference(reference, kept=kept_by(by))
                state, offer = review.state, review.run.offer
                decide(review, ReviewState.HIDDEN, offer, by=by, reason=reason, now=utcnow())
            flash(_("Nobody reads it any more. Who wrote it hears why by mail."), "ok")
            return redirect(url_for("courses.held_reviews", state=_other_than_held(state)), 303)
    return _page(_state_asked(), form, wrong=reference), 422


def _state_asked() -> ReviewState:
    asked = request.args.get("state", "")
    return ReviewState(asked) if asked in set(ReviewState) else ReviewState.HELD


def _other_than_held(state: ReviewState) -> str | None:
    return None if state is ReviewState.HELD else state.value


def _page(state: ReviewState, form: Form, wrong: str = "") -> str:
    kept, page = kept_by(current_person()), Page.asked()
    found = queries.reviews_in(state, kept, limit=SIZE, offset=page.offset)
    return render_template(
        "courses/secretariat/reviews.html",
        form=form,
        states=[_tab(one, state) for one in ReviewState],
        rows=[_row(review, wrong) for review in found],
        pages=page.ways(queries.review_count(state, kept)),
    )


def _tab(one: ReviewState, state: ReviewState) -> dict[str, Any]:
    url = url_for("courses.held_reviews", state=_other_than_held(one))
    return {"label": phrases.REVIEW_STATES[one], "url": url, "current": one is state}


def _row(review: Review, wrong: str) -> dict[str, Any]:
    offer, reader = review.run.offer, current_language()
    answers = [name for name in phrases.QUESTIONS if getattr(review, name)]
    return {
        "text": text_in({review.language: review.text}, reader) if review.text else None,
        "who": phrases.who(review.role, review.city_size),
        "when": day_of(review.written_at),
        "offer": own_text(offer.titles, reader),
        "offer_url": url_for("courses.offer", slug=offer.slug),
        "yes": [phrases.SHARES[name] for name in answers],
        "reason": review.reason,
        "wrong": review.reference == wrong,
        "show_url": url_for("courses.show_review", reference=review.reference)
        if review.state is not ReviewState.SHOWN
        else None,
        "hide_url": url_for("courses.hide_review", reference=review.reference)
        if review.state is not ReviewState.HIDDEN
        else None,
    }
