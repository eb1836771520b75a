"""Offers as MOOChub v3: pages of JSON:API that other catalogues of courses read.

Version 3 of its public schema (MOOChub/schema). What the format has no words for - texts in several
languages, hours of meetings, our terms - stands in the `meta` of each course, as JSON Lines has it:
so what one academy tells, another understands whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from courses.catalogue.models import Cost, Delivery, Offer, Pace
from courses.catalogue.texts import LanguageRole
from courses.feeds.jsonl import provider_of, record_of
from courses.feeds.names import uuid_of
from courses.harvesting.adapters.moochub import OWN
from courses.vocabularies.licences import PROPRIETARY, address_of

MEDIA_TYPE = "application/vnd.api+json; moochub-version=3"
PAGE_SIZE = 50
SAID_OTHERWISE = frozenset(("source_id", "title", "description", "url"))
"""Fields of a record that the format has words for: they are not said twice."""

COURSE = {
    "identifier": "https://w3id.org/kim/hcrt/course",
    "type": "Concept",
    "inScheme": "https://w3id.org/kim/hcrt/scheme",
}
MODES = {
    Delivery.ONLINE: ["online"],
    Delivery.HYBRID: ["blended"],
    Delivery.ON_SITE: ["onsite"],
}
NOTHING_TO_PAY = {
    "price": 0,
    "priceCurrency": "EUR",
    "paymentFrequency": "other",
    "category": "course",
}
_SPDX = re.compile(r"[A-Za-z][A-Za-z0-9.+]*(?:-[A-Za-z0-9.+]+)*-\d[\w.+-]*")

Json = dict[str, Any]


def document(courses: Sequence[Json], links: Mapping[str, str]) -> Json:
    """Make a page of courses; `links` lead to this one, the first, the last and those beside it."""
    return {"links": dict(links), "data": list(courses)}


def links_of(page: int, total: int, address: str) -> dict[str, str]:
    """Give the links of a page; `address` is that of the first one, without a number."""
    last = max(1, -(-total // PAGE_SIZE))
    numbers = {"self": page, "first": 1, "last": last}
    if page < last:
        numbers["next"] = page + 1
    if page > 1:
        numbers["prev"] = min(page - 1, last)
    return {name: f"{address}?page={number}" for name, number in numbers.items()}


def course(offer: Offer, *, name: str, page: str) -> Json:
    """Write a whole offer as a course; `page` is where it stands here, and `name` names it."""
    record = record_of(offer, name=name, page=page)
    own = {key: value for key, value in record.items() if key not in SAID_OTHERWISE}
    return {
        "type": "Course",
        "id": uuid_of(name),
        "attributes": _filled(_attributes(offer, record)),
        "meta": {OWN: own},
    }


def _attributes(offer: Offer, record: Json) -> Json:
    organisation = {"type": "Organization", "name": provider_of(offer)}
    minutes = offer.workload_minutes
    return {
        "name": record["title"],
        "learningResourceType": COURSE,
        "description": record.get("description"),
        "inLanguage": _taught_in(record),
        "courseMode": _modes(offer),
        **_dates(offer),
        "url": record["url"],
        "license": [_licence(offer.licence)],
        "publisher": organisation,
        "creator": [organisation],
        "keywords": _keywords(offer),
        "access": [offer.cost.value] if offer.cost else None,
        "offer": [NOTHING_TO_PAY] if offer.cost is Cost.FREE else None,
        "duration": f"PT{minutes}M" if minutes else None,
    }


def _taught_in(record: Json) -> list[str]:
    taught = LanguageRole.TAUGHT.value
    return [one["code"] for one in record["languages"] if one["role"] == taught]


def _modes(offer: Offer) -> list[str]:
    where = MODES.get(offer.delivery, []) if offer.delivery else []
    return [*where, *(["asynchronous"] if offer.pace is Pace.SELF else [])]


def _dates(offer: Offer) -> Json:
    """Give starts, and ends beside them: the format pairs them, and allows no date twice."""
    dated = sorted(
        {(run.starts_at, run.ends_at) for run in offer.runs if run.starts_at},
        key=lambda one: (one[0], one[1] or one[0]),
    )
    starts = [_moment(start) for start, _end in dated]
    ends = [_moment(end) for _start, end in dated if end]
    paired = len(set(starts)) == len(set(ends)) == len(dated)
    return {"startDate": list(dict.fromkeys(starts)), "endDate": ends if paired else None}


def _moment(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else ""


def _licence(name: str) -> Json:
    """Name a licence as SPDX does; the format has but one word for all others."""
    address = address_of(name)
    if address and address != name:
        return {"identifier": name, "url": address}
    if _SPDX.fullmatch(name):
        return {"identifier": name, "url": f"https://spdx.org/licenses/{name}.html"}
    return {"identifier": PROPRIETARY, "url": None}


def _keywords(offer: Offer) -> list[str]:
    labels = (term.labels.get("en") or term.code for term in offer.terms)
    return sorted(set(labels))


def _filled(attributes: Json) -> Json:
    """Leave out what is not known; what the format demands is always there."""
    return {name: value for name, value in attributes.items() if value not in (None, "", [])}
