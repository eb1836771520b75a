"""/api/v1: an institution's offers, with a token of somebody who edits for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import flask_smorest
from flask import jsonify, request
from flask_babel import lazy_gettext as _l

from academy.access import current_person, for_roles, scope
from academy.db import unit_of_work, utcnow
from academy.errors import Invalid
from academy.institutions.queries import institution_by_slug
from academy.institutions.rules import EDITORS
from academy.web.idempotency import idempotent, key_asked
from courses.api.problems import problem
from courses.api.taking_part import TOKEN
from courses.api.views import offer_view
from courses.catalogue.models import Kind, Offer
from courses.editing import operations as editing
from courses.editing import queries, rules
from courses.editing.checking import check_size
from courses.editing.form import Content, tidy
from courses.editing.models import VersionSource
from courses.editing.operations import Beginning
from courses.editing.schema import OfferForm
from courses.schemas import DraftQuery, OfferSchema
from courses.vocabularies.queries import Vocabularies

bp = flask_smorest.Blueprint(
    "api_publishing",
    __name__,
    url_prefix="/api/v1/institutions/<institution>/offers",
    description="Publishing, with a token",
)
BODY = {"required": True, "content": {"application/json": {"schema": OfferForm(Vocabularies(()))}}}


@bp.post("")
@for_roles(EDITORS)
@scope("publishing")
@idempotent
@bp.doc(security=TOKEN, requestBody=BODY)
@bp.arguments(DraftQuery, location="query", as_kwargs=True)
@bp.response(201, OfferSchema)
@problem(bp, 422, "Something is missing or wrong")
def add(institution: str, draft: bool) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Publish a new offer, or keep it as a draft. Needs an Idempotency-Key."""
    key, form = key_asked(), _form()
    with unit_of_work():
        person, now = current_person(), utcnow()
        place = institution_by_slug(institution)
        begun = editing.begin(place, _beginning(form, key), person=person, now=now)
        offer = queries.offer_at(place, begun.slug)
        _write(offer, form, draft)
        view = offer_view(queries.offer_at(place, offer.slug))
    return view, 201, {"Location": f"{request.path}/{view['slug']}"}


@bp.get("/<slug>")
@for_roles(EDITORS)
@scope("publishing")
@bp.doc(security=TOKEN)
@bp.response(200, OfferForm(Vocabularies(())))
@problem(bp, 404, "The institution has no such offer")
def form(institution: str, slug: str) -> Any:
    """Give an offer as it can be sent back: its working copy, or what is live."""
    offer = queries.offer_at(institution_by_slug(institution), slug)
    return jsonify(rules.current_form(offer, queries.copy_of(offer)))


@bp.put("/<slug>")
@for_roles(EDITORS)
@scope("publishing")
@idempotent
@bp.doc(security=TOKEN, requestBody=BODY)
@bp.arguments(DraftQuery, location="query", as_kwargs=True)
@bp.response(200, OfferSchema)
@problem(bp, 404, "The institution has no such offer")
@problem(bp, 422, "Something is missing or wrong")
def change(institution: str, slug: str, draft: bool) -> dict[str, Any]:
    """Say the whole of an offer anew, and publish it unless it is to stay a draft."""
    told = _form()
    with unit_of_work():
        place = institution_by_slug(institution)
        _write(queries.offer_at(place, slug), told, draft)
        return offer_view(queries.offer_at(place, slug))


@bp.post("/<slug>/withdrawal")
@for_roles(EDITORS)
@scope("publishing")
@idempotent
@bp.doc(security=TOKEN)
@bp.response(204)
@problem(bp, 404, "The institution has no such offer")
def withdraw(institution: str, slug: str) -> None:
    """Take an offer out of the catalogue. Twice is once."""
    with unit_of_work():
        offer = queries.offer_at(institution_by_slug(institution), slug)
        editing.withdraw(offer, person=current_person(), now=utcnow())


def _write(offer: Offer, form: Content, draft: bool) -> None:
    person, now = current_person(), utcnow()
    seen = rules.state_seen(offer, queries.copy_of(offer))
    editing.save(offer, form, seen=seen, person=person, now=now)
    if not draft:
        editing.publish(offer, person=person, now=now, source=VersionSource.API)


def _form() -> Content:
    """Read the body: numbers and booleans are taken for what people would have typed."""
    told = request.get_json()
    if not isinstance(told, Mapping):
        raise Invalid
    typed = _typed(told)
    check_size(typed)
    return tidy(typed)


def _typed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _typed(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_typed(part) for part in value]
    if isinstance(value, bool):
        return "yes" if value else ""
    return "" if value is None else str(value)


def _beginning(form: Content, key: str) -> Beginning:
    if form["kind"] not in set(Kind):
        raise Invalid({"kind": _l("Choose one of these.")})
    language = form["language"] or next(iter(form["texts"]), "")
    title = form["texts"].get(language, {}).get("title", "")
    return Beginning(Kind(form["kind"]), title, language, f"api {key}")
