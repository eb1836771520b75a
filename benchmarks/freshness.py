"""Freshness: how long after its commit a change is found through another process."""

from __future__ import annotations

import http.client
import json
from time import perf_counter

from flask import Flask
from sqlalchemy import select

from academy.db import db, unit_of_work
from benchmarks.figures import Figures
from courses.catalogue.models import Offer
from courses.catalogue.queries import visible
from courses.progress import progress
from tests.serving import Site

CHANGES = 40
PATIENCE = 60.0
"""Seconds after which a change counts as lost."""


def measure(app: Flask, site: Site, figures: Figures) -> None:
    """Name a provider nobody has, again and again, and ask the web server until it is found."""
    connection = http.client.HTTPConnection(site.host, timeout=PATIENCE)
    times = []
    with app.app_context(), progress("Changes until found", CHANGES) as teller:
        offers = db.session.scalars(select(Offer.id).where(visible()).limit(CHANGES)).all()
        for done, offer in enumerate(offers, 1):
            word = f"freshness{done:04}"
            with unit_of_work():
                db.session.get_one(Offer, offer).provider = word
            started = perf_counter()
            while not _is_found(connection, word):
                assert perf_counter() - started < PATIENCE, "the change was not found"
            times.append(perf_counter() - started)
            teller.tell(done)
    connection.close()
    figures.compared["found"] = figures.add_times("Change until found", times, aim=500)


def _is_found(connection: http.client.HTTPConnection, word: str) -> bool:
    connection.request("GET", f"/api/v1/offers?q={word}")
    found: int = json.load(connection.getresponse())["total"]
    return found == 1
