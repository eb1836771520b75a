"""Offers as JSON Lines v1, our exchange format: all that an offer says, one offer a line.

The same values always give the same text. What belongs to this academy alone stays here: reviews,
who takes part, how to join a meeting, when something was changed, and under which address.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from academy.i18n import DEFAULT, Texts, text_in
from courses.catalogue.models import Offer
from courses.catalogue.runs import Meeting, MeetingStatus, Run
from courses.catalogue.texts import LanguageRole, OfferText, TextOrigin
from courses.editing.form import LISTS

MEDIA_TYPE = "application/jsonl"
ROLES = list(LanguageRole)
CHOSEN = ("level", "pace", "cost", "certificate")
PLAIN = ("workload", "workload_minutes", "data_mb", "data_mb_light", "contact", "licence")

Json = dict[str, Any]


def line(record: Mapping[str, Any]) -> str:
    """Write a record as one line."""
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n"


def record_of(offer: Offer, *, name: str, page: str) -> Json:
    """Write a whole offer as a record; `page` is where it stands here, and `name` names it."""
    own, *others = sorted(
        (text for text in offer.texts if text.title),
        key=lambda text: (text.language != offer.language, text.language),
    )
    record = {
        "source_id": name,
        "kind": offer.kind.value,
        "language": own.language,
        **_text(own),
        "texts": {text.language: _text(text) for text in others},
        "provider": provider_of(offer),
        "url": offer.address or page,
        "mode": offer.delivery.value if offer.delivery else None,
        **{one: getattr(offer, one).value for one in CHOSEN if getattr(offer, one)},
        **{one: getattr(offer, one) for one in PLAIN},
        "audience": _sorted(offer.audience),
    }
    filled = {key: value for key, value in record.items() if value not in (None, "", {})}
    return filled | {
        "languages": _languages(offer),
        "terms": _terms(offer),
        "runs": _in_order(_run(run) for run in offer.runs),
    }


def provider_of(offer: Offer) -> str:
    """Name who teaches: as the offer says it, else the institution."""
    return offer.provider or text_in(offer.institution.name, DEFAULT).text


def _text(text: OfferText) -> Json:
    origin = None if text.origin is TextOrigin.ORIGINAL else text.origin.value
    told = {
        "title": text.title,
        "summary": text.summary,
        "description": text.description,
        "text_src": origin,
    }
    return {name: value for name, value in told.items() if value}


def _languages(offer: Offer) -> list[Json]:
    """List the languages: what it is taught in first, its own before the others."""
    ordered = sorted(
        offer.languages,
        key=lambda one: (ROLES.index(one.role), one.code != offer.language, one.code),
    )
    return [
        {"code": one.code, "role": one.role.value, "origin": one.origin.value} for one in ordered
    ]


def _terms(offer: Offer) -> dict[str, list[str]]:
    """List our codes by vocabulary."""
    codes = {
        of.value: sorted(term.code for term in offer.terms if term.vocabulary is of)
        for of in LISTS.values()
    }
    return {name: listed for name, listed in codes.items() if listed}


def _run(run: Run) -> Json:
    told = {
        "zone": run.zone,
        "starts": _moment(run.starts_at, run.zone),
        "ends": _moment(run.ends_at, run.zone),
        "enrol_until": _moment(run.enrol_until, run.zone),
        "capacity": run.capacity,
        "meetings": _in_order(_meeting(one, run.zone) for one in run.meetings) or None,
    }
    return {name: value for name, value in told.items() if value is not None}


def _meeting(one: Meeting, zone: str) -> Json:
    told = {
        "starts": _moment(one.starts_at, zone),
        "ends": _moment(one.ends_at, zone),
        "title": _sorted(one.title),
        "recording": one.recording,
        "cancelled": one.status is MeetingStatus.CANCELLED,
    }
    return {name: value for name, value in told.items() if value not in (None, "", {})}


def _moment(at: datetime | None, zone: str) -> str | None:
    """Write a moment as it is in the zone in which somebody chose it, with its offset."""
    if at is None:
        return None
    try:
        return at.astimezone(ZoneInfo(zone)).isoformat()
    except (ZoneInfoNotFoundError, ValueError):
        return at.astimezone(UTC).isoformat()


def _in_order(told: Iterable[Json]) -> list[Json]:
    """Put what is held at hours into its order, whatever database it came from."""
    return sorted(told, key=lambda one: (one.get("starts") or "", line(one)))


def _sorted(texts: Texts | None) -> Texts:
    return {code: (texts or {})[code] for code in sorted(texts or {}) if (texts or {})[code]}
