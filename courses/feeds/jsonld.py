"""Offers as schema.org JSON-LD: a Course with its instances, or an EducationEvent.

https://schema.org/Course and https://schema.org/EducationEvent. The organiser is the institution
that teaches, never the academy; the join link of a meeting is never given away.
"""

from __future__ import annotations

from typing import Any

from academy.i18n import text_in
from courses.catalogue.models import Cost, Delivery, Kind, Offer
from courses.catalogue.runs import MeetingStatus, Run
from courses.catalogue.texts import LanguageRole
from courses.vocabularies.licences import address_of
from courses.vocabularies.models import Vocabulary

SCHEMA = "https://schema.org"
ATTENDANCE = {
    Delivery.HYBRID: f"{SCHEMA}/MixedEventAttendanceMode",
    Delivery.ON_SITE: f"{SCHEMA}/OfflineEventAttendanceMode",
}
COURSE_MODES = {Delivery.HYBRID: "Blended", Delivery.ON_SITE: "Onsite"}


def offer_jsonld(offer: Offer, *, url: str, reader: str) -> dict[str, Any]:
    """Describe a whole offer for search engines, in the reader's language where it can be."""
    if offer.kind is Kind.WEBINAR and any(run.starts_at for run in offer.runs):
        return _filled(_shared(offer, url, reader) | _event(offer, url, reader))
    return _filled(_shared(offer, url, reader) | _course(offer, reader))


def _shared(offer: Offer, url: str, reader: str) -> dict[str, Any]:
    summaries = {text.language: text.summary for text in offer.texts if text.summary}
    return {
        "@context": SCHEMA,
        "@id": url,
        "url": url,
        "name": text_in(offer.titles, reader).text,
        "description": text_in(summaries, reader).text,
        "inLanguage": sorted(
            {one.code for one in offer.languages if one.role is LanguageRole.TAUGHT}
        ),
        "about": _labels(offer, Vocabulary.ISSUE, reader),
        "audience": [
            {"@type": "Audience", "audienceType": label}
            for label in _labels(offer, Vocabulary.AUDIENCE, reader)
        ],
        "license": address_of(offer.licence) or offer.licence or None,
        "isAccessibleForFree": None if offer.cost is None else offer.cost is Cost.FREE,
    }


def _labels(offer: Offer, vocabulary: Vocabulary, reader: str) -> list[str]:
    return [
        text_in(term.labels, reader).text for term in offer.terms if term.vocabulary is vocabulary
    ]


def _organisation(offer: Offer, reader: str) -> dict[str, Any]:
    name = offer.provider or text_in(offer.institution.name, reader).text
    return _filled(
        {"@type": "Organization", "name": name, "sameAs": offer.institution.homepage or None}
    )


def _course(offer: Offer, reader: str) -> dict[str, Any]:
    return {
        "@type": "Course",
        "provider": _organisation(offer, reader),
        "educationalLevel": offer.level.value if offer.level else None,
        "timeRequired": f"PT{offer.workload_minutes}M" if offer.workload_minutes else None,
        "hasCourseInstance": [_instance(run, offer) for run in offer.runs],
    }


def _instance(run: Run, offer: Offer) -> dict[str, Any]:
    workload = f"PT{offer.workload_minutes}M" if offer.workload_minutes else None
    mode = COURSE_MODES.get(offer.delivery, "Online") if offer.delivery else "Online"
    return _filled(
        {
            "@type": "CourseInstance",
            "courseMode": mode,
            "courseWorkload": workload,
            "startDate": run.starts_at.isoformat() if run.starts_at else None,
            "endDate": run.ends_at.isoformat() if run.ends_at else None,
        }
    )


def _event(offer: Offer, url: str, reader: str) -> dict[str, Any]:
    dated = [run for run in offer.runs if run.starts_at]
    run = max(dated, key=lambda one: (one.starts_at is not None, one.starts_at))
    cancelled = bool(run.meetings) and all(
        meeting.status is MeetingStatus.CANCELLED for meeting in run.meetings
    )
    online = f"{SCHEMA}/OnlineEventAttendanceMode"
    return {
        "@type": "EducationEvent",
        "organizer": _organisation(offer, reader),
        "startDate": run.starts_at.isoformat() if run.starts_at else None,
        "endDate": run.ends_at.isoformat() if run.ends_at else None,
        "eventStatus": f"{SCHEMA}/{'EventCancelled' if cancelled else 'EventScheduled'}",
        "eventAttendanceMode": ATTENDANCE.get(offer.delivery, online) if offer.delivery else online,
        "location": {"@type": "VirtualLocation", "url": url},
    }


def _filled(described: dict[str, Any]) -> dict[str, Any]:
    """Leave out what is not known; false is known."""
    return {name: value for name, value in described.items() if value not in (None, "", [])}
