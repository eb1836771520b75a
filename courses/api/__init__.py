"""/api/v1: the catalogue for programs."""

from __future__ import annotations

from flask import Flask

from academy.web.api import build_api
from courses.api.catalogue import bp


def add_api(app: Flask) -> None:
    """Add the API of the domain."""
    build_api(app).register_blueprint(bp)
