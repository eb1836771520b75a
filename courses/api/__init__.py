"""/api/v1: the catalogue for programs, and what a token lets them do."""

from __future__ import annotations

from flask import Flask

from academy.security import csrf, token_limit
from academy.web.api import build_api
from courses.api import (
    bridges,
    catalogue,
    exporting,
    harvests,
    messages,
    publishing,
    records,
    sources,
    taking_part,
)

VIEWS = (exporting,)
"""Importing it puts its view on the blueprint of the catalogue."""


def add_api(app: Flask) -> None:
    """Add the API of the domain."""
    api = build_api(app)
    api.register_blueprint(catalogue.bp)
    app.register_blueprint(bridges.bp)
    for bp in (taking_part.bp, publishing.bp, sources.bp, harvests.bp, records.bp):
        # It looks at tokens in a header alone, which no other site can make a browser send.
        csrf.exempt(bp)
        token_limit(bp)
        api.register_blueprint(bp)
    # It looks at signatures alone, and counts what comes by who signed it.
    csrf.exempt(messages.bp)
    api.register_blueprint(messages.bp)
