"""Courses as platforms that speak MOOChub write them, in version 3 and 2."""

from __future__ import annotations

import json
from typing import Any

from courses.harvesting.adapters import moochub
from courses.harvesting.draft import Draft, Feed, Finding

SITE = "https://mooc.example/bridges/moochub/courses"
UUID = "8978f51e-770c-4d0a-a2e3-23fae8f6aa79"
SUBJECT = {
    "educationalFramework": "ISCED-F",
    "name": [
        {"inLanguage": "de", "name": "Umweltschutz"},
        {"inLanguage": "en", "name": "Environmental protection"},
    ],
}
V3: dict[str, Any] = {
    "name": "Water in the city",
    "learningResourceType": {"identifier": "https://w3id.org/kim/hcrt/course"},
    "courseMode": ["online", "asynchronous"],
    "description": "<p>From the river to the tap.</p>",
    "inLanguage": ["de", "en"],
    "startDate": ["2026-03-01T08:00:00Z", "2026-09-01T08:00:00Z"],
    "endDate": ["2026-04-01T08:00:00Z", "2026-10-01T08:00:00Z"],
    "applicationDeadline": "2026-02-20T00:00:00Z",
    "publisher": {"type": "Organization", "name": "River School"},
    "creator": [{"type": "Person", "name": "Nobody"}],
    "url": "https://mooc.example/courses/water",
    "workload": {"timeValue": 5, "timeUnit": "h/week"},
    "duration": "P4W",
    "license": [{"identifier": "CC-BY-4.0", "url": "https://spdx.org/licenses/CC-BY-4.0.html"}],
    "access": ["free", "paid"],
    "audience": ["http://purl.org/dcx/lrmi-vocabs/educationalAudienceRole/generalPublic"],
    "educationalAlignment": [SUBJECT],
    "educationalLevel": [{"name": [{"inLanguage": "en", "name": "INTERMEDIATE"}]}],
    "teaches": [{"name": [{"inLanguage": "de", "name": "Planen"}]}],
    "keywords": ["water", "sanitation"],
    "offer": [{"price": 0, "category": "course"}, {"price": 49.5, "category": "certificate"}],
}
V2: dict[str, Any] = {
    "name": "Hitze in der Stadt",
    "courseMode": "MOOC",
    "abstract": "Was tun bei Hitze?",
    "description": "Sehr viel.",
    "languages": ["de"],
    "startDate": "2026-03-01T08:00:00Z",
    "endDate": "2026-04-01T08:00:00Z",
    "moocProvider": {"name": "River School", "url": "https://mooc.example/"},
    "access": ["free"],
    "url": "https://mooc.example/courses/heat",
    "workload": 5,
    "courseLicenses": [{"id": "CC-BY-4.0", "url": None}],
}


def answer(*courses: Any, **links: Any) -> bytes:
    data = [
        {"id": f"{UUID[:-1]}{number}", "type": "Course", "attributes": one}
        if isinstance(one, dict) and "attributes" not in one
        else one
        for number, one in enumerate(courses)
    ]
    return json.dumps({"links": {"self": SITE, **links}, "data": data}).encode()


def read(content: bytes, **feed: Any) -> list[Draft | Finding]:
    return list(moochub.read(Feed(content, **feed)))
