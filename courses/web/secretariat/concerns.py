"""What people find wrong with offers, until a steward has settled it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, url_for
from marshmallow import Schema, fields
from werkzeug.wrappers import Response

from academy.access import current_person, section_steward
from academy.db import unit_of_work, utcnow
from academy.i18n import current_language, ngettext, own_text, text_in
from academy.i18n import gettext as _
from academy.institutions.queries import kept_by
from academy.text import clean_line
from academy.web.forms import Form
from academy.web.moments import day_of
from academy.web.paging import SIZE, Page
from courses.feedback.concerns import (
    concern_by_reference,
    open_concern_count,
    open_concerns,
    settle,
)
from courses.feedback.models import Concern
from courses.web import phrases
from courses.web.blueprint import bp


class SettlingSchema(Schema):
    """What settling a concern takes."""

    answer = fields.String(load_default="")


def waiting_count() -> int:
    """Count the concerns that wait for the present steward."""
    return open_concern_count(kept_by(current_person()))


def waiting_told(number: int) -> str:
    """Say how many concerns wait."""
    return ngettext(
        "%(num)d person says that something is wrong with an offer",
        "%(num)d people say that something is wrong with an offer",
        number,
    )


@bp.get("/secretariat/concerns")
@section_steward
def concerns() -> str:
    """List the concerns that wait, oldest first."""
    kept, page = kept_by(current_person()), Page.asked()
    found = open_concerns(kept, limit=SIZE, offset=page.offset)
    return render_template(
        "courses/secretariat/concerns.html",
        rows=[_row(concern) for concern in found],
        pages=page.ways(open_concern_count(kept)),
    )


@bp.post("/secretariat/concerns/<reference>/settle")
@section_steward
def settle_concern(reference: str) -> Response:
    """Settle a concern, with an answer for who told of it."""
    form = Form.read(SettlingSchema())
    answer = clean_line(form.cleaned.get("answer", ""), limit=1_000)
    with unit_of_work():
        by = current_person()
        concern = concern_by_reference(reference, kept=kept_by(by))
        settle(concern, answer=answer, by=by, now=utcnow())
    flash(_("It is settled."), "ok")
    return redirect(url_for("courses.concerns"), 303)


def _row(concern: Concern) -> dict[str, Any]:
    offer, reader = concern.offer, current_language()
    review = concern.review
    return {
        "kind": phrases.CONCERNS[concern.kind],
        "text": text_in({concern.language: concern.text}, reader) if concern.text else None,
        "review": text_in({review.language: review.text}, reader) if review else None,
        "when": day_of(concern.told_at),
        "offer": own_text(offer.titles, reader),
        "offer_url": url_for("courses.offer", slug=offer.slug),
        "institution": text_in(offer.institution.name, reader),
        "desk_url": url_for("desk.front", institution=offer.institution.slug),
        "settle_url": url_for("courses.settle_concern", reference=concern.reference),
        "known": concern.person_id is not None,
        "reference": concern.reference,
    }
