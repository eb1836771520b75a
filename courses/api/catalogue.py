"""/api/v1: reading offers and vocabularies."""

from __future__ import annotations

from typing import Any

import flask_smorest
from flask import redirect, request, url_for
from marshmallow import Schema, fields
from werkzeug.wrappers import Response

from academy.access import public
from academy.db import utcnow
from academy.errors import Invalid, Missing
from academy.i18n import gettext as _
from academy.institutions.queries import is_institution
from courses.api.asking import OfferQuery
from courses.api.problems import problem
from courses.api.views import offer_view, offer_views, term_view
from courses.catalogue import queries as catalogue
from courses.catalogue.rules import OfferGone, is_visible
from courses.duplicates.queries import canonical_of
from courses.schemas import (
    OfferListSchema,
    OfferSchema,
)
from courses.search.find import find
from courses.search.params import PAGE_SIZE, read_params
from courses.vocabularies.kept import kept_vocabularies
from courses.vocabularies.models import Vocabulary
from courses.vocabularies.queries import vocabularies

bp = flask_smorest.Blueprint("api", __name__, url_prefix="/api/v1", description="The catalogue")
SCALARS = ("q", "sort", "page")


class TermSchema(Schema):
    """A term of a vocabulary."""

    code = fields.String(required=True)
    labels = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    alternatives = fields.Dict(
        keys=fields.String(), values=fields.List(fields.String()), required=True
    )
    broader = fields.String(required=True, allow_none=True)
    details = fields.Dict(keys=fields.String(), required=True)


class VocabularySchema(Schema):
    """A vocabulary and its terms, in their order."""

    vocabulary = fields.String(required=True)
    terms = fields.List(fields.Nested(TermSchema), required=True)


@bp.get("/offers")
@public
@bp.arguments(OfferQuery, location="query", as_kwargs=True)
@bp.response(200, OfferListSchema)
@problem(bp, 422, "A code or value nobody knows")
def offers(**_query: Any) -> dict[str, Any]:
    """List offers: the question of the catalogue page, answered in JSON."""
    repeated = [name for name in SCALARS if len(request.args.getlist(name)) > 1]
    read = read_params(request.args, kept_vocabularies(), is_institution=is_institution)
    wrong = {name: _("This can be given once only.") for name in repeated}
    for name, value in read.unknown:
        sentence = _("“%(value)s” is unknown here.", value=value)
        wrong[name] = f"{wrong[name]} {sentence}" if name in wrong else sentence
    if wrong:
        raise Invalid(wrong)
    found = find(read.params, now=utcnow())
    following = read.params.on_page(read.params.page + 1)
    more = found.total > read.params.page * PAGE_SIZE
    return {
        "total": found.total,
        "outcome": found.outcome.value,
        "with_all_words": found.with_all_words,
        "shortened": read.shortened or found.query.shortened,
        "unknown_words": list(found.unknown),
        "corrected": found.corrected or None,
        "near": [offer.slug for offer in catalogue.visible_in_order(found.near)],
        "page": read.params.page,
        "page_size": PAGE_SIZE,
        "away": found.away,
        "facets": {facet: dict(counted) for facet, counted in found.counts.items()},
        "offers": offer_views(catalogue.visible_in_order(found.numbers)),
        "next": f"{url_for('api.offers')}?{following.query_string()}" if more else None,
    }


@bp.get("/offers/<slug>")
@public
@bp.response(200, OfferSchema)
@bp.alt_response(301, description="It is one with the offer at another address")
@problem(bp, 404, "No such offer")
@problem(bp, 410, "The offer is no longer in the catalogue")
def offer(slug: str) -> dict[str, Any] | Response:
    """Give one offer."""
    found = catalogue.offer_shown_once(slug)
    leader = canonical_of(found)
    if leader is not found and is_visible(leader):
        return redirect(url_for("api.offer", slug=leader.slug), 301)
    if not is_visible(found):
        raise OfferGone
    return offer_view(found)


@bp.get("/vocabularies")
@public
@bp.response(200, VocabularySchema(many=True))
def all_vocabularies() -> list[dict[str, Any]]:
    """List the vocabularies with all their terms."""
    found = vocabularies(*Vocabulary)
    return [
        {"vocabulary": one.value, "terms": [term_view(term, found) for term in found.of(one)]}
        for one in Vocabulary
    ]


@bp.get("/vocabularies/<name>")
@public
@bp.response(200, VocabularySchema)
@problem(bp, 404, "No such vocabulary")
def one_vocabulary(name: str) -> dict[str, Any]:
    """Give one vocabulary with its terms."""
    if name not in set(Vocabulary):
        raise Missing
    found = vocabularies(Vocabulary(name))
    terms = [term_view(term, found) for term in found.of(Vocabulary(name))]
    return {"vocabulary": name, "terms": terms}
