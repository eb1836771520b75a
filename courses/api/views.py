"""Offers and terms as the API gives them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import url_for

from academy.i18n import DEFAULT
from academy.web.pages import absolute
from courses.catalogue.models import Offer
from courses.catalogue.runs import Run
from courses.duplicates.queries import partners_of_many, slugs_of
from courses.editing.form import LISTS
from courses.search.guiding.topics import topics_of
from courses.vocabularies.models import Term, Vocabulary
from courses.vocabularies.queries import Vocabularies


def offer_views(offers: Sequence[Offer]) -> list[dict[str, Any]]:
    """Give whole offers in their order, with one question for what their words suggest."""
    numbers = [offer.id for offer in offers]
    suggested, partners = topics_of(numbers), partners_of_many(numbers)
    leaders = slugs_of(offer.canonical_id for offer in offers if offer.canonical_id)
    return [
        {
            **_view(offer),
            "suggested_issues": [term.code for term in suggested[offer.id]],
            "canonical": leaders.get(offer.canonical_id or 0),
            "offered_by": [_partner_view(one) for one in partners.get(offer.id, [offer])],
        }
        for offer in offers
    ]


def offer_view(offer: Offer) -> dict[str, Any]:
    """Give a whole offer."""
    return offer_views([offer])[0]


def _view(offer: Offer) -> dict[str, Any]:
    plain = ("slug", "provider", "language", "contact", "audience", "review_count")
    measured = ("workload_minutes", "data_mb", "data_mb_light")
    named = ("kind", "delivery", "pace", "level", "cost", "certificate")
    return {
        **{name: getattr(offer, name) for name in (*plain, *measured, "colleague_share", "sample")},
        **{name: getattr(offer, name) for name in named},
        "url": absolute(url_for("courses.offer", lang=DEFAULT, slug=offer.slug)),
        "institution": offer.institution.slug,
        "texts": {
            text.language: {
                "title": text.title,
                "summary": text.summary,
                "description": text.description,
            }
            for text in offer.texts
        },
        "languages": [
            {"code": one.code, "role": one.role.value, "origin": one.origin.value}
            for one in offer.languages
        ],
        **{name: _codes(offer, vocabulary) for name, vocabulary in LISTS.items()},
        "address": offer.address or None,
        "licence": offer.licence or None,
        "runs": [_run_view(run) for run in offer.runs],
        "changed": offer.changed_at,
    }


def _partner_view(offer: Offer) -> dict[str, Any]:
    return {
        "slug": offer.slug,
        "institution": offer.institution.slug,
        "provider": offer.provider,
        "address": offer.address or None,
        "runs": [_run_view(run) for run in offer.runs],
    }


def _codes(offer: Offer, vocabulary: Vocabulary) -> list[str]:
    return [term.code for term in offer.terms if term.vocabulary is vocabulary]


def term_view(term: Term, vocabulary: Vocabularies) -> dict[str, Any]:
    """Give a term."""
    above = vocabulary.broader(term)
    return {
        "code": term.code,
        "labels": term.labels,
        "alternatives": term.alternatives,
        "broader": above.code if above else None,
        "details": term.details,
    }


def _run_view(run: Run) -> dict[str, Any]:
    """Give a run; the join links of its meetings are for those who take part."""
    return {
        "reference": run.reference,
        "starts": run.starts_at,
        "ends": run.ends_at,
        "enrol_until": run.enrol_until,
        "zone": run.zone,
        "capacity": run.capacity,
        "places_left": None if run.capacity is None else run.capacity - run.taken,
        "meetings": [
            {
                "starts": meeting.starts_at,
                "ends": meeting.ends_at,
                "zone": meeting.zone,
                "status": meeting.status.value,
            }
            for meeting in run.meetings
        ],
    }
