"""How long meaning takes: `python -m benchmarks.meaning` asks generated offers with made vectors.

The words, the query's vector, the scan of the signs and the ranking by both: what a page waits for.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter

import flask_migrate
import numpy as np
from flask import Flask
from sqlalchemy import insert, select

from academy import create_app
from academy.db import db, unit_of_work, utcnow
from benchmarks.figures import Figures, percentile
from benchmarks.finding import questions
from benchmarks.records import made_records
from courses.catalogue.models import Offer
from courses.progress import progress
from courses.search import indexing
from courses.search.find import find, index_folder
from courses.search.meaning.applying import Meaning
from courses.search.meaning.vectors import OfferMeaning, OfferVector, packed
from courses.search.params import SearchParams
from courses.vocabularies.operations import sync
from tests.corpus import add_institutions, feeds, harvest
from tests.making import settings_for

NUMBERS = (24_000, 100_000)
AIM = 12.0
AT_ONCE = 1_000
SEED = 13


def main(arguments: Sequence[str]) -> int:
    """Measure with so many offers, print; tell the exit code."""
    figures = Figures()
    for number in [int(one) for one in arguments] or NUMBERS:
        with tempfile.TemporaryDirectory(prefix="academy-bench-") as name:
            app = create_app(settings_for(Path(name), development=True, meaning=True))
            if app.extensions["meaning"] is None:
                print("There is no encoder: see deploy/requirements-meaning.lock.")
                return 1
            with app.app_context():
                _fill(app, number)
                _measure(app, number, figures)
                db.engine.dispose()
    figures.show()
    return 0


def _fill(app: Flask, number: int) -> None:
    flask_migrate.upgrade()
    with unit_of_work():
        sync()
    with progress("Filling", number) as teller:
        done = 0
        for report in harvest(add_institutions(), feeds(made_records(number))):
            done += report.read
            teller.tell(done)
    indexing.rebuild(index_folder(app), now=utcnow())
    numbers = list(db.session.scalars(select(Offer.id).order_by(Offer.id)))
    meaning: Meaning = app.extensions["meaning"]
    chance = np.random.default_rng(SEED)
    for start in range(0, len(numbers), AT_ONCE):
        _give_vectors(numbers[start : start + AT_ONCE], meaning, chance)
    meaning.wake()


def _give_vectors(numbers: Sequence[int], meaning: Meaning, chance: np.random.Generator) -> None:
    """Give offers vectors in all directions."""
    made = chance.normal(size=(len(numbers), meaning.encoder.dimension)).astype(np.float32)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    model = meaning.encoder.model
    keys = [{"content_hash": f"{number:064}", "model": model} for number in numbers]
    vectors = [key | {"vector": packed(row)} for key, row in zip(keys, made, strict=True)]
    meanings = [key | {"offer_id": number} for key, number in zip(keys, numbers, strict=True)]
    with unit_of_work():
        db.session.execute(insert(OfferVector), vectors)
        db.session.execute(insert(OfferMeaning), meanings)


def _measure(app: Flask, number: int, figures: Figures) -> None:
    asked = list(questions(find(SearchParams(), now=utcnow()).counts))
    meaning = app.extensions["meaning"]
    for name, here in (("words alone", None), ("words and meaning", meaning)):
        app.extensions["meaning"] = here
        _times(asked)
        if here is not None:
            here.forget_queries()
        times = _times(asked)
        what = f"Search in {number:,}, {name}"
        figures.add_times(what, times, aim=AIM if here is not None else None)
    encoded = [_time(partial(meaning.encoder.encode, ["housing for all"])) for _ in range(100)]
    figures.add("Encoding a query, p95", 1_000 * percentile(encoded, 95), "ms")


def _times(asked: Sequence[SearchParams]) -> list[float]:
    now = utcnow()
    return [_time(partial(find, params, now=now)) for params in asked]


def _time(act: Callable[[], object]) -> float:
    started = perf_counter()
    act()
    return perf_counter() - started


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
