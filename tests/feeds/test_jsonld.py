"""Search engines read offers as schema.org describes them."""

from __future__ import annotations

import json
import re
from typing import Any

from flask import Flask


def described(app: Flask, slug: str) -> dict[str, Any]:
    page = app.test_client().get(f"/en/learn/{slug}").get_data(as_text=True)
    [found] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    read: dict[str, Any] = json.loads(found)
    return read


def test_a_course_names_its_teacher_and_its_instances(demonstration: Flask) -> None:
    course = described(demonstration, "financing-the-green-city")

    assert course["@type"] == "Course"
    assert course["provider"]["@type"] == "Organization"
    assert course["isAccessibleForFree"] is True
    assert {one["@type"] for one in course["hasCourseInstance"]} == {"CourseInstance"}


def test_a_webinar_is_an_event_online_on_our_own_page(demonstration: Flask) -> None:
    webinar = described(demonstration, "water-in-intermediary-cities")

    assert webinar["@type"] == "EducationEvent"
    assert webinar["location"] == {"@type": "VirtualLocation", "url": webinar["url"]}
    assert webinar["startDate"].endswith("+00:00")
    assert webinar["eventStatus"] == "https://schema.org/EventScheduled"
