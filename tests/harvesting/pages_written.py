"""Pages, their data and sitemaps as sites write them, and how they are read in the tests."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from courses.harvesting.adapters import schemaorg
from courses.harvesting.draft import Draft, Feed, NotAFeed
from courses.harvesting.sentences import FINDINGS, REASONS

SITE = "https://school.example"
SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
COURSE: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "Course",
    "@id": f"{SITE}/water",
    "name": "Water in the city",
    "description": "<p>From the river to the tap.</p>",
    "abstract": "Rivers and taps",
    "url": f"{SITE}/water",
    "inLanguage": "fr",
    "provider": {"@type": "Organization", "name": "River School"},
    "keywords": "water, heat &amp; cold; waste",
    "about": [{"@type": "Thing", "name": "Housing"}, "Transport"],
    "educationalLevel": "Beginner",
    "isAccessibleForFree": True,
    "timeRequired": "PT1H30M",
    "audience": {"@type": "EducationalAudience", "educationalRole": "planners"},
    "hasCourseInstance": [
        {
            "@type": "CourseInstance",
            "startDate": "2026-03-01",
            "endDate": "2026-04-01",
            "courseMode": ["online", "asynchronous"],
            "maximumAttendeeCapacity": "25",
        },
        {"@type": "CourseInstance", "startDate": "2026-09-01T10:00:00+02:00"},
    ],
}
EVENT: dict[str, Any] = {
    "@context": "http://schema.org/",
    "@type": "schema:EducationEvent",
    "schema:name": "Heat in summer",
    "schema:startDate": "2026-06-01T15:00:00+03:00",
    "schema:endDate": "2026-06-01T16:30:00+03:00",
    "schema:location": {"@type": "VirtualLocation", "url": "https://rooms.example/heat"},
}


def page(*blocks: Any, head: str = "", lang: str = "en") -> bytes:
    written = (one if isinstance(one, str) else json.dumps(one) for one in blocks)
    scripts = "\n".join(f'<script type="application/ld+json">{one}</script>' for one in written)
    return f'<!DOCTYPE html>\n<html lang="{lang}"><head>{head}</head>\n{scripts}</html>'.encode()


def sitemap(*pages: str, of: str = "url", root: str = "urlset") -> bytes:
    listed = "".join(f"<{of}><loc>{one}</loc></{of}>" for one in pages)
    return f'<?xml version="1.0"?>\n<{root} xmlns="{SPACE}">{listed}</{root}>'.encode()


def read(content: bytes, **feed: Any) -> list[Any]:
    return list(schemaorg.read(Feed(content, **feed)))


def only(thing: dict[str, Any], *, head: str = "", lang: str = "en", **feed: Any) -> Draft:
    [draft] = read(page(thing, head=head, lang=lang), **feed)
    assert isinstance(draft, Draft)
    return draft


def refused(content: bytes) -> str:
    with pytest.raises(NotAFeed) as why:
        read(content)
    assert str(REASONS[why.value.code] % why.value.details)
    return why.value.code


def codes(draft: Draft) -> list[str]:
    found = [f"{finding.field}:{finding.code}" for finding in draft.findings]
    assert {finding.code for finding in draft.findings} <= FINDINGS.keys()
    return found


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]
