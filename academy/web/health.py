"""Whether the academy lives and is ready: for machines that watch over it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, Response, jsonify, request
from sqlalchemy.exc import SQLAlchemyError

from academy.access import person_or_none, public
from academy.db import utcnow
from academy.health import Finding, findings, is_ready, usual_looks

bp = Blueprint("health", __name__)
NEAR = frozenset({"127.0.0.1", "::1"})


@bp.get("/healthz")
@public
def healthz() -> Response:
    """Say that the process lives; asks nothing of anybody."""
    return _answer({"status": "alive"}, 200)


@bp.get("/readyz")
@public
def readyz() -> Response:
    """Say whether everything that is needed is well; the details are for those who operate it."""
    found = findings(utcnow())
    ready = is_ready(found)
    told: dict[str, Any] = {"status": "ready" if ready else "not ready"}
    if _may_see_details():
        told["checks"] = described(found)
    return _answer(told, 200 if ready else 503)


def answer_health(app: Flask) -> None:
    """Answer those who watch; features add their looks to app.extensions["health"]."""
    app.extensions["health"] = usual_looks()
    app.register_blueprint(bp)


def described(found: list[Finding]) -> dict[str, dict[str, Any]]:
    """Write the findings as JSON can."""
    return {one.name: {"well": one.well, "needed": one.needed, **one.details} for one in found}


def _may_see_details() -> bool:
    if request.remote_addr in NEAR:
        return True
    try:
        person = person_or_none()
    except SQLAlchemyError:
        return False
    return person is not None and person.is_steward


def _answer(told: dict[str, Any], status: int) -> Response:
    response = jsonify(told)
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response
