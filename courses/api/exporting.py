"""/api/v1/offers.jsonl: the catalogue as a file that another academy reads whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response, request, stream_with_context, url_for

from academy.access import public
from academy.db import utcnow
from academy.errors import Invalid
from academy.i18n import DEFAULT
from academy.i18n import gettext as _
from academy.institutions.queries import is_institution
from academy.security import whole_limit
from academy.web.pages import absolute
from courses.api.asking import OfferQuery
from courses.api.catalogue import bp
from courses.api.problems import problem
from courses.catalogue.models import Offer
from courses.feeds import jsonl
from courses.feeds.names import name_of
from courses.feeds.outgoing import Conditions, Mark, Outgoing, mark, outgoing
from courses.search.params import read_params
from courses.search.plain.facets import condition
from courses.vocabularies.kept import kept_vocabularies

OF_PAGES = ("q", "sort", "page")
"""What only a list that people read can be asked."""


@bp.get("/offers.jsonl")
@public
@whole_limit
@bp.arguments(OfferQuery(exclude=OF_PAGES), location="query", as_kwargs=True)
@bp.response(
    200,
    {"type": "string"},
    content_type=jsonl.MEDIA_TYPE,
    description="One offer a line, as JSON.",
)
@problem(bp, 422, "A code or value nobody knows")
def offers_as_lines(**_query: Any) -> Response:
    """Give all listed offers as JSON Lines, or those of some facets; what is over, too."""
    conditions = _conditions()
    lines = stream_with_context(_lines(conditions))
    # With its name alone: the media type knows no other encoding than UTF-8.
    response = Response(lines, content_type=jsonl.MEDIA_TYPE)
    return marked(response, mark("jsonl", request.query_string.decode("latin-1")))


def _lines(conditions: Conditions) -> Iterator[str]:
    for one in outgoing(conditions):
        page = page_of(one.offer)
        yield jsonl.line(jsonl.record_of(one.offer, name=named(one), page=page))


def _conditions() -> Conditions:
    read = read_params(request.args, kept_vocabularies(), is_institution=is_institution)
    wrong = {
        name: _("“%(value)s” is unknown here.", value=value) for name, value in read.unknown
    } | {
        name: _("The whole list has no order of its own, and no pages.")
        for name in OF_PAGES
        if name in request.args
    }
    if wrong:
        raise Invalid(wrong)
    now = utcnow()
    return [condition(facet, values, now) for facet, values in read.params.chosen.items()]


def named(one: Outgoing) -> str:
    """Name an offer that leaves."""
    return name_of(one.theirs, page_of(one.offer))


def page_of(offer: Offer) -> str:
    """Give the public address of an offer's page."""
    return absolute(url_for("courses.offer", lang=DEFAULT, slug=offer.slug))


def marked(response: Response, state: Mark) -> Response:
    """Say what state of the catalogue an answer is of; who has it already is not sent it again."""
    response.set_etag(state.etag, weak=True)
    response.last_modified = state.changed_at
    response.make_conditional(request)
    return response
