"""How the API describes what it refuses."""

from __future__ import annotations

from typing import Any

from academy.web.api import PROBLEM, ProblemSchema


def problem(bp: Any, status: int, why: str) -> Any:
    """Describe a problem that an address of the blueprint answers with."""
    return bp.alt_response(status, schema=ProblemSchema, content_type=PROBLEM, description=why)
