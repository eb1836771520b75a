"""Freshness: how long after its commit a change is found through two web processes.

`python -m benchmarks.freshness HOME` measures it on a copy of a home that is filled and indexed.
"""

from __future__ import annotations

import http.client
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from time import perf_counter, sleep

from flask import Flask
from sqlalchemy import select

from academy import create_app
from academy.db import db, unit_of_work, utcnow
from benchmarks.figures import Figures
from courses.catalogue.models import Offer
from courses.catalogue.queries import visible
from courses.progress import progress
from courses.search.plain.facets import lasting
from tests.making import settings_for
from tests.serving import Site, running, serving

CHANGES, BEFORE = 100, 5
"""How many changes are timed, and how many are made before, until everything is warm."""

AIM = 250
"""Milliseconds after which a change is found everywhere, at p95."""

BETWEEN_LOOKS = 0.03
PATIENCE = 60.0
"""Seconds after which a change counts as lost."""


def measure(app: Flask, site: Site, figures: Figures) -> None:
    """Name a provider nobody has, again and again, and ask two web servers until both find it."""
    found, everywhere = [], []
    with running(app.config["SETTINGS"], "academy.server") as (port, *_), app.app_context():
        hosts = (site.host, f"127.0.0.1:{port}")
        asked = [http.client.HTTPConnection(host, timeout=PATIENCE) for host in hosts]
        # What is over is not found unasked, however fresh the index is.
        shown = select(Offer.id).where(visible(), lasting(utcnow()))
        offers = db.session.scalars(shown.limit(BEFORE + CHANGES)).all()
        with ThreadPoolExecutor(2) as pool, progress("Changes until found", CHANGES) as teller:
            for done, offer in enumerate(offers):
                word = f"freshness{done:04}"
                with unit_of_work():
                    db.session.get_one(Offer, offer).provider = word
                look = partial(_found_after, word=word, since=perf_counter())
                times = list(pool.map(look, asked))
                if done >= BEFORE:
                    found.append(times[0])
                    everywhere.append(max(times))
                    teller.tell(len(found))
        for connection in asked:
            connection.close()
    figures.compared["found"] = figures.add_times("Change until found", found, aim=AIM)
    figures.add_times("Change until found in two processes", everywhere, aim=AIM)


def _found_after(connection: http.client.HTTPConnection, *, word: str, since: float) -> float:
    """Tell how many seconds after a moment a word is found."""
    while not _is_found(connection, word):
        assert perf_counter() - since < PATIENCE, "the change was not found"
        sleep(BETWEEN_LOOKS)
    return perf_counter() - since


def _is_found(connection: http.client.HTTPConnection, word: str) -> bool:
    # In quotes, so that words that begin alike do not count.
    connection.request("GET", f"/api/v1/offers?q=%22{word}%22")
    found: int = json.load(connection.getresponse())["total"]
    return found == 1


def main(arguments: Sequence[str]) -> int:
    """Measure on a copy of a home; tell the exit code."""
    figures = Figures()
    with tempfile.TemporaryDirectory(prefix="academy-bench-") as name:
        home = Path(name) / "home"
        shutil.copytree(arguments[0], home)
        settings = settings_for(home, development=True)
        app = create_app(settings)
        with serving(settings) as site:
            measure(app, site, figures)
    figures.show()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
