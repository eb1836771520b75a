"""The demonstration network, walked through once by a visitor and once by a learner."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from academy.db import db
from courses.catalogue.models import Offer
from courses.catalogue.runs import Run
from tests.browsing import Browser
from tests.conftest import academy_of
from tests.web.crawling import crawl, learner, plain_routes


@dataclass(frozen=True)
class Walk:
    """What one person met, by following ways and all in all; what the academy held around it."""

    app: Flask
    browser: Browser
    followed: dict[str, TestResponse]
    met: dict[str, TestResponse]
    before: dict[str, str]
    after: dict[str, str]


@pytest.fixture(scope="session")
def walked(demonstration_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The academy that is walked through; no application context is open."""
    copy = tmp_path_factory.mktemp("walked") / "home"
    with academy_of(demonstration_home, copy, development=True) as app:
        yield app


@pytest.fixture(scope="session")
def as_visitor(walked: Flask) -> Walk:
    """A visitor follows every way."""
    return _walk(walked, Browser(walked))


@pytest.fixture(scope="session")
def as_learner(walked: Flask) -> Walk:
    """Somebody who is signed in and takes part follows every way."""
    browser = learner(walked)
    with walked.app_context():
        run = select(Run.reference, Offer.slug).join(Offer).where(Run.starts_at.is_(None))
        reference, slug = db.session.execute(run.order_by(Run.id)).first() or ("", "")
    offer, leaving = f"/en/learn/{slug}", f"/en/runs/{reference}/leave"
    assert browser.send(leaving, {}, page=offer).status_code == 303
    return _walk(walked, browser)


def _walk(app: Flask, browser: Browser) -> Walk:
    before = _held(app)
    followed = dict(crawl(app, browser))
    asked = {address: browser.get(address) for address in plain_routes(app)}
    return Walk(app, browser, followed, asked | followed, before, _held(app))


def _held(app: Flask) -> dict[str, str]:
    """Give a digest of every row of every table, and of every file but the database's own."""
    home: Path = app.config["SETTINGS"].home
    held = {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in home.rglob("*")
        if path.is_file() and not path.name.startswith("academy.sqlite")
    }
    with app.app_context():
        for table in db.metadata.sorted_tables:
            rows = db.session.execute(select(table).order_by(*table.primary_key)).all()
            held[f"table {table.name}"] = hashlib.sha256(repr(rows).encode()).hexdigest()
    return held
