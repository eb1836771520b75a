"""Forms of offers, as people fill them."""

from __future__ import annotations

from typing import Any

Form = dict[str, Any]


def filled(**changes: Any) -> Form:
    """Fill a form with all that an offer needs; keywords are fields filled otherwise."""
    usual: Form = {
        "kind": "course",
        "language": "en",
        "texts": {"en": {"title": "Water for all", "summary": "", "description": "About water."}},
        "audience": {"en": "Utilities"},
        "issues": ["water"],
        "methodologies": ["mooc"],
        "audiences": ["staff"],
        "languages": {"taught": ["en"]},
        "address": "https://example.org/water",
        "contact": "water@example.org",
        "cost": "free",
        "runs": [],
    }
    return usual | changes


def run(**changes: Any) -> Form:
    """Fill the row of an edition that is always open."""
    usual: Form = {"zone": "UTC", "starts_at": "", "ends_at": "", "capacity": "", "meetings": []}
    return usual | changes


def meeting(**changes: Any) -> Form:
    """Fill the row of a meeting."""
    usual = {"date": "2026-12-01", "starts": "09:00", "ends": "10:30", "title": {"en": "Begin"}}
    return usual | {"join_link": "https://meet.example.org/x"} | changes
