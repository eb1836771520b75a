"""Filling an academy: how fast feeds are read, read again, and indexed."""

from __future__ import annotations

from time import perf_counter

import flask_migrate
from flask import Flask

from academy.db import unit_of_work, utcnow
from benchmarks.figures import Figures
from benchmarks.records import MOST, made_records
from courses.harvesting.draft import Feed
from courses.progress import progress
from courses.search import indexing
from courses.search.find import index_folder
from courses.vocabularies.operations import sync
from tests.corpus import SAMPLE, Record, add_institutions, feeds, harvest, sample_records


def measure(app: Flask, figures: Figures, *, number: int | None) -> None:
    """Harvest so many of the sample of real records, or made ones, twice; then build the index."""
    with app.app_context():
        flask_migrate.upgrade()
        with unit_of_work():
            sync()
        records = _records(number)
        told, sources = feeds(records), add_institutions()
        for name, again in (("harvest", ""), ("harvest again", ", again unchanged")):
            seconds = _harvest(sources, told, len(records), f"Reading{again}")
            figures.add(f"Harvest{again}", len(records) / seconds, "records/s")
            figures.compared[name] = seconds
        started = perf_counter()
        with progress("Indexing") as teller:
            offers = indexing.rebuild(index_folder(app), now=utcnow(), progress=teller.tell)
        figures.compared["rebuild"] = perf_counter() - started
        figures.add("Offers in the index", offers, "")
        figures.add("Rebuild of the index", offers / figures.compared["rebuild"], "offers/s")


def _records(number: int | None) -> list[Record]:
    if (SAMPLE / "courses.jsonl").exists():
        return sample_records(SAMPLE, number=number)
    return made_records(number or MOST)


def _harvest(sources: dict[str, int], told: dict[str, Feed], total: int, what: str) -> float:
    started = perf_counter()
    with progress(what, total) as teller:
        done = 0
        for report in harvest(sources, told):
            done += report.read
            teller.tell(done)
    return perf_counter() - started
