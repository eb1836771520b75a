"""A catalogue large enough for counts to mean something, made once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from academy import create_app
from academy.db import db, unit_of_work
from academy.institutions.models import Institution
from courses.catalogue.models import Certificate, Cost, Level, Offer
from courses.catalogue.operations import withdraw
from courses.catalogue.runs import Run
from courses.search import indexing
from courses.search.find import index_folder
from tests.corpus import add_institutions, feeds, harvest, sample_records
from tests.making import NOW, make_offer, settings_for
from tests.measuring import unmeasured
from tests.search.indexed import indexed
from tests.search.meant import Tiny, meant
from tests.sharing import made_once

COUNTRIES = ("KE", "SN", "MX", "BR", "TH", "TR", "FR", "FJ")
RECORDS = None if os.environ.get("CI") else 2_000


@pytest.fixture(scope="session")
def large_home(bare_home: Path, sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Real records, harvested and indexed, and then changed here and there; never written to."""
    return made_once(
        tmp_path_factory, "large", lambda home: _make_large_home(home, bare_home, sample)
    )


def _make_large_home(home: Path, bare_home: Path, sample: Path) -> None:
    shutil.copytree(bare_home, home)
    app = create_app(settings_for(home))
    with app.app_context(), unmeasured():
        told = feeds(sample_records(sample, number=RECORDS))
        list(harvest(add_institutions(), told))
        _describe()
        indexing.rebuild(index_folder(app), now=NOW)
        _change_some(index_folder(app))
        db.engine.dispose()


def _describe() -> None:
    """Fill what real records seldom tell: cost, level, data needed, dates, countries."""
    told: list[dict[str, Any]] = [
        *({"cost": cost} for cost in Cost),
        *({"level": level} for level in Level),
        *({"certificate": certificate} for certificate in Certificate),
        *({"data_mb": need} for need in (5, 60, 700)),
        {"data_mb": 700, "data_mb_light": 8},
    ]
    with unit_of_work():
        for turn, values in enumerate(told):
            db.session.execute(update(Offer).where(Offer.id % 13 == turn).values(**values))
        for turn, (start, end) in enumerate(((-9, -8), (-9, 9), (8, 9), (-9, None), (8, None))):
            dates: dict[str, datetime | None] = {"starts_at": NOW + timedelta(days=start)}
            dates["ends_at"] = NOW + timedelta(days=end) if end else None
            db.session.execute(update(Run).where(Run.id % 11 == turn).values(**dates))
        for place in db.session.scalars(select(Institution)):
            place.country = (*COUNTRIES, None)[place.id % (len(COUNTRIES) + 1)]


def _change_some(folder: Path) -> None:
    """Let the index have several segments, and documents that are deleted."""
    for remainder in (3, 7, 11):
        some = Offer.id % 37 == remainder
        with unit_of_work():
            for offer in db.session.scalars(select(Offer).where(some)):
                offer.provider = f"The {remainder} bridges"
            for offer in db.session.scalars(select(Offer).where(some, Offer.id % 2 == 0)):
                withdraw(offer, now=NOW)
        while indexing.drain(folder, now=NOW):
            pass


@pytest.fixture(scope="module")
def large(large_home: Path) -> Iterator[Flask]:
    """The large catalogue, to be read only; no application context is open."""
    app = create_app(settings_for(large_home))
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def offers(app: Flask) -> dict[str, int]:
    """Offers by title, in the index."""
    titles = ("Homes for all", "Vivienda digna", "Quiet verses", "Buses at night")
    found = {title: make_offer(title).id for title in titles}
    indexed(app)
    return found


@pytest.fixture
def tiny(app: Flask, offers: dict[str, int]) -> Tiny:
    """The encoder of these tests, awake, every offer encoded."""
    encoder = Tiny()
    meant(app, encoder)
    return encoder
