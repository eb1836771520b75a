"""Runs of courses as an Open edX platform writes them."""

from __future__ import annotations

from typing import Any

HOST = "https://lms.example"
SITE = f"{HOST}/api/courses/v1/courses/?page_size=100"


def run(tag: str = "2026_T1", course: str = "RiverX+WATER1", **more: Any) -> dict[str, Any]:
    """Make a record as the platform writes it."""
    key = f"course-v1:{course}+{tag}"
    return {
        "blocks_url": f"{HOST}/api/courses/v1/blocks/?course_id={key.replace('+', '%2B')}",
        "effort": "3-5 hours/week",
        "end": "2026-05-01T00:00:00Z",
        "enrollment_start": None,
        "enrollment_end": "2026-04-01T12:00:00Z",
        "id": key,
        "media": {"course_image": {"uri": f"/asset-v1:{course}+{tag}+type@asset/x.jpg"}},
        "name": "Water &amp; waste",
        "number": "WATER1",
        "org": "RiverX",
        "short_description": "From the river to the tap.",
        "start": "2026-03-01T09:00:00Z",
        "start_display": "March 1, 2026",
        "start_type": "timestamp",
        "pacing": "instructor",
        "mobile_available": False,
        "hidden": False,
        "invitation_only": False,
        "course_id": key,
        **more,
    }
