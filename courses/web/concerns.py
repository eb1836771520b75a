"""Something wrong with an offer: anybody can tell the stewards, with or without an account."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from marshmallow import Schema, fields, validate
from werkzeug.wrappers import Response

from academy.access import person_or_none, public
from academy.accounts.models import Person
from academy.db import db, unit_of_work, utcnow
from academy.i18n import current_language, own_text
from academy.i18n import gettext as _
from academy.security import telling_limit
from academy.web.forms import REQUIRED, Form
from courses.catalogue import queries as catalogue
from courses.catalogue.models import Offer
from courses.feedback.concerns import LONGEST_TEXT, Telling, tell_concern
from courses.feedback.models import ConcernKind, Review
from courses.feedback.queries import shown_review_of
from courses.links.operations import ask_again
from courses.web import phrases
from courses.web.blueprint import bp

TRAP = "topic"
"""A field that people do not see; programs fill it in."""


class ConcernSchema(Schema):
    """What is wrong."""

    kind = fields.Enum(ConcernKind, by_value=True, required=True, error_messages=REQUIRED)
    text = fields.String(
        load_default="",
        validate=validate.Length(max=LONGEST_TEXT, error=_l("Use at most 2,000 characters.")),
    )


@bp.get("/learn/<slug>/concern")
@public
def concern(slug: str) -> str:
    """Show the form."""
    offer = catalogue.offer_by_slug(slug)
    return _page(offer, _review_asked(offer), Form(action=request.full_path.rstrip("?")))


@bp.post("/learn/<slug>/concern")
@public
@telling_limit
def concern_post(slug: str) -> Response | tuple[str, int]:
    """Keep what is wrong for the stewards."""
    form = Form.read(ConcernSchema())
    if not form.sound:
        offer = catalogue.offer_by_slug(slug)
        return _page(offer, _review_asked(offer), form), 422
    if not request.form.get(TRAP):
        _tell(slug, form)
    flash(_("Thank you. A person looks at it."), "ok")
    return redirect(url_for("courses.offer", slug=slug), 303)


def _tell(slug: str, form: Form) -> None:
    mine = person_or_none()
    key = mine.id if mine else None
    with unit_of_work():
        offer = catalogue.offer_by_slug(slug)
        told = Telling(form.cleaned["kind"], form.cleaned["text"], current_language())
        by = db.session.get(Person, key) if key else None
        tell_concern(offer, told, by=by, about=_review_asked(offer), now=utcnow())
        if told.kind is ConcernKind.DEAD_LINK:
            ask_again(offer, now=utcnow())


def _review_asked(offer: Offer) -> Review | None:
    reference = request.args.get("review")
    return shown_review_of(offer, reference) if reference else None


def _page(offer: Offer, review: Review | None, form: Form) -> str:
    kinds: list[dict[str, Any]] = [
        {"code": kind.value, "label": label} for kind, label in phrases.CONCERNS.items()
    ]
    return render_template(
        "courses/concern.html",
        offer={
            "title": own_text(offer.titles, current_language()),
            "url": url_for("courses.offer", slug=offer.slug),
        },
        review=review.text if review else None,
        form=form,
        kinds=kinds,
        trap=TRAP,
    )
